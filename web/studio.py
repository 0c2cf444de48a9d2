"""The studio: a process owner changes how the office works; a second one puts it to work."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import checking, people, releases, resources, starters
from engine.decisions import library
from engine.domain.errors import Conflict, Invalid, Problem
from engine.queries import changes, trials
from engine.queries import studio as queries
from engine.queries.studio import VersionView
from engine.work import Work
from engine.workflow import Complaint, encoded, offers, plain_text
from engine.workflow import drawing as drawn
from web import constructs, drawing_words, registry_words, words
from web.i18n import gettext, said
from web.settings import CONTENT
from web.work import look_of_user, work_of_user

bp = Blueprint("studio", __name__, url_prefix="/studio")

JSON = "application/json"
MEDIA = {"process": "application/xml", "decision": "application/xml", "form": JSON}
ENDINGS = {kind: ending for kind, (_folder, ending) in releases.SHIPPED.items()}
Page = str | tuple[str, int]


@bp.get("/")
def index() -> str:
    """All resources, and what waits for approval."""
    with look_of_user() as work:
        lines = queries.resources(work)
        return render_template(
            "studio/index.html",
            groups=[(kind, [line for line in lines if line.kind == kind]) for kind in resources.KINDS],
            waiting=queries.waiting(work),
            may_edit=queries.may_edit(work),
            starters=starters.STARTERS,
        )


@bp.get("/constructs")
def what_runs() -> str:
    """What diagrams can say: each construct of BPMN, and whether it runs."""
    return render_template(
        "studio/constructs.html", groups=constructs.groups(), events=constructs.events(), places=constructs.PLACES
    )


@bp.get("/new/<kind>")
def new(kind: str) -> str:
    """Asks what a new resource is called."""
    return _asked(kind, {})


@bp.post("/new/<kind>")
def create(kind: str) -> Answer | Page:
    """Begins a resource that did not exist, as a draft with the least that the checks accept."""
    typed = {name: request.form.get(name, "").strip() for name in ("key", "title", "title_en")}
    try:
        with work_of_user() as work:
            _require_titles(kind, typed)
            content = starters.content(kind, typed["key"], typed["title"], typed["title_en"])
            draft = resources.create(work, kind, typed["key"], content, (typed["title"], typed["title_en"]))
            return redirect(url_for(".edit", version_id=draft.id))
    except Invalid as refused:
        return _asked(kind, {one.where: words.explain(one.message, one.params) for one in refused.problems}), 422
    except Conflict as refused:
        return _asked(kind, {"key": words.explain(refused.message, refused.params)}), 409


@bp.get("/<kind>/<key>")
def show(kind: str, key: str) -> str:
    """One resource: its versions, drafts, and for a process its releases."""
    with look_of_user() as work:
        return render_template(
            "studio/show.html",
            resource=resources.find(work, kind, key),
            versions=queries.versions(work, kind, key),
            releases=queries.release_lines(work, key) if kind == "process" else [],
            may_edit=queries.may_edit(work),
            me=work.actor.id,
        )


@bp.post("/<kind>/<key>/draft")
def open_draft(kind: str, key: str) -> Answer:
    """Begins a draft, or goes on with the one already begun."""
    with work_of_user() as work:
        draft = resources.open_draft(work, kind, key)
        return redirect(url_for(".edit", version_id=draft.id))


@bp.post("/<kind>/<key>/newer")
def take_over(kind: str, key: str) -> Answer:
    """Brings the newer text that came with Marchamo into a draft, and shows what differs."""
    with work_of_user() as work:
        draft = releases.take_over(work, CONTENT, kind, key)
        flash(gettext("This draft holds the text that came with Marchamo. Below is what differs from yours."))
        return redirect(url_for(".version", version_id=draft.id))


@bp.get("/drafts/<version_id>")
def edit(version_id: str) -> Answer | str:
    """The editor: the canvas for a process, text for the others, and what the checks say."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
        if view.line.author_id != work.actor.id or view.line.status != "draft":
            return redirect(url_for(".version", version_id=version_id))
        return _editor(work, view)


@bp.post("/drafts/<version_id>")
def save(version_id: str) -> Answer | Page | tuple[Response, int]:
    """Saves the draft; the script gets the complaints as JSON, a plain form the page again. Nothing typed is lost."""
    revision = _number(request.form.get("revision", ""))
    try:
        with work_of_user() as work:
            content = _content(queries.version(work, version_id))
            draft = resources.save(work, version_id, content, revision)
            view = queries.version(work, draft.id)
            if _by_script():
                complaints = _as_json(queries.complaints(work, view))
                return jsonify(revision=view.revision, saved=gettext("Saved"), complaints=complaints)
    except Conflict as conflict:
        return _overtaken(version_id, conflict)
    flash(gettext("The draft is saved."))
    return redirect(url_for(".edit", version_id=version_id))


@bp.post("/drafts/<version_id>/file")
def upload(version_id: str) -> Answer | Page:
    """Replaces the draft of a process by a file, byte for byte, as another modeler saved it."""
    revision = _number(request.form.get("revision", ""))
    try:
        with work_of_user() as work:
            resources.save(work, version_id, _sent_file(queries.version(work, version_id)), revision)
    except Invalid as refused:
        with look_of_user() as work:
            return _editor(work, queries.version(work, version_id), wrong_file=refused), 422
    flash(gettext("The draft now holds the file."))
    return redirect(url_for(".edit", version_id=version_id))


@bp.post("/drafts/<version_id>/check")
def check(version_id: str) -> Response:
    """What the checks would say of the draft as it stands in the browser; nothing is saved."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
        view = replace(view, content=_content(view))
        return jsonify(complaints=_as_json(queries.complaints(work, view)))


@bp.post("/drafts/<version_id>/submit")
def submit(version_id: str) -> Answer | Page:
    """Sends the draft for approval."""
    try:
        with work_of_user() as work:
            resources.submit(work, version_id, request.form.get("note", ""))
    except Invalid as refused:
        with look_of_user() as work:
            return _editor(work, queries.version(work, version_id), refused=refused), 422
    flash(gettext("Sent. Another process owner sees it among what waits for approval."))
    return redirect(url_for(".version", version_id=version_id))


@bp.get("/versions/<version_id>")
def version(version_id: str) -> str:
    """One version to read: its picture or text, what it changes, what the checks say, who did what."""
    with look_of_user() as work:
        return _version(work, version_id)


@bp.get("/versions/<version_id>/content")
def content(version_id: str) -> Response:
    """The version as a file, for the canvas or for another editor."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
    response = Response(view.content, mimetype=MEDIA.get(view.kind, "text/plain"))
    response.headers["Content-Disposition"] = f'attachment; filename="{view.key}{ENDINGS[view.kind]}"'
    return response


@bp.get("/versions/<version_id>/try")
def try_out(version_id: str) -> str:
    """A form that asks a decision's inputs, and what it answers to them with how it found it; nothing is kept."""
    typed = request.args if "asked" in request.args else None
    with look_of_user() as work:
        view = queries.version(work, version_id)
        found = trials.trial(work, view, request.args.get("decision", ""), typed)
        wrong = [(one.where, words.explain(one.message, one.params)) for one in found.problems]
        return render_template("studio/try.html", view=view, trial=found, typed=typed or {}, wrong=wrong)


@bp.get("/versions/<version_id>/drawing")
def drawing(version_id: str) -> Response:
    """The version of a process as the canvas reads it, in whatever way the file is written."""
    with look_of_user() as work:
        return Response(drawn(queries.version(work, version_id).content), mimetype="application/xml")


@bp.post("/versions/<version_id>/publish")
def publish(version_id: str) -> Answer:
    """Puts a submitted version to work, as a second person."""
    with work_of_user() as work:
        releases.publish(work, version_id)
    flash(gettext("It is in force: new cases take this version, running ones keep theirs."))
    return redirect(url_for(".version", version_id=version_id))


@bp.post("/versions/<version_id>/return")
def send_back(version_id: str) -> Answer | Page:
    """Sends a submitted version back to its author, with a reason."""
    try:
        with work_of_user() as work:
            resources.send_back(work, version_id, request.form.get("reason", ""))
    except Invalid as refused:
        with look_of_user() as work:
            return _version(work, version_id, refused=refused), 422
    flash(gettext("Sent back. The author finds your reason in the draft."))
    return redirect(url_for(".version", version_id=version_id))


def _asked(kind: str, errors: dict[str, str]) -> str:
    if kind not in starters.STARTERS:
        raise Invalid("New resources of this kind are not begun here.")
    return render_template(
        "studio/new.html",
        kind=kind,
        typed={name: request.form.get(name, "") for name in ("key", "title", "title_en")},
        errors=errors,
        problems=[{"text": message, "href": f"#{name}"} for name, message in errors.items()],
    )


def _require_titles(kind: str, typed: dict[str, str]) -> None:
    if kind not in starters.STARTERS:
        raise Invalid("New resources of this kind are not begun here.")
    missing = [Problem(name, "Write what it is called.") for name in ("title", "title_en") if not typed[name]]
    if not resources.KEY.fullmatch(typed["key"]):
        missing.append(Problem("key", "Begin with a letter; use small letters without accents, digits and _."))
    if missing:
        raise Invalid("Something is missing.", missing)


def _overtaken(version_id: str, conflict: Conflict) -> Page | tuple[Response, int]:
    """The draft was saved elsewhere meanwhile: what was typed stays, and the reader decides which of the two does."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
        if view.line.status != "draft" or view.line.author_id != work.actor.id:
            raise conflict
        if _by_script():
            return jsonify(message=words.explain(conflict.message, conflict.params), revision=view.revision), 409
        return _editor(work, replace(view, content=_content(view)), conflict=conflict), 409


def _editor(
    work: Work,
    view: VersionView,
    *,
    conflict: Conflict | None = None,
    refused: Invalid | None = None,
    wrong_file: Invalid | None = None,
) -> str:
    complaints = queries.complaints(work, view)
    return render_template(
        "studio/edit.html",
        view=view,
        text=_text(view),
        complaints=complaints,
        places=queries.places(work, view),
        complaints_json=json.dumps(_as_json(complaints)),
        known_json=json.dumps(_known(work) if view.kind == "process" else {}),
        namespace=library.namespace(view.content) if view.kind == "decision" else "",
        conflict=conflict,
        outdated=view.base_number if view.begun_on and view.base_number != view.begun_on else None,
        note=request.form.get("note", "") if refused else view.line.note,
        note_error=_first(refused),
        file_error=_first(wrong_file),
    )


def _version(work: Work, version_id: str, *, refused: Invalid | None = None) -> str:
    view = queries.version(work, version_id)
    waits = view.line.status in resources.OPEN
    complaints = queries.complaints(work, view) if waits else []
    return render_template(
        "studio/version.html",
        view=view,
        complaints=complaints,
        places=queries.places(work, view),
        blocked=any(one.severity == checking.ERROR for one in complaints),
        concerned=queries.concerned(work, view) if waits else [],
        changes=changes.between(view.base, view.content) if view.kind == "process" and view.base else [],
        lines=_lines(view),
        text=_text(view),
        drawing_words=drawing_words,
        element=request.args.get("element", ""),
        may_edit=queries.may_edit(work),
        me=work.actor.id,
        reason_error=_first(refused),
    )


def _first(refused: Invalid | None) -> str:
    problem = next(iter(refused.problems), None) if refused else None
    return words.explain(problem.message, problem.params) if problem else ""


def _known(work: Work) -> dict[str, Sequence[str] | list[tuple[str, str]]]:
    known = queries.known(work)
    return {
        "runs": sorted(offers()),
        "forms": [(key, _called(key, said(title, title_en))) for key, title, title_en in known.forms],
        "processes": [(key, _called(key, said(title, title_en))) for key, title, title_en in known.processes],
        "decisions": [(key, _called(key, said(title, title_en))) for key, title, title_en in known.decisions],
        "roles": [(role, words.of(words.ROLES, role)) for role in people.ROLES],
        "services": [(service, service) for service in known.services],
        "clocks": [(clock, words.of(registry_words.CLOCKS, clock)) for clock in known.clocks],
    }


def _called(key: str, title: str) -> str:
    return key if title == key else f"{title} ({key})"


def _as_json(complaints: Sequence[Complaint]) -> list[dict[str, str]]:
    return [
        {"where": one.where, "message": words.explain(one.message, one.params), "severity": one.severity}
        for one in complaints
    ]


def _lines(view: VersionView) -> Sequence[str]:
    """The lines that differ from the version before, three lines of context around them."""
    if not view.base:
        return []
    before, after = _text(replace(view, content=view.base)), _text(view)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return list(lines)[2:]


def _content(view: VersionView) -> bytes:
    """What was typed, as a file: that of a process in the encoding that it declares."""
    typed = request.form.get("content", "").replace("\r\n", "\n")
    return encoded(typed, view.content) if view.kind == "process" else typed.encode()


def _sent_file(view: VersionView) -> bytes:
    sent = request.files.get("file")
    if view.kind != "process" or sent is None or not sent.filename:
        raise Invalid("Choose a file.", [Problem("file", "Choose the file of a diagram.")])
    return bytes(sent.read())


def _text(view: VersionView) -> str:
    return plain_text(view.content) if view.kind == "process" else view.content.decode(errors="replace")


def _by_script() -> bool:
    return request.accept_mimetypes.best == JSON


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Invalid("The page is incomplete.", [Problem("revision", "Open the draft again.")])
    return int(text)
