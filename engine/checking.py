"""What publication asks of a resource, alone and together with all others that are in force."""

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from engine import decisions, forms, letters, people, programmes, services
from engine.decisions import Model
from engine.domain import programme
from engine.domain.errors import Invalid, Problem
from engine.workflow import Complaint, Diagram, Known, check, read

Texts = Mapping[tuple[str, str], bytes]  # what is in force, or is to be: content by kind and key
ERROR: Final = "error"
_TITLE: Final = re.compile(r"^// (?:título|title): (?P<es>.+) \| (?P<en>.+)$", re.MULTILINE)


def complaints(texts: Texts, kind: str, key: str) -> Sequence[Complaint]:
    """What is wrong with one resource (errors) or could be better (warnings), each at its place."""
    try:
        return _CHECKS[kind](texts, key)
    except Invalid as refused:
        problems = refused.problems or (Problem("", refused.message, refused.params),)
        return [Complaint(p.where, p.message, p.params, ERROR) for p in problems]


def require(texts: Texts, names: Collection[tuple[str, str]]) -> None:
    """Raises Invalid with every error of the resources named."""
    wrong: list[Problem] = []
    for kind, key in names:
        errors = (c for c in complaints(texts, kind, key) if c.severity == ERROR)
        wrong += [Problem(f"{key}/{c.where}" if len(names) > 1 else c.where, c.message, c.params) for c in errors]
    if wrong:
        raise Invalid("This cannot go to work as it is.", wrong)


def diagrams(texts: Texts) -> dict[str, Diagram]:
    """Every process that can be read, by key; what cannot is complained about where it is edited."""
    found = {}
    for (kind, key), content in texts.items():
        if kind == "process":
            try:
                found[key] = _diagram(content)
            except Invalid:
                continue
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


def used(process: str, known: Mapping[str, Diagram], texts: Texts) -> frozenset[tuple[str, str]]:
    """What a release of the process pins: diagrams, forms and decisions on its way; letters and the like are everybody's."""
    ways = [known[one] for one in closure(process, known)]
    homes = {decision: key for key, model in files(texts).items() for decision in model.decisions}
    forms_used = {form for diagram in ways for form in diagram.forms}
    decided = {homes[decision] for diagram in ways for decision in diagram.decisions if decision in homes}
    mine = {"process": set(closure(process, known)), "form": forms_used, "decision": decided}
    return frozenset((kind, key) for kind, key in texts if kind not in mine or key in mine[kind])


def files(texts: Texts) -> dict[str, Model]:
    """Every file of decisions that can be read, by key; what cannot is complained about where it is edited."""
    found = {}
    for (kind, key), content in texts.items():
        if kind == "decision":
            try:
                found[key] = _model(content)
            except Invalid:
                continue
    return found


def titles(kind: str, key: str, content: bytes) -> tuple[str, str]:
    """What a resource is called in Spanish and in English; its key where it does not say."""
    if kind == "process":
        diagram = _diagram(content)
        return diagram.name or key, diagram.name_en or diagram.name or key
    if kind == "decision":
        model = _model(content)
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
    diagram, others = _diagram(texts["process", key]), diagrams(texts)
    known = Known(
        services=services.parameters(),
        optional=services.optional(),
        forms=_keys(texts, "form"),
        processes=others,
        roles=frozenset(people.ROLES),
        letters=_keys(texts, "letter"),
        clocks=_clocks(texts),
        decisions=frozenset(_callable(texts)),
    )
    found = [*check(diagram, known), *_shared_ids(diagram, key, others)]
    if diagram.process_id != key:
        message = "The process must keep the id %(key)s: cases and other processes know it by that name."
        found.append(Complaint(diagram.process_id, message, {"key": key}, ERROR))
    return found


def _shared_ids(diagram: Diagram, key: str, others: Mapping[str, Diagram]) -> Iterator[Complaint]:
    """Processes that run in one case tell their elements apart by id: in the history, on the picture, in `not_by`."""
    together = {one for process in others for one in closure(process, others) if key in closure(process, others)}
    for process in sorted(together - {key}):
        for element in sorted(diagram.elements.keys() & others[process].elements.keys()):
            message = "The process %(process)s, which runs in the same case, has this id too; choose another."
            yield Complaint(element, message, {"process": process}, ERROR)


def _decision(texts: Texts, key: str) -> Sequence[Complaint]:
    model, others = _model(texts["decision", key]), _callable(texts)
    found = [Complaint(one.where, one.message, one.params, one.severity) for one in decisions.check(model)]
    for decision in model.decisions:
        if len(homes := others.get(decision, ())) > 1:
            message = "The decision %(id)s stands in %(files)s; keep it in one of them."
            found.append(Complaint(decision, message, {"id": decision, "files": ", ".join(sorted(homes))}, ERROR))
    for process, diagram in diagrams(texts).items():
        for decision in sorted(diagram.decisions - set(others)):
            message = "The process %(process)s asks the decision %(id)s, which no file has any more; keep it."
            found.append(Complaint(decision, message, {"process": process, "id": decision}, ERROR))
    return found


def _callable(texts: Texts) -> Mapping[str, Sequence[str]]:
    """The files, by key, that have each decision a diagram may ask."""
    found: dict[str, list[str]] = {}
    for key, model in files(texts).items():
        for decision in model.decisions.values():
            if not decision.knowledge:
                found.setdefault(decision.id, []).append(key)
    return found


def _form(texts: Texts, key: str) -> Sequence[Complaint]:
    criteria = {other: content for (kind, other), content in texts.items() if kind == "criteria"}
    forms.read(texts["form", key], criteria)
    return []


def _letter(texts: Texts, key: str) -> Sequence[Complaint]:
    letters.check({other: content for (kind, other), content in texts.items() if kind == "letter"}, key)
    return []


def _criteria(texts: Texts, key: str) -> Sequence[Complaint]:
    forms.read_criteria(texts["criteria", key])
    return []


def _programme(texts: Texts, key: str) -> Sequence[Complaint]:
    programmes.check(texts["programme", key])
    return []


_CHECKS: Final = {
    "process": _process,
    "decision": _decision,
    "form": _form,
    "letter": _letter,
    "criteria": _criteria,
    "programme": _programme,
}


@lru_cache(256)
def _diagram(content: bytes) -> Diagram:
    return read(content)


@lru_cache(256)
def _model(content: bytes) -> Model:
    return decisions.parse(content)


def _clocks(texts: Texts) -> frozenset[str]:
    """The names of the clocks that any programme has."""
    read_ones = (programme.read(content) for (kind, _key), content in texts.items() if kind == "programme")
    return frozenset(name for one in read_ones for name in one.clocks)


def _keys(texts: Texts, kind: str) -> frozenset[str]:
    return frozenset(key for k, key in texts if k == kind)
