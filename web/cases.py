"""Cases: the list, and one case under its tabs; every tab is an address of its own."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import withdrawals
from engine.domain.errors import Invalid
from engine.queries import cases, certificates, dossiers, incidents, sums, timers, visible
from engine.queries import criteria as by_criterion
from engine.work import Work
from web import errors, forms
from web.addresses import number as page_number
from web.i18n import N_, language
from web.work import look_of_user, work_of_user

bp = Blueprint("cases", __name__)


@bp.get("/cases")
def index() -> str:
    """The cases that the reader may see, by status and by what is searched for."""
    status, text = request.args.get("status", ""), request.args.get("q", "").strip()
    with look_of_user() as work:
        page = cases.listing(work, status, text, page_number(request.args.get("page")))
        return render_template("cases/index.html", page=page, status=status, text=text, today=work.today)


@bp.get("/cases/<number>")
def show(number: str) -> str:
    """Where the case stands: the next step first, what happened last, its clocks."""
    with look_of_user() as work:
        head = cases.head(work, number)
        tasks = dossiers.tasks(work, head.id)
        recent = dossiers.history(work, head.id, head.release_id).rows[:6]
        may_withdraw, waiting = withdrawals.possible(work, head.id), timers.of_case(work, head.id)
        stops = incidents.stops(work, head.id, head.release_id) if work.actor.holds(*visible.READERS) else ()
        more = {
            "may_withdraw": may_withdraw,
            "timers": waiting,
            "stops": stops,
            "periods": sums.of_case(work, head.id),
            "certificates": certificates.of_case(work, head.id),
        }
        return _page(work, "show", head, tasks=tasks, recent=recent, **more)


@bp.get("/cases/<number>/tasks")
def tasks(number: str) -> str:
    """Every task of the case, open or done, and by whom."""
    with look_of_user() as work:
        head = cases.head(work, number)
        return _page(work, "tasks", head, tasks=dossiers.tasks(work, head.id))


@bp.get("/cases/<number>/criteria")
def criteria(number: str) -> str:
    """What was answered, judged, proved and found by criterion and site, and the risk map."""
    with look_of_user() as work:
        head = cases.head(work, number)
        return _page(work, "criteria", head, found=by_criterion.of_case(work, head.id))


@bp.get("/cases/<number>/history")
def history(number: str) -> str:
    """All that happened, the latest on top."""
    steps = request.args.get("steps") == "1"
    with look_of_user() as work:
        head = cases.head(work, number)
        number_of_page = page_number(request.args.get("page"))
        page = dossiers.history(work, head.id, head.release_id, number_of_page, steps=steps)
        return _page(work, "history", head, page=page, steps=steps)


@bp.get("/cases/<number>/documents")
def documents(number: str) -> str:
    """What was handed in."""
    with look_of_user() as work:
        head = cases.head(work, number)
        return _page(work, "documents", head, documents=dossiers.documents(work, head.id))


@bp.get("/cases/<number>/letters")
def letters(number: str) -> str:
    """What was sent."""
    with look_of_user() as work:
        head = cases.head(work, number)
        return _page(work, "letters", head, letters=dossiers.letters(work, head.id))


@bp.get("/cases/<number>/diagram")
def diagram(number: str) -> str:
    """The diagram in force for this case with the path it took; in words below it."""
    with look_of_user() as work:
        head = cases.head(work, number)
        choices = dossiers.diagrams(work, head.release_id)
        process = _chosen(choices, request.args.get("process", ""))
        marks = dossiers.path(work, head.id, head.release_id, process)
        return _page(work, "diagram", head, choices=choices, process=process, marks=marks)


@bp.get("/cases/<number>/diagram/<process>.bpmn")
def diagram_file(number: str, process: str) -> Response:
    """The diagram's file, for the viewer and for whoever wants to open it elsewhere."""
    with look_of_user() as work:
        head = cases.head(work, number)
        content = dossiers.xml(work, head.release_id, process)
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'inline; filename="{head.number}-{head.release}.bpmn"'
    return answer


@bp.get("/cases/<number>/withdraw")
def withdraw(number: str) -> str:
    """The page on which the legal representative withdraws the application."""
    with look_of_user() as work:
        return _withdrawal(work, cases.head(work, number), {})


@bp.post("/cases/<number>/withdraw")
def send_withdrawal(number: str) -> Answer | tuple[str, int]:
    """Withdraws the application, or shows what is wrong with what was typed."""
    with look_of_user() as work:
        head = cases.head(work, number)
        asked = withdrawals.form(work, head.id)
    typed = forms.posted(asked, request.form, request.files)
    try:
        with work_of_user() as work:
            withdrawals.send(work, head.id, typed)
    except Invalid as refusal:
        with look_of_user() as work:
            return _withdrawal(work, head, typed, refusal), errors.status(refusal)
    flash(N_("The withdrawal was received. The case ends with it."))
    return redirect(url_for(".show", number=number))


def _withdrawal(work: Work, head: cases.Head, typed: Mapping[str, object], refusal: Invalid | None = None) -> str:
    asked = withdrawals.form(work, head.id)
    view = forms.view(asked, typed, refusal.problems if refusal else (), language(), now=work.local)
    what = withdrawals.possible(work, head.id)
    return render_template("cases/withdraw.html", case=head, form=view, refusal=refusal, what=what)


def _page(work: Work, tab: str, head: cases.Head, **more: object) -> str:
    return render_template(f"cases/{tab}.html", tab=tab, case=head, today=work.today, **more)


def _chosen(choices: Sequence[dossiers.DiagramChoice], process: str) -> str:
    """The process that was asked for, if it is one of the case's; else its own, which comes first."""
    return process if process in {choice.process for choice in choices} else choices[0].process
