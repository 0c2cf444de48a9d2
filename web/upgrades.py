"""Moving running cases to a newer release: think it through, ask, approve, look how it goes, take back."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from engine import outlooks, resources, upgrades
from engine.domain.errors import Invalid, Refusal
from engine.outlooks import Choice
from engine.queries import studio
from engine.queries import upgrades as queries
from engine.work import Work
from web import errors, words
from web.addresses import number as page_number
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("upgrades", __name__, url_prefix="/studio")

MAP = "to."  # before the name of what is mapped, in the names of fields
Page = str | tuple[str, int]


@bp.get("/process/<process>/cases")
def index(process: str) -> str:
    """How many cases run on which release, where they could go, and the moves so far."""
    with look_of_user() as work:
        return render_template(
            "studio/cases.html",
            resource=resources.find(work, "process", process),
            releases=studio.release_lines(work, process),
            moves=queries.moves(work, process),
            may_edit=studio.may_edit(work),
        )


@bp.get("/process/<process>/cases/move")
def plan(process: str) -> Page:
    """The dry run: which cases can go, why others cannot, what the mapping must still say."""
    with look_of_user() as work:
        return _plan(work, process, request.args)


@bp.post("/process/<process>/cases/ask")
def ask(process: str) -> Answer | Page:
    """Asks for the move; another process owner decides."""
    said = request.form
    try:
        with work_of_user() as work:
            release_id = outlooks.numbered(work, process, _number(said.get("release"))).id
            upgrade = upgrades.ask(
                work, release_id, _choice(work, said), _mapping(said), said.getlist("again"), said.get("reason", "")
            )
            address = url_for(".show", upgrade_id=upgrade.id)
    except Invalid as refused:
        with look_of_user() as work:
            return _plan(work, process, said, refused), errors.status(refused)
    flash(N_("Asked. Another process owner approves the move on this page."))
    return redirect(address)


@bp.get("/moves/<upgrade_id>")
def show(upgrade_id: str) -> str:
    """One move: how far it is, and how each case fared."""
    with look_of_user() as work:
        return _show(work, upgrade_id)


@bp.post("/moves/<upgrade_id>/approve")
def approve(upgrade_id: str) -> Answer:
    """Lets the cases move."""
    with work_of_user() as work:
        upgrades.approve(work, upgrade_id)
    flash(N_("Approved. The cases move one after the other; look again to see how far they are."))
    return redirect(url_for(".show", upgrade_id=upgrade_id))


@bp.post("/moves/<upgrade_id>/leave")
def leave(upgrade_id: str) -> Answer | Page:
    """Gives the move up."""
    try:
        with work_of_user() as work:
            upgrades.leave(work, upgrade_id, request.form.get("reason", ""))
    except Invalid as refused:
        with look_of_user() as work:
            return _show(work, upgrade_id, refused), errors.status(refused)
    flash(N_("Given up. Cases that had moved stay where they are."))
    return redirect(url_for(".show", upgrade_id=upgrade_id))


@bp.post("/moves/<upgrade_id>/undo/<case_id>")
def undo(upgrade_id: str, case_id: str) -> Answer | Page:
    """Takes one case back to the release that it came from."""
    try:
        with work_of_user() as work:
            upgrades.undo(work, upgrade_id, case_id, request.form.get("reason", ""))
    except Invalid as refused:
        with look_of_user() as work:
            return _show(work, upgrade_id, refused, case_id), errors.status(refused)
    flash(N_("The case is back where it was."))
    return redirect(url_for(".show", upgrade_id=upgrade_id))


def _plan(work: Work, process: str, said: MultiDict[str, str], refused: Refusal | None = None) -> str:
    target = outlooks.numbered(work, process, _number(said.get("release")))
    mapping, again = _mapping(said), said.getlist("again")
    number = page_number(said.get("page"))
    return render_template(
        "studio/plan.html",
        resource=resources.find(work, "process", process),
        releases=studio.release_lines(work, process),
        run=queries.dry_run(work, target.id, _choice(work, said), mapping, again, number),
        mapping=mapping,
        again=again,
        asked={name: said.get(name, "") for name in ("from", "element", "operator", "phase")},
        fields=said.to_dict(flat=False),
        reason=said.get("reason", ""),
        reason_error=_first(refused),
        may_edit=studio.may_edit(work),
    )


def _show(work: Work, upgrade_id: str, refused: Refusal | None = None, case_id: str = "") -> str:
    view = queries.move(work, upgrade_id, page_number(request.args.get("page")))
    return render_template(
        "studio/move.html",
        view=view,
        resource=resources.find(work, "process", view.process),
        may_edit=studio.may_edit(work),
        me=work.actor.id,
        error=_first(refused),
        error_at=case_id,
    )


def _choice(work: Work, said: MultiDict[str, str]) -> Choice:
    release = said.get("from", "")
    return Choice(
        release=int(release) if release.isdecimal() else None,
        element=said.get("element", "").strip(),
        operator=outlooks.operator(work, said.get("operator", "").strip()),
        phase=said.get("phase", "").strip(),
    )


def _mapping(said: MultiDict[str, str]) -> Mapping[str, str]:
    return {name.removeprefix(MAP): to for name, to in said.items() if name.startswith(MAP) and to}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _first(refused: Refusal | None) -> str:
    problem = next(iter(refused.problems), None) if isinstance(refused, Invalid) else None
    return words.explain(problem.message, problem.params) if problem else ""
