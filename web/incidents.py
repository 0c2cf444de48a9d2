"""Incidents: what cannot go on by itself, and what an administrator does about it, seen first and then done."""

import json
from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import incidents as use_cases
from engine import interventions
from engine.domain.errors import Invalid, NotFound, Problem
from engine.interventions import Act, Kind
from engine.people import ROLES
from engine.queries import incidents as queries
from engine.work import Work
from engine.workflow import Element
from web import errors, words
from web.addresses import number as page_number
from web.i18n import N_, gettext, said
from web.work import look_of_user, work_of_user

bp = Blueprint("incidents", __name__, url_prefix="/incidents")

Page = str | tuple[str, int]
_FIELDS = ("task", "to", "name", "value", "reason")


@bp.get("/")
def index() -> str:
    """What is open first, the oldest on top; what is closed on demand."""
    asked = {name: request.args.get(name, "") for name in ("cause", "owner")}
    state = queries.CLOSED if request.args.get("state") == queries.CLOSED else queries.OPEN
    with look_of_user() as work:
        number = page_number(request.args.get("page"))
        page = queries.listing(work, state, asked["cause"], asked["owner"], number)
        return render_template(
            "incidents/index.html", page=page, state=state, asked=asked, roles=ROLES, today=work.today, part=part
        )


@bp.get("/<incident_id>")
def show(incident_id: str) -> str:
    """One incident: what happened, who mends it, what to do."""
    with look_of_user() as work:
        return _incident(work, incident_id)


@bp.post("/<incident_id>/close")
def close(incident_id: str) -> Answer | Page:
    """Closes an incident by hand, with how it was mended."""
    try:
        with work_of_user() as work:
            use_cases.resolve(work, incident_id, request.form.get("resolution", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _incident(work, incident_id, refusal), errors.status(refusal)
    flash(N_("The incident is closed."))
    return redirect(url_for(".show", incident_id=incident_id))


@bp.post("/<incident_id>/again")
def send_again(incident_id: str) -> Answer:
    """Lets a job that was given up be tried again."""
    with work_of_user() as work:
        interventions.send_again(work, incident_id)
    flash(N_("It is tried again now; the incident ends by itself when it is done."))
    return redirect(url_for(".show", incident_id=incident_id))


@bp.get("/cases/<number>")
def case(number: str) -> str:
    """Where a case stands, with what can be done at each place."""
    with look_of_user() as work:
        standing = interventions.standing(work, number)
        return render_template(
            "incidents/case.html",
            standing=standing,
            told=queries.of_case(work, standing.case.id),
            part=part,
            called=_called(standing.definition.elements),
        )


@bp.get("/cases/<number>/<kind>")
def ask(number: str, kind: str) -> str:
    """Asks what the intervention needs to know."""
    with look_of_user() as work:
        typed = {name: request.args.get(name, "") for name in _FIELDS}
        return _asked(work, number, _kind(kind), typed)


@bp.post("/cases/<number>/<kind>")
def try_out(number: str, kind: str) -> Page:
    """Shows what it would do; nothing is changed."""
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
    with look_of_user() as work:
        try:
            _require_reason(typed["reason"])
            return _shown(work, number, _kind(kind), typed)
        except Invalid as refusal:
            return _asked(work, number, _kind(kind), typed, refusal), errors.status(refusal)


@bp.post("/cases/<number>/<kind>/do")
def do(number: str, kind: str) -> Answer:
    """Does what was shown."""
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
    revision = page_number(request.form.get("revision"))
    with work_of_user() as work:
        interventions.do(work, number, _act(_kind(kind), typed), typed["reason"], revision)
    flash(N_("Done, and recorded with your reason."))
    return redirect(url_for(".case", number=number))


def part(row: queries.Row) -> str:
    """The sentence of an incident in the reader's language."""
    if row.params:
        return words.explain(row.message, row.params)
    return gettext(row.message) if row.message else ""


def _incident(work: Work, incident_id: str, refusal: Invalid | None = None) -> str:
    return render_template(
        "incidents/show.html",
        row=queries.one(work, incident_id),
        part=part,
        typed=request.form.get("resolution", ""),
        error=words.explain(refusal.problems[0].message, refusal.problems[0].params) if refusal else "",
        closable=use_cases.closes_by_hand,
    )


def _asked(work: Work, number: str, kind: Kind, typed: Mapping[str, str], refusal: Invalid | None = None) -> str:
    standing = interventions.standing(work, number)
    token = next((one for one in standing.tokens if one.task_id == typed["task"]), None)
    called = _called(standing.definition.elements)
    wrong = {one.where: words.explain(one.message, one.params) for one in refusal.problems} if refusal else {}
    return render_template(
        "incidents/ask.html",
        standing=standing,
        kind=kind,
        token=token,
        typed=typed,
        errors=wrong,
        problems=[{"text": text, "href": f"#{name}"} for name, text in wrong.items()],
        places=[{"value": place, "text": called(place)} for place in token.places] if token else [],
        names=sorted({*standing.data, *(token.holds if token else ())}),
        written={name: json.dumps(value, ensure_ascii=False) for name, value in standing.data.items()},
        called=called,
    )


def _shown(work: Work, number: str, kind: Kind, typed: Mapping[str, str]) -> str:
    standing = interventions.standing(work, number)
    effect = interventions.try_out(work, number, _act(kind, typed))
    return render_template(
        "incidents/effect.html",
        standing=standing,
        kind=kind,
        typed=typed,
        effect=effect,
        fault=words.explain(effect.fault.message, effect.fault.params) if effect.fault else "",
        called=_called(standing.definition.elements),
        written=lambda value: json.dumps(value, ensure_ascii=False),
    )


def _act(kind: Kind, typed: Mapping[str, str]) -> Act:
    values = {typed["name"]: typed["value"]} if typed["name"] else {}
    return Act(kind, typed["task"], typed["to"], values)


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise NotFound("There is no such page.")
    return Kind(text)


def _require_reason(text: str) -> None:
    if not text:
        raise Invalid("Something is missing.", [Problem("reason", interventions.NO_REASON)])


def _called(elements: Mapping[str, Element]) -> Callable[[str], str]:
    """What an element is called; its id where it has no name."""

    def called(element: str) -> str:
        found = elements.get(element)
        return (said(found.name, found.name_en) if found else "") or element

    return called
