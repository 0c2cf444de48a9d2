"""What publication asks of programmes and sets of criteria together: whatever one of them names is there."""

from collections.abc import Collection, Mapping, Sequence

from engine import forms, people, risks
from engine import programmes as rules_of
from engine.domain import programme as files
from engine.domain.programme import Programme
from engine.domain.tables import Reader
from engine.workflow import Complaint

Texts = Mapping[tuple[str, str], bytes]


def programme(
    texts: Texts, key: str, decisions: Collection[str], started: Mapping[str, Collection[str]]
) -> Sequence[Complaint]:
    """What is wrong with a programme, with its lines; `started` are the clocks that each process starts."""
    content = texts["programme", key]
    rules_of.check(content)
    rules, lines = files.check(content), Reader.of(content, files.REFUSAL)
    if rules.id != key:
        message = "The programme must keep the id %(key)s: applications know it by that name."
        lines.wrong("programme.id", message, None, key=key)
    _check_names(lines, texts, rules, decisions)
    for process, names in started.items():
        for name in sorted(set(names) - set(rules.clocks)):
            message = "The process %(process)s starts this clock; write it."
            lines.wrong(f"clocks.{name}", message, None, process=process)
    return [Complaint(one.where, one.message, one.params, "error") for one in lines.problems]


def criteria(texts: Texts, key: str) -> Sequence[Complaint]:
    """What is wrong with a set of criteria; a programme in force keeps the criteria that it names."""
    codes = {one.code for one in forms.check_criteria(texts["criteria", key])}
    found = []
    if key == forms.PROGRAMME:
        message = "Choose another name: forms say %(name)s for all that the programme of a case asks."
        found.append(Complaint(key, message, {"name": key}, "error"))
    for name, rules in programmes(texts).items():
        if any(use.set == key for use in rules.criteria):
            message = "The programme %(programme)s names the criterion %(code)s; keep it."
            gone = sorted(_named_codes(rules) - codes - _codes(texts, rules, but=key))
            found += [Complaint(code, message, {"programme": name, "code": code}, "error") for code in gone]
    return found


def programmes(texts: Texts) -> Mapping[str, Programme]:
    """The programmes of what is in force, by key."""
    return {key: files.read(content) for (kind, key), content in texts.items() if kind == "programme"}


def risk_tables(texts: Texts) -> frozenset[str]:
    """The decisions from which the programmes take the bands of their risk maps."""
    return frozenset(one.decisions.get(risks.BANDS, risks.BANDS) for one in programmes(texts).values())


def clocks(texts: Texts) -> frozenset[str]:
    """The names of the clocks that any programme has."""
    return frozenset(name for one in programmes(texts).values() for name in one.clocks)


def _check_names(lines: Reader, texts: Texts, rules: Programme, decisions: Collection[str]) -> None:
    """Whatever the programme names is there: sets of criteria and their codes, templates, roles, decisions."""
    for index, use in enumerate(rules.criteria):
        _named(lines, f"criteria[{index}].set", use.set, _keys(texts, "criteria"))
    for number, letter in rules.letters.items():
        _named(lines, f"letters.{number}.template", letter.template, _keys(texts, "letter"))
        if letter.signatory:
            _named(lines, f"letters.{number}.signatory", letter.signatory, people.ROLES)
    for role in rules.signatories:
        _named(lines, f"signatories.{role}", role, people.ROLES)
    for purpose, decision in rules.decisions.items():
        _named(lines, f"decisions.{purpose}", decision, decisions)
    _check_codes(lines, rules, _codes(texts, rules))


def _check_codes(lines: Reader, rules: Programme, codes: Collection[str]) -> None:
    """The criteria that changes and hard fails name stand in one of the programme's sets."""
    for index, change in enumerate(rules.changes):
        for code in change.criteria:
            _named(lines, f"changes[{index}].criteria", code, codes)
    for code in rules.hard_fails.criteria:
        _named(lines, "hard_fails.criteria", code, codes)


def _named(lines: Reader, place: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        message = "There is no %(name)s: choose one of %(known)s."
        lines.wrong(place, message, None, name=name, known=", ".join(sorted(known)) or "—")


def _codes(texts: Texts, rules: Programme, but: str = "") -> set[str]:
    """The codes of all criteria that the programme asks, `but` those of one set."""
    known = _keys(texts, "criteria")
    asked = {use.set for use in rules.criteria if use.set in known and use.set != but}
    return {one.code for name in asked for one in forms.read_criteria(texts["criteria", name])}


def _named_codes(rules: Programme) -> set[str]:
    return {code for change in rules.changes for code in change.criteria} | set(rules.hard_fails.criteria)


def _keys(texts: Texts, kind: str) -> frozenset[str]:
    return frozenset(key for k, key in texts if k == kind)
