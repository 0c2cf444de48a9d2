"""The risk map of a case: impact and likelihood, before and after control; the bands come from a decision table.

Domain page §8 (AEO COMPACT): the residual map says which sites to visit and what to watch. No band decides a case: a
criterion that failed is a gate of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from engine import arguments, decisions, history, pins, questions
from engine.arguments import Row
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import RisksAssessed
from engine.pins import Pinned
from engine.store import models
from engine.work import Work

Result = dict[str, object]
BANDS: Final = "risk_bands"  # the purpose of the table in a programme, and its id where the programme names none
LEAST: Final = 1
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Table:
    """The table of bands: its decision, in the file that a release pinned."""

    decision: str
    pinned: Pinned

    def band(self, impact: int, likelihood: int) -> "Band":
        """The band of one field of the map: what the table answers, a text or an object with `band` and `visit`."""
        asked = {"impact": impact, "likelihood": likelihood}
        found = decisions.decide(self.pinned.model, self.decision, asked, None).value
        answer = found if isinstance(found, Mapping) else {"band": found}
        return Band(str(answer.get("band") or ""), answer.get("visit") is True)


@dataclass(frozen=True, slots=True)
class Band:
    """What the table answers for one field of the map: the name of its band, and whether the site is to be visited."""

    name: str
    visit: bool


def assess(work: Work, case: models.Case, risks: Sequence[object]) -> Result:
    """Writes down the risk map of the case anew; the map before it stays on the record.

    Each row has criterion, site ("" for the company), description, inherent_impact and inherent_likelihood (1 to 5),
    control, residual_impact and residual_likelihood (as before control, where they are left out), response, owner,
    review_on. Invalid names what is wrong in it; Conflict where the release has no table of bands.
    """
    if case.operator_id is None:
        raise NotFound("There is no such operator.")
    table = table_of(work, case)
    turn = _last_round(work, case.id) + 1
    made = [
        _risk(work, case, row, table, turn, f"risks[{index}]")
        for index, row in enumerate(arguments.rows(risks, "risks"))
    ]
    work.session.add_all(made)
    work.session.flush()
    highest = max(made, key=weight, default=None)
    band = highest.residual_band if highest else ""
    told = [[one.criterion, one.site, one.inherent_band, one.residual_band] for one in made]
    history.record(work, RisksAssessed(turn, told, band, table.pinned.version), case=case)
    visits = dict.fromkeys(one.site for one in made if one.visit and one.site)
    return {"risks": [_told(one) for one in made], "highest_band": band, "sites_to_visit": list(visits)}


def of_case(work: Work, case_id: str) -> Sequence[models.Risk]:
    """The risk map that counts, in the order in which it was written."""
    query = select(models.Risk).where(models.Risk.case_id == case_id, models.Risk.round == _last_round(work, case_id))
    return work.session.scalars(query.order_by(models.Risk.id)).all()


def weight(risk: models.Risk) -> int:
    """What risks are ordered by: residual impact times residual likelihood."""
    return risk.residual_impact * risk.residual_likelihood


def table_of(work: Work, case: models.Case) -> Table:
    """The table of bands that the release of a case pinned for its programme."""
    named = questions.rules(work, case).decisions.get(BANDS, BANDS)
    try:
        return Table(named, pins.decision(work, case.release_id, named))
    except NotFound as error:
        raise Conflict("This process was published without a table of risk bands.") from error


def _last_round(work: Work, case_id: str) -> int:
    return work.session.scalar(select(func.max(models.Risk.round)).where(models.Risk.case_id == case_id)) or 0


def _risk(work: Work, case: models.Case, row: Row, table: Table, turn: int, where: str) -> models.Risk:
    impact, likelihood = (_measure(row, f"inherent_{name}", where) for name in ("impact", "likelihood"))
    left = [
        before if row.get(key) is None else _measure(row, key, where)
        for key, before in (("residual_impact", impact), ("residual_likelihood", likelihood))
    ]
    if left[0] * left[1] > impact * likelihood:
        message = "What is left after the control is no more than what was there before it."
        raise Invalid(arguments.INCOMPLETE, [Problem(f"{where}.residual_impact", message)])
    residual = table.band(*left)
    return models.Risk(
        id=work.new_id(),
        case_id=case.id,
        operator_id=str(case.operator_id),
        round=turn,
        criterion=arguments.needed(row, "criterion", where),
        site=arguments.text(row, "site"),
        description=arguments.needed(row, "description", where),
        inherent_impact=impact,
        inherent_likelihood=likelihood,
        inherent_band=table.band(impact, likelihood).name,
        control=arguments.text(row, "control"),
        residual_impact=left[0],
        residual_likelihood=left[1],
        residual_band=residual.name,
        visit=residual.visit,
        response=arguments.text(row, "response"),
        owner=arguments.text(row, "owner"),
        review_on=arguments.day(row, "review_on", where),
        table_version_id=table.pinned.version,
        assessed_by=work.actor.id,
        recorded_at=work.now,
    )


def _measure(row: Row, key: str, where: str) -> int:
    return arguments.whole(row, key, LEAST, MOST, where)


def _told(one: models.Risk) -> dict[str, object]:
    """What a diagram and a letter (D13) read of a risk."""
    return {
        "criterion": one.criterion,
        "site": one.site,
        "risk": one.description,
        "inherent": one.inherent_band,
        "residual": one.residual_band,
        "response": one.response,
        "owner": one.owner,
        "review_on": one.review_on.isoformat() if one.review_on else None,
        "visit": one.visit,
    }
