"""The sites of applications and authorisations: what is asked for, what is within a certificate on a day, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from engine import history
from engine.domain.errors import Invalid, Problem
from engine.domain.events import SitesChanged
from engine.domain.record import Entry, state_on
from engine.store import models
from engine.work import Work

IN = "in"
OUT = "out"


def ask(work: Work, application: models.Application, named: Sequence[object] | None) -> None:
    """The sites that an application covers, by id or name; all of the operator's where none is named."""
    wanted = _known(work, application.operator_id, named)
    for site in wanted:
        work.session.add(models.ApplicationSite(application_id=application.id, site_id=site.id))
    work.session.flush()


def asked(work: Work, application_id: str) -> Sequence[models.Site]:
    """The sites of an application, by name."""
    query = select(models.Site).join(models.ApplicationSite, models.ApplicationSite.site_id == models.Site.id)
    return work.session.scalars(
        query.where(models.ApplicationSite.application_id == application_id).order_by(models.Site.name)
    ).all()


def chosen(work: Work, application: models.Application, named: Sequence[object] | None) -> Sequence[models.Site]:
    """The sites for which the application is granted: those that are named, else all that it asked for."""
    if named:
        return _known(work, application.operator_id, named)
    return asked(work, application.id)


def named(work: Work, operator_id: str, places: Sequence[object]) -> list[tuple[str, str]]:
    """Sites of the operator (id, name), given by id or name."""
    return [(site.id, site.name) for site in _known(work, operator_id, places)]


def include(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    places: Iterable[tuple[str, str]],
    valid_from: date,
    reason: str = "",
) -> None:
    """From a day on these sites (id, name) are within the authorisation."""
    for site_id, name in places:
        _write(work, case, authorisation_id, site_id, name, valid_from, reason, included=True)


def change(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    site: str,
    included: bool,  # noqa: FBT001 - what a diagram says of the site
    reason: str,
    valid_from: str | None = None,
) -> dict[str, object]:
    """A site comes into an authorisation or goes out of it from a day on (today, if none is given)."""
    authorisation = work.session.get_one(models.Authorisation, authorisation_id)
    (place,) = _known(work, authorisation.operator_id, [site])
    day = date.fromisoformat(valid_from) if valid_from else work.today
    _write(work, case, authorisation_id, place.id, place.name, day, reason, included=included)
    return {"sites": [name for _id, name in within(work, authorisation_id, day)]}


def within(work: Work, authorisation_id: str, day: date) -> list[tuple[str, str]]:
    """The sites (id, name) that an authorisation covers on a day, by name."""
    query = select(models.AuthorisationSite).where(models.AuthorisationSite.authorisation_id == authorisation_id)
    rows = work.session.scalars(query).all()
    names = {row.site_id: row.name for row in rows}
    found = [
        (site_id, name)
        for site_id, name in names.items()
        if state_on((_entry(row) for row in rows if row.site_id == site_id), day) == IN
    ]
    return sorted(found, key=lambda one: one[1])


def addresses(work: Work, authorisation_id: str, day: date) -> list[dict[str, str]]:
    """The sites that an authorisation covers on a day, by name, as forms and letters want them: name and address."""
    found = within(work, authorisation_id, day)
    known = select(models.Site).where(models.Site.id.in_([site_id for site_id, _name in found]))
    where = {site.id: site.address for site in work.session.scalars(known)}
    return [{"name": name, "address": where.get(site_id, "")} for site_id, name in found]


def of_operator(work: Work, operator_id: str) -> list[dict[str, str]]:
    """All sites of an operator, by name, whether a certificate covers them or not."""
    return [{"name": site.name, "address": site.address} for site in _known(work, operator_id, None)]


def _entry(row: models.AuthorisationSite) -> Entry:
    return Entry(row.id, IN if row.included else OUT, row.valid_from, row.recorded_at)


def _known(work: Work, operator_id: str, named: Sequence[object] | None) -> list[models.Site]:
    query = select(models.Site).where(models.Site.operator_id == operator_id).order_by(models.Site.name)
    sites = list(work.session.scalars(query))
    if not named:
        return sites
    wanted = [str(one.get("site") or one.get("name")) if isinstance(one, Mapping) else str(one) for one in named]
    found = {key: site for site in sites for key in (site.id, site.name)}
    unknown = [
        Problem(f"sites[{index}]", "Choose a site of the operator.")
        for index, one in enumerate(wanted)
        if one not in found
    ]
    if unknown:
        raise Invalid("A site is not known.", unknown)
    return list({found[one].id: found[one] for one in wanted}.values())


def _write(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    site_id: str,
    name: str,
    valid_from: date,
    reason: str,
    *,
    included: bool,
) -> None:
    work.session.add(
        models.AuthorisationSite(
            id=work.new_id(),
            authorisation_id=authorisation_id,
            site_id=site_id,
            name=name,
            included=included,
            valid_from=valid_from,
            recorded_at=work.now,
            case_id=case.id,
            reason=reason,
        )
    )
    work.session.flush()
    event = SitesChanged(authorisation_id, site_id, name, included, valid_from.isoformat())
    history.record(work, event, case=case)
