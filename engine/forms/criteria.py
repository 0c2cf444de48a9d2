"""A group of a form may stand for a whole set of criteria: one group for each, from the set's own file.

The answers stand under the group's path by criterion code (WCO SAFE, conditions A to M), so a question that is reworded
next year keeps its history.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from engine import feel
from engine.domain.errors import Invalid, Problem
from engine.domain.programme_clocks import MARKS
from engine.domain.tables import Reader
from engine.forms.parts import Part
from engine.forms.records import Choices, Field, Kind, Option, Rules, Wording

MAX_CRITERIA = 200
LEVELS = ("must", "should", "info")
_UNUSABLE = "The file of criteria cannot be used as it is."
_WORDS = ("title", "short", "question", "evidence", "legal_ref")
_KEYS = frozenset(
    {*("code", "parent", "level", "per", "weight", "types", "kinds", "valid_from", "valid_to"), *MARKS}
    | {f"{word}_{language}" for word in _WORDS for language in ("es", "en")}
)
CODE = re.compile(r"[A-Za-z0-9]{1,8}(\.[A-Za-z0-9]{1,8}){0,3}")

_ANSWERS = (
    Option("yes", Wording("Sí", "Yes")),
    Option("partly", Wording("En parte", "Partly")),
    Option("no", Wording("No", "No")),
    Option("na", Wording("No aplica", "Does not apply")),
)
_SCORES = (
    Option(3, Wording("3 · Cumple y lo demuestra", "3 · Meets it and proves it")),
    Option(2, Wording("2 · Cumple con reservas menores", "2 · Meets it with small reservations")),
    Option(1, Wording("1 · Cumple solo en parte", "1 · Meets it only in part")),
    Option(0, Wording("0 · No cumple", "0 · Does not meet it")),
)
_CONFORMITY = (
    Option("conforms", Wording("Conforme", "Conforms")),
    Option("minor", Wording("No conformidad menor", "Minor non-conformity")),
    Option("major", Wording("No conformidad mayor", "Major non-conformity")),
)
_MANDATORY = Wording("Criterio obligatorio.", "Mandatory criterion.")
_EACH_SITE = Wording("Responda para cada instalación.", "Answer for every site.")
# Who answers anything but a plain yes says why; who finds less than full conformity gives the reason a letter will cite.
_TELLS_WHY = 'answer = "partly" or answer = "no" or answer = "na"'
_GIVES_REASON = 'score = 0 or score = 1 or score = "minor" or score = "major"'


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement of a programme; `per` is "company" or "site" (domain page §7).

    `weight` is its share in the total; `types` and `kinds` are whom it is asked of, all where none is named; it is asked
    from `valid_from` to `valid_to`, both included. What a file does not say has the value of release 0.2.
    """

    code: str
    level: str
    title: Wording
    question: Wording
    evidence: Wording
    short: Wording
    per: str = "company"
    weight: int = 1
    legal_ref: Wording = field(default_factory=Wording)
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def asked_on(self, day: date) -> bool:
        """Whether it is asked of who applies on that day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def read(source: bytes) -> tuple[Criterion, ...]:
    """The criteria of a TOML file, in its order: the tables of `[[criteria]]`. A file of release 0.2 can always be read.

    Raises:
        Invalid: with a problem for each criterion that cannot be used.
    """
    found, problems, _later = _read(source)
    if problems:
        raise Invalid(_UNUSABLE, problems)
    return found


def check(source: bytes) -> tuple[Criterion, ...]:
    """The criteria of a file that is to go to work: also with known keys only, and whole in what is newer."""
    found, problems, later = _read(source)
    if problems or later:
        raise Invalid(_UNUSABLE, [*problems, *later])
    return found


def _read(source: bytes) -> tuple[tuple[Criterion, ...], list[Problem], list[Problem]]:
    """The criteria, what was always wrong with them, and what is wrong with them since release 0.2."""
    reader = Reader.of(source, "The file of criteria is not TOML.")
    tables = reader.root.get("criteria")
    if not isinstance(tables, list) or not 0 < len(tables) <= MAX_CRITERIA:
        raise Invalid("The file of criteria needs between 1 and %(limit)s tables [[criteria]].", limit=MAX_CRITERIA)
    problems: list[Problem] = []
    found = []
    for index, table in enumerate(tables):
        entry = table if isinstance(table, dict) else {}
        found.append(_newer(reader, f"criteria[{index}]", entry, _criterion(entry, problems)))
    codes = [one.code for one in found]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    problems += [Problem(code, "Two criteria have this code.") for code in twice]
    return tuple(found), problems, reader.problems


def _newer(reader: Reader, place: str, entry: Mapping[str, object], old: Criterion) -> Criterion:
    """The criterion with what files may say since release 0.2."""
    reader.only(entry, place, _KEYS)
    reader.choice(entry, place, "level", LEVELS, "should")
    first, last = (reader.day(entry, place, key) if key in entry else None for key in ("valid_from", "valid_to"))
    if first and last and last < first:
        reader.wrong(f"{place}.valid_to", "The last day comes after the first.", None)
    return replace(
        old,
        weight=reader.number(entry, place, "weight", 1) if "weight" in entry else 1,
        legal_ref=_wording(entry, "legal_ref"),
        types=reader.texts(entry, place, "types"),
        kinds=reader.texts(entry, place, "kinds"),
        valid_from=first,
        valid_to=last,
    )


def _criterion(entry: Mapping[str, object], problems: list[Problem]) -> Criterion:
    code = _text(entry, "code")
    found = Criterion(
        code,
        _text(entry, "level"),
        title=_wording(entry, "title"),
        question=_wording(entry, "question"),
        evidence=_wording(entry, "evidence"),
        short=_wording(entry, "short"),
        per=_text(entry, "per") or "company",
    )
    if not CODE.fullmatch(code):
        problems.append(Problem(code[:40], "A criterion needs a code such as A.1."))
    if not found.question.es:
        problems.append(Problem(code[:40], "The criterion has no question."))
    if found.per not in ("company", "site"):
        problems.append(
            Problem(code[:40], "A criterion is asked per company or per site, not per %(per)s.", {"per": found.per})
        )
    return found


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _wording(entry: Mapping[str, object], name: str) -> Wording:
    return Wording(_text(entry, f"{name}_es"), _text(entry, f"{name}_en"))


def group(part: Part, key: str, criteria: Iterable[Criterion], template: tuple[Field, ...] = ()) -> Field:
    """The group of all criteria: a section for each condition (A, B, …), in it a group for each criterion.

    `template` are the components that stand inside the group in the schema; they are asked for each criterion in place
    of the usual ones. In mode "officer" the operator's own answer stands above them, to read.
    """
    mode = part.property("mode") or "self"
    if mode not in ("self", "officer"):
        part.refuse("The mode of a group of criteria is self or officer, not %(mode)s.", mode=mode)
    scale = _CONFORMITY if part.property("scale") == "conformity" else _SCORES
    answers = part.property("answers") or "self_assessment"
    sections = []
    for condition, members in groupby(criteria, key=lambda one: one.code.partition(".")[0]):
        listed = list(members)
        asked = [
            _asked(one, template or _self_fields(one))
            if mode == "self"
            else _asked(one, (*_declared(one, answers), *(template or _officer_fields(one, scale))))
            for one in listed
        ]
        title = next((one.title for one in listed if one.title), Wording())
        label = Wording(f"{condition}. {title.es}".strip(), f"{condition}. {title.said('en')}".strip())
        sections.append(Field(Kind.GROUP, f"{key}_{condition}", label=label, fields=tuple(asked), section=True))
    return Field(
        Kind.GROUP,
        part.text("id") or key,
        key,
        label=part.wording("label"),
        description=part.wording("description"),
        hide=part.feel("hide", part.inner("conditional").get("hide")),
        fields=tuple(sections),
    )


def _asked(criterion: Criterion, fields: tuple[Field, ...]) -> Field:
    title = criterion.short or criterion.question
    told = [criterion.question] if criterion.short else []
    told += [_EACH_SITE] if criterion.per == "site" else []
    told += [_MANDATORY] if criterion.level == "must" else []
    return Field(
        Kind.GROUP,
        criterion.code,
        criterion.code,
        label=Wording(f"{criterion.code} · {title.es}", f"{criterion.code} · {title.said('en')}"),
        description=Wording(" ".join(one.es for one in told), " ".join(one.said("en") for one in told)),
        fields=fields,
    )


def _self_fields(criterion: Criterion) -> tuple[Field, ...]:
    return (
        Field(
            Kind.RADIO,
            "answer",
            "answer",
            label=Wording("Respuesta", "Answer"),
            rules=Rules(required=True),
            choices=Choices(written=_ANSWERS),
        ),
        Field(
            Kind.LONG_TEXT,
            "narrative",
            "narrative",
            label=Wording("Cómo se cumple, o por qué no", "How it is met, or why not"),
            rules=Rules(required_if=feel.compile(_TELLS_WHY)),
        ),
        Field(
            Kind.FILES,
            "evidence",
            "evidence",
            label=Wording("Respaldo", "Evidence"),
            description=criterion.evidence,
            multiple=True,
        ),
    )


def _declared(criterion: Criterion, answers: str) -> tuple[Field, ...]:
    """What the operator answered, to read beside the officer's own judgement."""
    labels = {
        "answer": Wording("El operador respondió", "The operator answered"),
        "narrative": Wording("El operador explicó", "The operator explained"),
        "evidence": Wording("Respaldo del operador", "The operator's evidence"),
    }
    return tuple(
        replace(
            one,
            key=f"operator_{one.key}",
            label=labels[one.key],
            description=Wording(),
            rules=Rules(),
            readonly=True,
            source=(answers, criterion.code, one.key),
        )
        for one in _self_fields(criterion)
    )


def _officer_fields(criterion: Criterion, scale: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field(
            Kind.RADIO,
            "score",
            "score",
            label=Wording("Valoración", "Assessment"),
            description=criterion.evidence,
            rules=Rules(required=True),
            choices=Choices(written=scale),
        ),
        Field(
            Kind.LONG_TEXT,
            "note",
            "note",
            label=Wording("Motivo", "Reason"),
            rules=Rules(required_if=feel.compile(_GIVES_REASON)),
        ),
    )
