"""What the pages about people have in common: positions, absences and operators as they are typed, and the choices."""

from collections.abc import Mapping
from datetime import date

from flask import request
from sqlalchemy import or_, select

from engine import absences, conflicts, mandates, staff, units
from engine.absences import Away
from engine.domain.errors import Invalid, Problem
from engine.mandates import Mandate
from engine.people import ROLES
from engine.staff import Position
from engine.store import models
from engine.work import Work


def position() -> Position:
    """The position that was chosen in the form."""
    return Position(
        frozenset(request.form.getlist("roles")),
        request.form.get("unit") or None,
        frozenset(one for one in request.form.getlist("operators") if one),
        request.form.get("active", "yes") == "yes",
    )


def away() -> Away:
    """The absence that was typed; Invalid names the day that is none."""
    days, problems = {}, []
    for name in ("first_day", "last_day"):
        try:
            days[name] = date.fromisoformat(request.form.get(name, "").strip())
        except ValueError:
            problems.append(Problem(name, "Write the day, such as 2027-01-31."))
    if problems:
        raise Invalid("The absence cannot be recorded.", problems)
    substitute = request.form.get("substitute") or None
    return Away(
        **days, substitute_id=substitute, reason=request.form.get("absence_reason", ""), act=request.form.get("act", "")
    )


def mandate() -> Mandate:
    """The mandate that was typed, an empty day for none; Invalid names the day that is none."""
    days: dict[str, date | None] = {}
    problems = []
    for name in ("since", "until"):
        typed = request.form.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(typed) if typed else None
        except ValueError:
            problems.append(Problem(name, "Write the day, such as 2027-01-31."))
    if problems:
        raise Invalid("The mandate cannot be changed.", problems)
    return Mandate(days["since"], days["until"], request.form.get("mandate_act", ""))


def operator(work: Work) -> str:
    """The id of the operator whose name or tax number was typed; Invalid where it is not exactly one."""
    typed = request.form.get("operator", "").strip()
    query = select(models.Operator.id).where(
        or_(models.Operator.tax_id == typed, models.Operator.name == typed, models.Operator.id == typed)
    )
    found = work.session.scalars(query.limit(2)).all()
    if len(found) != 1:
        problem = Problem("operator", "Write the whole name or the tax number of one operator.")
        raise Invalid("The conflict cannot be recorded.", [problem])
    return found[0]


def problems(refusal: Invalid | None) -> Mapping[str, Problem]:
    """What is wrong, by field."""
    return {problem.where: problem for problem in reversed(refusal.problems)} if refusal else {}


def choices(work: Work) -> Mapping[str, object]:
    """What the forms about people offer."""
    operators = select(models.Operator.id, models.Operator.name).order_by(models.Operator.name).limit(500)
    return {
        "roles": ROLES,
        "units": units.all_of(work),
        "operators": work.session.execute(operators).all(),
        "substitutes": [
            one
            for one in staff.everybody(work)
            if one.active and {role.role for role in one.roles} & absences.SUBSTITUTED
        ],
    }


def record(work: Work, account_id: str) -> Mapping[str, object]:
    """Absences and conflicts of interest of an account, with the names of who stands in."""
    found = absences.of(work, account_id)
    names = {one.id: one.name for one in staff.everybody(work)}
    return {
        "absences": found,
        "names": names,
        "conflicts": conflicts.of(work, account_id),
        "mandates": mandates.of(work, account_id),
    }
