"""The page of a task: read, take, give back, keep a draft, complete."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import overrides, tasks
from engine.domain.errors import Conflict, Invalid, Problem, Refusal
from engine.queries import colleagues, dossiers, inbox, upgrades
from engine.queries import tasks as pages
from engine.rights import Barred
from engine.work import Work
from web import dates, errors, filing, forms
from web.i18n import N_, gettext, language
from web.work import look_of_user, work_of_user

bp = Blueprint("tasks", __name__)
EARLIER = 6  # tasks done before that the page names; the others are one click away


@bp.get("/tasks/<task_id>")
def show(task_id: str) -> str:
    """The task with its form; that somebody opened it who may do it is noted once."""
    with look_of_user() as work:
        page = pages.read(work, task_id)
        shown = _render(work, page, page.answers)
    if page.open and not page.seen and page.refusal is None:
        with work_of_user() as work:
            tasks.view(work, task_id)
    return shown


@bp.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Takes the task."""
    with work_of_user() as work:
        tasks.claim(work, task_id)
    flash(N_("The task is yours."))
    return redirect(url_for(".show", task_id=task_id))


@bp.post("/inbox/next")
def claim_next() -> Response:
    """Takes the task that is due first among those that nobody has."""
    with work_of_user() as work:
        task_id = inbox.next_free(work)
        if task_id is None:
            flash(N_("Nothing waits to be taken."))
            return redirect(url_for("inbox.index"))
        tasks.claim(work, task_id)
    return redirect(url_for(".show", task_id=task_id))


@bp.post("/tasks/<task_id>/release")
def release(task_id: str) -> Response:
    """Gives the task back to its role."""
    with work_of_user() as work:
        tasks.release(work, task_id)
    flash(N_("The task is free again for your colleagues. A draft stays with it."))
    return redirect(url_for("inbox.index"))


@bp.post("/tasks/<task_id>/assign")
def assign(task_id: str) -> Response:
    """A supervisor gives the task to a colleague."""
    with work_of_user() as work:
        tasks.assign(work, task_id, request.form.get("account", ""), request.form.get("reason", ""))
    flash(N_("The task was given to your colleague."))
    return redirect(url_for(".show", task_id=task_id))


@bp.post("/tasks/<task_id>/exception")
def ask_exception(task_id: str) -> Response | tuple[str, int]:
    """Asks a second person for an exception from the rule that keeps the reader from the task."""
    try:
        with work_of_user() as work:
            tasks.ask_exception(work, task_id, request.form.get("reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            page = pages.read(work, task_id)
            return _render(work, page, page.answers, asked=refusal.problems[0].message), errors.status(refusal)
    flash(N_("A second person was asked. You can do the task once they grant it."))
    return redirect(url_for(".show", task_id=task_id))


@bp.post("/tasks/<task_id>/draft")
def save_draft(task_id: str) -> Response | dict[str, str]:
    """Keeps what was typed, right or not; the page's own script sends it now and then, and gets the hour back."""
    with work_of_user() as work:
        form, case = pages.form_and_case(work, task_id)
        answers, problems = filing.stored(work, case, filing.posted(form))
        tasks.save_draft(work, task_id, answers)
        saved = dates.hour(work.now, work.zone)
    if request.accept_mimetypes.best == "application/json":
        return {"saved": gettext("Draft saved at %(hour)s", hour=saved)}
    flash(N_("The draft is saved.") if not problems else N_("The draft is saved, but not every file could be kept."))
    return redirect(url_for(".show", task_id=task_id))


@bp.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> Response | tuple[str, int]:
    """Does the task. What is wrong, or done by somebody else meanwhile, is shown with everything that was typed."""
    with look_of_user() as work:
        form, _case = pages.form_and_case(work, task_id)
    typed = filing.posted(form)
    if forms.rows_changed(request.form):
        return _again(task_id, typed, None)
    try:
        with work_of_user() as work:
            _form, case = pages.form_and_case(work, task_id)
            answers = filing.kept(work, case, typed)
            tasks.complete(work, task_id, answers, key=request.form.get("_key"))
    except (Conflict, Invalid) as refusal:
        return _again(task_id, typed, refusal)
    flash(N_("The task is done."))
    return redirect(url_for("inbox.index"))


@bp.post("/tasks/<task_id>/conditions")
def conditions(task_id: str) -> dict[str, list[str]]:
    """Which questions are not asked, as the answers stand: the page's own script asks while somebody types. Nothing is kept."""
    with look_of_user() as work:
        page = pages.read(work, task_id)
        if page.refusal is not None:
            raise page.refusal
        typed = filing.without_uploads(filing.posted(page.form))
        return {"hidden": forms.away(page.form, typed, data=page.data, now=work.now)}


def _again(task_id: str, typed: filing.Typed, refusal: Conflict | Invalid | None) -> tuple[str, int]:
    """The page once more, with what was typed. Files are kept already, so that nobody has to choose them again."""
    keep = typed.has_uploads and not isinstance(refusal, Conflict)
    answers = _kept(task_id, typed) if keep else filing.without_uploads(typed)
    with look_of_user() as work:
        page = pages.read(work, task_id)
        problems = refusal.problems if isinstance(refusal, Invalid) else ()
        shown = _render(work, page, answers, problems, refusal)
    return shown, errors.status(refusal) if refusal else 200


def _kept(task_id: str, typed: filing.Typed) -> Mapping[str, object]:
    with work_of_user() as work:
        page = pages.read(work, task_id)
        if page.refusal is not None:
            raise page.refusal
        _form, case = pages.form_and_case(work, task_id)
        answers, _problems = filing.stored(work, case, typed)
        return answers


def _render(
    work: Work,
    page: pages.TaskPage,
    answers: Mapping[str, object],
    problems: tuple[Problem, ...] = (),
    refusal: Refusal | None = None,
    asked: str = "",
) -> str:
    files = filing.views(dossiers.documents(work, page.case.id))
    fill = page.open and page.refusal is None
    view = forms.view if fill else forms.answers_view
    extra = {"problems": problems} if fill else {}
    return render_template(
        "tasks/show.html",
        task=page,
        form=view(page.form, answers, language=language(), data=page.data, files=files, now=work.local, **extra),
        fill=fill,
        key=work.new_id(),
        conflict=refusal if isinstance(refusal, Conflict) else None,
        recent=dossiers.history(work, page.case.id, page.case.release_id).rows[:5],
        documents=list(files.values()),
        earlier=[one for one in dossiers.tasks(work, page.case.id) if one.status == "done" and one.readable][:EARLIER],
        letters=[one for one in dossiers.letters(work, page.case.id) if one.ready],
        leftover=upgrades.leftover(work, page.id, page.case.id) if fill else {},
        today=work.today,
        barred=isinstance(page.refusal, Barred),
        exceptions=overrides.of_task(work, page.id) if page.open else [],
        asked_wrong=asked,
        colleagues=colleagues.of_task(work, page.id) if page.open and work.actor.holds(tasks.SUPERVISOR) else [],
    )
