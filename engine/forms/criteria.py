"""A set of criteria as its file says it: what a programme asks of whom, since when, and how much depends on it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.domain.errors import Invalid, Problem
from engine.domain.programme_clocks import MARKS
from engine.domain.tables import Reader
from engine.forms.records import Wording

MAX_CRITERIA = 200
LEVELS = ("must", "should", "info")
_UNUSABLE = "The file of criteria cannot be used as it is."
_WORDS = ("title", "short", "question", "evidence", "legal_ref")
_KEYS = frozenset(
    {*("code", "parent", "level", "per", "weight", "types", "kinds", "valid_from", "valid_to")}
    | {"evidence_expires", *MARKS}
    | {f"{word}_{language}" for word in _WORDS for language in ("es", "en")}
)
CODE = re.compile(r"[A-Za-z0-9]{1,8}(\.[A-Za-z0-9]{1,8}){0,3}")
SITE = "site"  # asked for each place, not once for the company


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement of a programme; `per` is "company" or "site" (domain page §7).

    `weight` is its share in the total; `types` and `kinds` are whom it is asked of, all where none is named; it is asked
    from `valid_from` to `valid_to`, both included; its evidence may have a last day where it `evidence_expires`. What a file does not say has the value of release 0.2.
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
    evidence_expires: bool = False

    def asked_on(self, day: date) -> bool:
        """Whether it is asked of who applies on that day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def reaches(self, types: Collection[str], kind: str = "") -> bool:
        """Whether it is asked of that kind of operator for one of these types; a kind that nobody knows excludes nobody."""
        return (not self.types or bool(set(self.types) & set(types))) and (
            not self.kinds or not kind or kind in self.kinds
        )


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
        evidence_expires=reader.flag(entry, place, "evidence_expires"),
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
    if found.per not in ("company", SITE):
        problems.append(
            Problem(code[:40], "A criterion is asked per company or per site, not per %(per)s.", {"per": found.per})
        )
    return found


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _wording(entry: Mapping[str, object], name: str) -> Wording:
    return Wording(_text(entry, f"{name}_es"), _text(entry, f"{name}_en"))
