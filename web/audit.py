"""The auditor's pages: find, read, verify and take away the record; nothing here changes a case."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request

from engine import export
from engine.domain.errors import Invalid, Problem
from engine.queries import audit as queries
from engine.queries.audit import Question
from engine.work import Work
from web import words
from web.i18n import gettext
from web.work import look_of_user, work_of_user

bp = Blueprint("audit", __name__, url_prefix="/audit")

MEDIA = {"csv": "text/csv", "json": "application/json"}


@bp.get("/")
def index() -> str:
    """Events by case, person, act and period."""
    with look_of_user() as work:
        question = _question(work)
        return render_template(
            "audit/index.html",
            question=question,
            asked=request.args,
            found=queries.search(work, question),
            choices_of_acts=_choices([(act, words.of(words.EVENTS, act)) for act in queries.acts(work)]),
            choices_of_people=_choices(queries.people(work)),
        )


@bp.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """A case's whole history, event by event."""
    with look_of_user() as work:
        row = queries.case_of(work, case_id)
        return render_template("audit/case.html", case=row, events=queries.of_stream(work, f"case:{case_id}"))


@bp.get("/streams/<stream>")
def stream(stream: str) -> str:
    """A part of the record that belongs to no case: accounts, a resource, an operator."""
    with look_of_user() as work:
        return render_template("audit/stream.html", stream=stream, events=queries.of_stream(work, stream))


@bp.post("/cases/<case_id>/verify")
def verify(case_id: str) -> str:
    """Computes the chain anew, and says whether every event is as it was written."""
    with work_of_user() as work:
        count, broken = export.verify(work, case_id)
        row = queries.case_of(work, case_id)
        return render_template("audit/verified.html", case=row, count=count, broken=broken)


@bp.post("/cases/<case_id>/export/<form>")
def take_away(case_id: str, form: str) -> Response:
    """The history of a case as a CSV or JSON file; that it was taken is recorded."""
    with work_of_user() as work:
        text = export.case(work, case_id, form)
        number = queries.case_of(work, case_id).number
    response = Response(text, mimetype=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.{form}"'
    return response


def _choices(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": "", "text": gettext("all")}, *({"value": value, "text": text} for value, text in pairs)]


def _question(work: Work) -> Question:
    asked = request.args
    until = _day(work, "until")
    return Question(
        text=asked.get("text", "").strip()[:100],
        person=asked.get("person", ""),
        act=asked.get("act", ""),
        since=_day(work, "since"),
        until=until + timedelta(days=1) if until else None,
        page=int(asked["page"]) if asked.get("page", "").isdecimal() else 1,
    )


def _day(work: Work, name: str) -> datetime | None:
    """A date as typed (31/12/2026 or 2026-12-31), as the instant at which it begins in the office."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=work.zone)
        except ValueError:
            continue
    raise Invalid("The search was not understood.", [Problem(name, "Write the date as day/month/year.")])
