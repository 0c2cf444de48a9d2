"""What publication asks of a resource, alone and together with all others that are in force."""

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from engine import contents, decisions, forms, letters, people, pins, services, surroundings
from engine.decisions import Model, library
from engine.domain.errors import Invalid, Problem
from engine.domain.wording import Phrase
from engine.workflow import Complaint, Diagram, Known, check, clocks_started, read_all, read_names

Texts = Mapping[tuple[str, str], bytes]  # what is in force, or is to be: content by kind and key
ERROR: Final = "error"
SEVERITIES: Final = (ERROR, "warning", "note")  # the worst first
_WEIGHS: Final = "risks.assess"  # the service that asks the programme's table of bands
_TOO_EARLY: Final = "The programme's criteria can be asked in a task of the case, not before it has begun."
_TITLE: Final = re.compile(r"^// (?:título|title): (?P<es>.+) \| (?P<en>.+)$", re.MULTILINE)


def complaints(texts: Texts, kind: str, key: str) -> Sequence[Complaint]:
    """What is wrong with one resource (errors) or could be better (warnings), each at its place."""
    found = _judged(texts, kind, key)
    return found if any(one.severity == ERROR for one in found) else [*found, *_readers(texts, kind, key)]


def _judged(texts: Texts, kind: str, key: str) -> Sequence[Complaint]:
    """What the resource itself can be blamed for."""
    try:
        return _CHECKS[kind](texts, key)
    except Invalid as refused:
        problems = refused.problems or (Problem("", refused.message, refused.params),)
        return [Complaint(p.where, p.message, p.params, ERROR) for p in problems]


def require(texts: Texts, names: Collection[tuple[str, str]]) -> None:
    """Raises Invalid with every error of the resources named."""
    wrong: list[Problem] = []
    for kind, key in names:
        errors = (c for c in _judged(texts, kind, key) if c.severity == ERROR)
        wrong += [Problem(f"{key}/{c.where}" if len(names) > 1 else c.where, c.message, c.params) for c in errors]
    if wrong:
        raise Invalid("This cannot go to work as it is.", wrong)


def diagrams(texts: Texts) -> dict[str, Diagram]:
    """Every process that can be read, by its id; what cannot is complained about where it is edited."""
    return {process: _diagram(texts["process", key], process) for process, key in files(texts).items()}


def files(texts: Texts) -> dict[str, str]:
    """In the file of which resource each process stands: the keys by process id; a file may hold several."""
    found: dict[str, str] = {}
    for (kind, key), content in texts.items():
        for process in _ids(content) if kind == "process" else ():
            if process == key or process not in found:
                found[process] = key
    return found


def closure(process: str, known: Mapping[str, Diagram]) -> tuple[str, ...]:
    """The process and all that it calls, directly or through others."""
    reached, todo = {process: None}, [process]
    while todo:
        for called in sorted(known[todo.pop()].called):
            if called in known and called not in reached:
                reached[called] = None
                todo.append(called)
    return tuple(reached)


def used(process: str, known: Mapping[str, Diagram], texts: Texts) -> dict[tuple[str, str], tuple[str, str]]:
    """What a release of the process pins, by kind and the name it is asked by, and the resource (kind, key) it stands in.

    These are the diagrams, forms and decisions on its way, with the files that the decisions import, by their namespaces;
    letters and the like are everybody's.
    """
    ways, homes, answers = closure(process, known), files(texts), decision_files(texts)
    asked = {name for one in ways for name in known[one].decisions if name in answers}
    if any(_WEIGHS in known[one].services for one in ways):
        asked |= contents.risk_tables(texts) & set(answers)
    shown = {("form", form) for one in ways for form in known[one].forms}
    found = {("process", one): ("process", homes[one]) for one in ways}
    found |= {("decision", name): ("decision", answers[name]) for name in asked}
    found |= _imports(texts, {answers[name] for name in asked})
    return found | {name: name for name in texts if name in shown or name[0] not in {"process", "decision", "form"}}


def decision_files(texts: Texts) -> dict[str, str]:
    """In which resource each decision that a diagram may ask stands: the keys by the decision's id."""
    return {decision: min(keys) for decision, keys in _homes(texts).items()}


def decision_names(texts: Texts) -> dict[str, tuple[str, str]]:
    """What each decision that a diagram may ask is called in Spanish and in English, by its id."""
    read = {key: library.model(_libraries(texts), key) for key in set(decision_files(texts).values())}
    named = {id_: read[key].decisions[id_] for id_, key in decision_files(texts).items()}
    return {id_: (one.name, one.name_en or one.name) for id_, one in named.items()}


def names_in(texts: Texts, key: str) -> dict[str, tuple[str, str]]:
    """What the decisions and functions of a file are called, by id; nothing where the file cannot be read."""
    try:
        model = decision_model(texts, key)
    except Invalid:
        return {}
    return {one.id: (one.name, one.name_en or one.name) for one in model.decisions.values()}


def decision_model(texts: Texts, key: str) -> Model:
    """The decisions of a file with what it imports of the others; Invalid with what is wrong with them."""
    return library.model(_libraries(texts), key)


def titles(kind: str, key: str, content: bytes) -> tuple[str, str]:
    """What a resource is called in Spanish and in English; its key where it does not say."""
    if kind == "process":
        diagram = _diagram(content, key)
        return diagram.name or key, diagram.name_en or diagram.name or key
    if kind == "decision":
        model = decisions.read(content)  # what it imports has no part in what it is called
        return model.name or key, model.name_en or model.name or key
    if kind in {"criteria", "programme"}:
        said = tomllib.loads(content.decode())
        return str(said.get("title_es", key)), str(said.get("title_en", said.get("title_es", key)))
    if kind == "form":
        said = json.loads(content).get("properties", {})
        return str(said.get("title_es", key)), str(said.get("title_en", said.get("title_es", key)))
    found = _TITLE.search(content.decode(errors="replace")) if kind == "letter" else None
    return (found["es"].strip(), found["en"].strip()) if found else (key, key)


def _process(texts: Texts, key: str) -> Sequence[Complaint]:
    own, others = _file(texts["process", key]), diagrams(texts)
    known = _known(texts, others)
    found: list[Complaint] = []
    for diagram in own:
        found += [*check(diagram, known), *_shared_ids(diagram, others), *_in_other_files(diagram, key, texts)]
        found += [*_asked_too_early(diagram, texts), *_without_bands(diagram, texts)]
    if key not in {diagram.process_id for diagram in own}:
        message = "The process must keep the id %(key)s: cases and other processes know it by that name."
        found.append(Complaint(own[0].process_id, message, {"key": key}, ERROR))
    return found


def _known(texts: Texts, processes: Mapping[str, Diagram]) -> Known:
    """What a diagram may refer to, with what is known of the forms and decisions that the processes name."""
    homes = decision_files(texts)
    shown = {form for diagram in processes.values() for form in diagram.forms}
    asked = {id_: homes[id_] for diagram in processes.values() for id_ in diagram.decisions if id_ in homes}
    return Known(
        services=services.parameters(),
        optional=services.optional(),
        forms=_keys(texts, "form"),
        processes=processes,
        roles=frozenset(people.ROLES),
        letters=_keys(texts, "letter"),
        clocks=contents.clocks(texts),
        programmes={name: frozenset(rules.clocks) for name, rules in contents.programmes(texts).items()},
        decisions=frozenset(homes),
        facts=surroundings.facts(texts, shown, asked),
    )


def _readers(texts: Texts, kind: str, key: str) -> Iterator[Complaint]:
    """What the processes that use a form or decision would miss; they were judged already, so these are warnings."""
    named = {key} if kind == "form" else set(_decisions(_libraries(texts), key)) if kind == "decision" else set()
    processes = diagrams(texts) if named else {}
    for process, diagram in processes.items():
        if named & (diagram.forms if kind == "form" else diagram.decisions):
            for one in read_names(diagram, _known(texts, processes)):
                yield Complaint(f"{process}/{one.where}", one.message, one.params, "warning")


def _shared_ids(diagram: Diagram, others: Mapping[str, Diagram]) -> Iterator[Complaint]:
    """Processes that run in one case tell their elements apart by id: in the history, on the picture, in `not_by`."""
    closures = [closure(process, others) for process in others]
    together = {one for reached in closures if diagram.process_id in reached for one in reached}
    for process in sorted(together - {diagram.process_id}):
        for element in sorted(diagram.elements.keys() & others[process].elements.keys()):
            message = "The process %(process)s, which runs in the same case, has this id too; choose another."
            yield Complaint(element, message, {"process": process}, ERROR)


def _decision(texts: Texts, key: str) -> Sequence[Complaint]:
    model, others = decision_model(texts, key), _homes(texts)
    said = sorted(decisions.check(model), key=lambda one: SEVERITIES.index(one.severity))
    found = [Complaint(one.where, one.message, one.params, one.severity) for one in said]
    for decision in model.decisions:
        if len(homes := others.get(decision, ())) > 1:
            message = "The decision %(id)s stands in %(files)s; keep it in one of them."
            found.append(Complaint(decision, message, {"id": decision, "files": ", ".join(sorted(homes))}, ERROR))
    if broken := list(_importers(texts, key)):
        return [*found, *broken]
    for process, diagram in diagrams(texts).items():
        for decision in sorted(diagram.decisions - set(others)):
            message = "The process %(process)s asks the decision %(id)s, which no file has any more; keep it."
            found.append(Complaint(decision, message, {"process": process, "id": decision}, ERROR))
    return found


def _importers(texts: Texts, key: str) -> Iterator[Complaint]:
    """The other files of decisions that would not stand any more: what they import of this one is gone, or has changed."""
    files = _libraries(texts)
    for other in sorted(set(files) - {key}):
        if not library.heading(files[other]).imports:
            continue
        try:
            model = library.model(files, other)
            said = decisions.check(model) if key in library.imported(files, other) else ()
            reasons = [Phrase(one.message, one.params) for one in said if one.severity == ERROR]
        except Invalid as refused:
            reasons = [Phrase(one.message, one.params) for one in refused.problems]
        if reasons:
            message = "The decision %(other)s, which imports others, could not be made any more: %(reason)s"
            yield Complaint("", message, {"other": other, "reason": reasons[0]}, ERROR)


def _homes(texts: Texts) -> Mapping[str, Sequence[str]]:
    """The keys of the resources in which each decision stands; more than one is complained about."""
    files = _libraries(texts)
    found: dict[str, list[str]] = {}
    for kind, key in texts:
        for decision in _decisions(files, key) if kind == "decision" else ():
            found.setdefault(decision, []).append(key)
    return found


def _in_other_files(diagram: Diagram, key: str, texts: Texts) -> Iterator[Complaint]:
    """A process stands in one file: two of the same id could not both be called by it."""
    for (kind, other), content in texts.items():
        if kind == "process" and other != key and diagram.process_id in _ids(content):
            message = "The file %(other)s has a process with the id %(process)s too; give one of them another id."
            yield Complaint(diagram.process_id, message, {"other": other, "process": diagram.process_id}, ERROR)


def _form(texts: Texts, key: str) -> Sequence[Complaint]:
    criteria = {other: content for (kind, other), content in texts.items() if kind == "criteria"}
    form = forms.read(texts["form", key], criteria)
    starting = {one.form for diagram in diagrams(texts).values() for one in diagram.plain_starts}
    if form.by_programme and (key in starting or key in surroundings.MESSAGE_FORMS.values()):
        return [Complaint(form.id, _TOO_EARLY, {}, ERROR)]
    return []


def _without_bands(diagram: Diagram, texts: Texts) -> Iterator[Complaint]:
    """A diagram that weighs risks needs the tables of bands that the programmes name."""
    weighing = (element.id for element in diagram.elements.values() if element.service == _WEIGHS)
    for table in sorted(contents.risk_tables(texts) - set(decision_files(texts))):
        message = "There is no decision %(table)s: a programme takes the bands of its risk map from it."
        yield from (Complaint(element, message, {"table": table}, ERROR) for element in weighing)


def _asked_too_early(diagram: Diagram, texts: Texts) -> Iterator[Complaint]:
    """A start form that asks the programme's criteria: which they are is known only once the case is about somebody."""
    criteria = {other: content for (kind, other), content in texts.items() if kind == "criteria"}
    for start in diagram.plain_starts:
        source = texts.get(("form", start.form or ""))
        if source and surroundings.by_programme(source, tuple(sorted(criteria.items()))):
            yield Complaint(start.id, _TOO_EARLY, {}, ERROR)


def _letter(texts: Texts, key: str) -> Sequence[Complaint]:
    letters.check({other: content for (kind, other), content in texts.items() if kind == "letter"}, key)
    return []


def _criteria(texts: Texts, key: str) -> Sequence[Complaint]:
    return contents.criteria(texts, key)


def _programme(texts: Texts, key: str) -> Sequence[Complaint]:
    started = {process: clocks_started(diagram) for process, diagram in diagrams(texts).items()}
    return contents.programme(texts, key, _homes(texts), started)


_CHECKS: Final = {
    "process": _process,
    "decision": _decision,
    "form": _form,
    "letter": _letter,
    "criteria": _criteria,
    "programme": _programme,
}


def _diagram(content: bytes, process: str) -> Diagram:
    """The process of that id in the file, or the one that stands for it while its id is still another."""
    found = _file(content)
    return next((diagram for diagram in found if diagram.process_id == process), found[0])


def _ids(content: bytes) -> tuple[str, ...]:
    """The ids of the processes in a file, none where it cannot be read."""
    try:
        return tuple(diagram.process_id for diagram in _file(content))
    except Invalid:
        return ()


@lru_cache(256)
def _file(content: bytes) -> tuple[Diagram, ...]:
    return read_all(content)


def _decisions(files: library.Files, key: str) -> tuple[str, ...]:
    """The ids of the decisions in a file, none where it cannot be read."""
    try:
        return tuple(library.model(files, key).askable())
    except Invalid:
        return ()


def _libraries(texts: Texts) -> dict[str, bytes]:
    """The files of decisions, by key."""
    return {key: content for (kind, key), content in texts.items() if kind == "decision"}


def _imports(texts: Texts, keys: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """What these files of decisions import, directly or through others, by the name under which a release pins it."""
    files = _libraries(texts)
    found = {other for key in keys for other in library.imported(files, key)}
    return {("decision", pins.of_namespace(library.namespace(files[one]))): ("decision", one) for one in found}


def _keys(texts: Texts, kind: str) -> frozenset[str]:
    return frozenset(key for k, key in texts if k == kind)
