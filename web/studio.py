"""The studio: a process owner changes how the office works; a second one puts it to work."""

import difflib
import json
from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import releases, resources
from engine.domain.errors import Invalid, Problem
from engine.queries import studio as queries
from engine.queries.studio import VersionView
from engine.work import Work
from engine.workflow import Complaint
from web import words
from web.i18n import gettext
from web.work import look_of_user, work_of_user

bp = Blueprint("studio", __name__, url_prefix="/studio")

MEDIA = {"process": "application/xml", "form": "application/json"}
ENDINGS = {"process": ".bpmn", "form": ".form.json", "letter": ".typ", "criteria": ".toml", "programme": ".toml"}


@bp.get("/")
def index() -> str:
    """All resources, and what waits for approval."""
    with look_of_user() as work:
        return render_template(
            "studio/index.html",
            resources=queries.resources(work),
            waiting=queries.waiting(work),
            may_edit=queries.may_edit(work),
        )


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


@bp.get("/drafts/<version_id>")
def edit(version_id: str) -> Answer | str:
    """The editor: the canvas for a process, text for the others, and what the checks say."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
        if view.line.author_id != work.actor.id or view.line.status != "draft":
            return redirect(url_for(".version", version_id=version_id))
        return _editor(work, view, view.content.decode(errors="replace"))


@bp.post("/drafts/<version_id>")
def save(version_id: str) -> Answer | str | tuple[str, int]:
    """Saves the draft; the script gets the complaints as JSON, a plain form the page again. Nothing typed is lost."""
    content = request.form.get("content", "").replace("\r\n", "\n")
    by_script = request.accept_mimetypes.best == "application/json"
    with work_of_user() as work:
        revision = _number(request.form.get("revision", ""))
        draft = resources.save(work, version_id, content.encode(), revision)
        view = queries.version(work, draft.id)
        if by_script:
            return _as_json(work, view)
        return _editor(work, view, content)


@bp.post("/drafts/<version_id>/submit")
def submit(version_id: str) -> Answer:
    """Sends the draft for approval."""
    with work_of_user() as work:
        resources.submit(work, version_id, request.form.get("note", ""))
    return redirect(url_for(".version", version_id=version_id))


@bp.get("/versions/<version_id>")
def version(version_id: str) -> str:
    """One version to read: its picture or text, what it changes, what the checks say, who did what."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
        return render_template(
            "studio/version.html",
            view=view,
            complaints=queries.complaints(work, view) if view.line.status in resources.OPEN else [],
            changes=_changes(view),
            may_edit=queries.may_edit(work),
            me=work.actor.id,
        )


@bp.get("/versions/<version_id>/content")
def content(version_id: str) -> Response:
    """The version as a file, for the canvas or for another editor."""
    with look_of_user() as work:
        view = queries.version(work, version_id)
    response = Response(view.content, mimetype=MEDIA.get(view.kind, "text/plain"))
    response.headers["Content-Disposition"] = f'attachment; filename="{view.key}{ENDINGS[view.kind]}"'
    return response


@bp.post("/versions/<version_id>/publish")
def publish(version_id: str) -> Answer:
    """Puts a submitted version to work, as a second person."""
    with work_of_user() as work:
        releases.publish(work, version_id)
    return redirect(url_for(".version", version_id=version_id))


@bp.post("/versions/<version_id>/return")
def send_back(version_id: str) -> Answer:
    """Sends a submitted version back to its author, with a reason."""
    with work_of_user() as work:
        resources.send_back(work, version_id, request.form.get("reason", ""))
    return redirect(url_for(".version", version_id=version_id))


def _editor(work: Work, view: VersionView, text: str) -> str:
    complaints = queries.complaints(work, view)
    return render_template(
        "studio/edit.html",
        view=view,
        text=text,
        complaints=complaints,
        complaints_json=json.dumps([_complaint(complaint) for complaint in complaints]),
    )


def _as_json(work: Work, view: VersionView) -> Response:
    return jsonify(
        revision=view.revision,
        saved=gettext("Saved"),
        complaints=[_complaint(complaint) for complaint in queries.complaints(work, view)],
    )


def _complaint(complaint: Complaint) -> dict[str, str]:
    message = words.explain(complaint.message, complaint.params)
    return {"where": complaint.where, "message": message, "severity": complaint.severity}


def _changes(view: VersionView) -> Sequence[str]:
    """The lines that differ from the version it was begun from, three lines of context around them."""
    before, after = view.base.decode(errors="replace"), view.content.decode(errors="replace")
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return list(lines)[2:]


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Invalid("The page is incomplete.", [Problem("revision", "Open the draft again.")])
    return int(text)
