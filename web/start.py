"""Starting a case: choose what, about whom, answer the start form."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import starts
from engine.domain.errors import Invalid
from engine.queries import operators
from engine.queries import starts as pages
from engine.work import Work
from web import errors, filing, forms
from web.i18n import N_, language
from web.work import look_of_user, work_of_user

bp = Blueprint("start", __name__)


@bp.get("/start")
def index() -> str:
    """What the reader may start, and for which operators."""
    with look_of_user() as work:
        return render_template("start/index.html", choices=pages.choices(work), operators=operators.mine(work))


@bp.get("/start/<process>")
def form(process: str) -> str:
    """The start form of a process."""
    with look_of_user() as work:
        whom = tuple(request.args.get(one, "") for one in ("operator", "certificate", "application"))
        return _render(work, process, whom, request.args.get("at"), {})


@bp.post("/start/<process>")
def begin(process: str) -> Response | tuple[str, int]:
    """Starts the case, or shows what is wrong with everything that was typed."""
    operator, certificate, application = whom = _whom()
    at = request.form.get("_at") or None
    with look_of_user() as work:
        asked = pages.form(work, process, at)
        typed = filing.without_uploads(filing.posted(asked)) if asked else {}
        if forms.rows_changed(request.form):
            return _render(work, process, whom, at, typed), 200
    try:
        with work_of_user() as work:
            case = starts.begin(
                work,
                process,
                typed,
                operator_id=operator or None,
                authorisation_id=certificate or None,
                application_id=application or None,
                key=request.form.get("_key"),
                at=at,
            )
            number = case.number
    except Invalid as refusal:
        with look_of_user() as work:
            return _render(work, process, whom, at, typed, refusal), errors.status(refusal)
    flash(N_("The case is open. Its first tasks are below."))
    return redirect(url_for("cases.show", number=number))


@bp.post("/start/<process>/conditions")
def conditions(process: str) -> dict[str, list[str]]:
    """Which questions of the start form are not asked, as the answers stand. Nothing is kept."""
    operator, certificate, application = _whom()
    with look_of_user() as work:
        page = pages.read(work, process, operator, certificate, request.form.get("_at") or None, application)
        if page.form is None:
            return {"hidden": []}
        typed = filing.without_uploads(filing.posted(page.form))
        return {"hidden": forms.away(page.form, typed, data=_known(work, page, typed), now=work.now)}


def _whom() -> tuple[str, ...]:
    """Whom the case is to be about, as the page was sent: operator, certificate, application; "" where it is none."""
    return tuple(request.form.get(one, "") for one in ("_operator", "_certificate", "_application"))


def _known(work: Work, page: pages.StartPage, typed: Mapping[str, object]) -> Mapping[str, object]:
    offered = starts.offer(work, page.choice.process, page.form, page.operator.id, typed) if page.form else {}
    return {"operator_id": page.operator.id, "operator_name": page.operator.name, **offered}


def _render(
    work: Work,
    process: str,
    whom: tuple[str, ...],
    at: str | None,
    typed: Mapping[str, object],
    refusal: Invalid | None = None,
) -> str:
    operator, certificate, application = whom
    page = pages.read(work, process, operator, certificate, at, application)
    problems = refusal.problems if refusal else ()
    asked = page.form
    known = _known(work, page, typed)
    view = forms.view(asked, typed, problems, language(), data=known, now=work.local) if asked else None
    offers = asked is not None and any(field.key == "programme" for field in asked.walk())
    return render_template("start/form.html", page=page, form=view, key=work.new_id(), offers=offers)
