"""The auditor's pages: find, read, verify and take away the record; nothing here changes a case."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request, url_for

from engine import export
from engine.domain.chain import Link
from engine.queries import audit as queries
from engine.queries import sums as clock_sums
from engine.queries.audit import Question
from engine.work import Work
from web import sums, words
from web.addresses import number
from web.i18n import N_, gettext
from web.work import look_of_user, work_of_user

bp = Blueprint("audit", __name__, url_prefix="/audit")

MEDIA = {"csv": "text/csv", "json": "application/json"}
NOT_A_DATE = N_("Write the date as day/month/year, for example 31/12/2026.")
REVERSED = N_("The last day lies before the first one.")
PARTS = {
    "people": N_("Accounts and log-ins"),
    "audit": N_("What auditors did"),
    "refused": N_("Acts that were refused"),
    "system": N_("The system itself"),
}


@bp.get("/")
def index() -> str | tuple[str, int]:
    """Events by case, person, act and period; a date that cannot be read is told at its field."""
    with look_of_user() as work:
        question, errors = _question(work)
        page = render_template(
            "audit/index.html",
            asked={name: request.args.get(name, "") for name in ("text", "person", "act", "since", "until")},
            errors=errors,
            problems=[{"text": message, "href": f"#{name}"} for name, message in errors.items()],
            found=None if errors else queries.search(work, question),
            acts=_acts(),
            people=_choices(queries.people(work)),
            part=part,
            sheet=queries.SHEET,
        )
    return (page, 422) if errors else page


@bp.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """A case's whole history, event by event, and what was in force for it."""
    with look_of_user() as work:
        row = queries.case_of(work, case_id)
        return render_template(
            "audit/case.html",
            case=row,
            release=queries.release_number(work, row.release_id),
            pinned=queries.in_force(work, row.release_id),
            periods=clock_sums.of_case(work, case_id),
            found=queries.of_stream(work, f"case:{case_id}", number(request.args.get("page"))),
        )


@bp.get("/streams/<stream>")
def stream(stream: str) -> str:
    """A part of the record that belongs to no case: accounts, a resource, refused acts."""
    with look_of_user() as work:
        found = queries.of_stream(work, stream, number(request.args.get("page")))
        return render_template("audit/stream.html", stream=stream, name=part(stream), found=found)


@bp.post("/cases/<case_id>/verify")
def verify(case_id: str) -> str:
    """Computes the chain anew, and says whether every event is as it was written."""
    with work_of_user() as work:
        row = queries.case_of(work, case_id)
        count, broken = export.verify(work, case_id)
        return _verified(work, row.number, url_for(".case", case_id=case_id), count, broken)


@bp.post("/streams/<stream>/verify")
def verify_stream(stream: str) -> str:
    """Likewise for a part that belongs to no case."""
    with work_of_user() as work:
        count, broken = export.verify_stream(work, stream)
        return _verified(work, part(stream), url_for(".stream", stream=stream), count, broken)


@bp.post("/cases/<case_id>/export/<form>")
def take_away(case_id: str, form: str) -> Response:
    """The history of a case as a CSV or JSON file; that it was taken is recorded."""
    with work_of_user() as work:
        text = export.case(work, case_id, form)
        name = queries.case_of(work, case_id).number
    return _file(text, name, form)


@bp.post("/cases/<case_id>/clocks/<form>")
def take_clocks(case_id: str, form: str) -> Response:
    """The legal clocks of a case with their sums in both languages, as a CSV or JSON file; that it was taken is recorded."""
    with work_of_user() as work:
        number_of_case = queries.case_of(work, case_id).number
        text = export.clocks(work, case_id, form, sums.rows(clock_sums.of_case(work, case_id)))
    return _file(text, f"{number_of_case}-clocks", form)


@bp.post("/streams/<stream>/export/<form>")
def take_away_stream(stream: str, form: str) -> Response:
    """Likewise for a part that belongs to no case."""
    with work_of_user() as work:
        text = export.stream(work, stream, form)
    return _file(text, stream.replace(":", "-"), form)


def part(stream: str) -> str:
    """What a part of the record is called."""
    if stream in PARTS:
        return gettext(PARTS[stream])
    if stream.startswith("calendar:"):
        return gettext("Calendar %(name)s", name=stream.removeprefix("calendar:").removeprefix("office:"))
    kind, _, key = stream.removeprefix("resource:").partition(":")
    return f"{words.of(words.RESOURCES, kind)} {key}" if stream.startswith("resource:") else stream


def _verified(work: Work, name: str, address: str, count: int, broken: Link | None) -> str:
    return render_template(
        "audit/verified.html", name=name, address=address, count=count, broken=broken, now=work.now, by=work.actor.name
    )


def _file(text: str, name: str, form: str) -> Response:
    marked = "\ufeff" + text if form == "csv" else text  # without the mark, spreadsheets misread the accents
    response = Response(marked, mimetype=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _acts() -> list[dict[str, str]]:
    named = ((act, gettext(sentence).rstrip(".")) for act, sentence in words.EVENTS.items())
    return _choices(sorted(named, key=lambda pair: pair[1].casefold()))


def _choices(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": "", "text": gettext("all")}, *({"value": value, "text": text} for value, text in pairs)]


def _question(work: Work) -> tuple[Question, dict[str, str]]:
    asked, errors = request.args, {}
    since, until = (_day(work, asked.get(name, "").strip()) for name in ("since", "until"))
    for name, read in (("since", since), ("until", until)):
        if read is None and asked.get(name, "").strip():
            errors[name] = gettext(NOT_A_DATE)
    if since and until and until < since:
        errors["until"] = gettext(REVERSED)
    question = Question(
        text=asked.get("text", "").strip()[:100],
        person=asked.get("person", ""),
        act=asked.get("act", ""),
        since=since,
        until=until + timedelta(days=1) if until else None,
        page=number(asked.get("page")),
    )
    return question, errors


def _day(work: Work, text: str) -> datetime | None:
    """A date as typed (31/12/2026 or 2026-12-31), as the instant at which it begins in the office."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=work.zone)
        except ValueError:
            continue
    return None
