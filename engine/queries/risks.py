"""The risk map of a case as its page draws it: five by five fields with their bands, and the risks that fall into each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from engine import risks
from engine.domain.errors import Conflict, Invalid
from engine.risks import LEAST, MOST, Table
from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk; `number` is what the fields of the map call it by."""

    number: int
    criterion: str
    site: str
    description: str
    inherent: tuple[int, int, str]
    residual: tuple[int, int, str]
    control: str
    response: str
    owner: str
    review_on: date | None
    visit: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a map: its band, and the numbers of the risks that fall into it."""

    impact: int
    likelihood: int
    band: str
    risks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RiskMap:
    """The risks, and the fields of the two maps: rows from the highest likelihood down, in each from the least impact up."""

    risks: tuple[Risk, ...]
    inherent: tuple[tuple[Field, ...], ...]
    residual: tuple[tuple[Field, ...], ...]
    assessed_at: datetime
    assessed_by: str


def of_case(work: Work, case_id: str) -> RiskMap | None:
    """The map that counts; None where none was drawn."""
    rows = risks.of_case(work, case_id)
    if not rows:
        return None
    found = tuple(_risk(number, row) for number, row in enumerate(rows, start=1))
    table = _table(work, work.session.get_one(models.Case, case_id))
    by = work.session.get(models.Account, rows[0].assessed_by)
    inherent = _fields(table, {one.number: one.inherent for one in found}.items())
    residual = _fields(table, {one.number: one.residual for one in found}.items())
    return RiskMap(found, inherent, residual, rows[0].recorded_at, by.name if by else "")


def _risk(number: int, row: models.Risk) -> Risk:
    return Risk(
        number,
        row.criterion,
        row.site,
        row.description,
        (row.inherent_impact, row.inherent_likelihood, row.inherent_band),
        (row.residual_impact, row.residual_likelihood, row.residual_band),
        row.control,
        row.response,
        row.owner,
        row.review_on,
        row.visit,
    )


def _fields(table: Table | None, placed: Iterable[tuple[int, tuple[int, int, str]]]) -> tuple[tuple[Field, ...], ...]:
    listed = list(placed)
    return tuple(
        tuple(
            Field(
                impact,
                likelihood,
                _band(table, impact, likelihood),
                tuple(number for number, (one, other, _band) in listed if (one, other) == (impact, likelihood)),
            )
            for impact in range(LEAST, MOST + 1)
        )
        for likelihood in range(MOST, LEAST - 1, -1)
    )


def _table(work: Work, case: models.Case) -> Table | None:
    """The table of the case's release; None where it moved to one that has none."""
    try:
        return risks.table_of(work, case)
    except Conflict:
        return None


def _band(table: Table | None, impact: int, likelihood: int) -> str:
    """The band of a field; "" where the table does not answer for it."""
    try:
        return table.band(impact, likelihood).name if table else ""
    except Invalid:
        return ""
