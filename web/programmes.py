"""The programmes in words: what each says, what is still to be confirmed, and what differs between two."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request

from engine.domain.errors import NotFound
from engine.queries import programmes as queries
from engine.queries.programmes import CALLED, Difference, Edition, Sheet
from web import programme_words
from web.work import look_of_user

bp = Blueprint("programmes", __name__, url_prefix="/programmes")


@bp.get("/")
def index() -> str:
    """The programmes in force, with what is still to be confirmed in each."""
    with look_of_user() as work:
        found = queries.editions(work)
        sheets = [queries.sheet(work, one.version_id) for one in found if one.current]
        return render_template("programmes/index.html", sheets=sheets, editions=found)


@bp.get("/<key>")
def show(key: str) -> str:
    """The version of a programme that is in force."""
    with look_of_user() as work:
        return _page(queries.sheet(work, queries.current(work, key)), queries.editions(work))


@bp.get("/versions/<version_id>")
def version(version_id: str) -> str:
    """Any version of a programme, drafts too."""
    with look_of_user() as work:
        return _page(queries.sheet(work, version_id), queries.editions(work))


@bp.get("/compare")
def compare() -> str:
    """What differs between two versions, of one programme or of two."""
    with look_of_user() as work:
        found = queries.editions(work)
        if not found:
            raise NotFound("There is no such version.")
        one, other = (request.args.get(name) or found[0].version_id for name in ("one", "other"))
        sheets = queries.sheet(work, one), queries.sheet(work, other)
        return render_template(
            "programmes/compare.html",
            one=sheets[0],
            other=sheets[1],
            editions=_with(found, *sheets),
            groups=_grouped(queries.differences(sheets[0].groups, sheets[1].groups)),
            called=CALLED,
            say=programme_words,
        )


def _page(sheet: Sheet, editions: Sequence[Edition]) -> str:
    return render_template("programmes/show.html", sheet=sheet, editions=_with(editions, sheet), say=programme_words)


def _with(editions: Sequence[Edition], *sheets: Sheet) -> list[Edition]:
    """The versions to choose from: those published, and a draft that is being looked at."""
    known = {one.version_id for one in editions}
    return [*editions, *(one.edition for one in sheets if one.edition.version_id not in known)]


def _grouped(found: Sequence[Difference]) -> list[tuple[str, list[tuple[str, list[Difference]]]]]:
    """The differences by group, and within it by item."""
    return [
        (group, [(key, list(rows)) for key, rows in groupby(listed, key=lambda one: one.item.key)])
        for group, listed in ((code, list(rows)) for code, rows in groupby(found, key=lambda one: one.group))
    ]
