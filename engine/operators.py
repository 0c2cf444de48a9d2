"""Operators and their sites: registered once by their tax number, changed with both versions on the record."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import OperatorChanged, OperatorRegistered, SiteClosed, SiteOpened
from engine.store import models
from engine.work import SYSTEM, Work

REGISTRARS: Final = ("intake_officer", "monitoring_officer", "administrator")
LONGEST: Final = 255
LANGUAGES: Final = (None, "es", "en")


@dataclass(frozen=True, slots=True)
class Details:
    """What the register says of an operator besides its tax number; `kind` is its main activity (`exporter`).

    `language` is the one in which it is written to (`es`, `en`; None: that of the programme).
    """

    name: str
    kind: str
    address: str = ""
    email: str = ""
    phone: str = ""
    country: str = "SV"
    language: str | None = None


def register(work: Work, tax_id: str, details: Details, sites: Sequence[tuple[str, str]] = ()) -> models.Operator:
    """Enters an operator with its sites (name, address); Conflict if the tax number is known already."""
    _require_registrar(work)
    tax_id = tax_id.strip()
    _require_sound({"tax_id": tax_id, "name": details.name, "kind": details.kind}, details)
    if work.session.scalar(select(models.Operator.id).where(models.Operator.tax_id == tax_id)) is not None:
        raise Conflict("An operator with the tax number %(tax_id)s is registered already.", tax_id=tax_id)
    operator = models.Operator(id=work.new_id(), tax_id=tax_id, created_at=work.now, **asdict(details))
    work.session.add(operator)
    work.session.flush()
    history.record(work, OperatorRegistered(operator.id, tax_id, asdict(details)), stream=stream(operator.id))
    for name, address in sites:
        _open(work, operator, name, address)
    return operator


def change(work: Work, operator_id: str, details: Details, revision: int) -> None:
    """Changes what the register says; Conflict if somebody changed it since `revision`, which the page showed."""
    _require_registrar(work)
    operator = get(work, operator_id)
    if operator.revision != revision:
        raise Conflict("Somebody changed this operator meanwhile. Look at it again.")
    _require_sound({"name": details.name, "kind": details.kind}, details)
    after = asdict(details)
    before = {key: getattr(operator, key) for key, value in after.items() if getattr(operator, key) != value}
    if not before:
        return
    for key in before:
        setattr(operator, key, after[key])
    work.session.flush()
    history.record(
        work, OperatorChanged(operator.id, before, {key: after[key] for key in before}), stream=stream(operator.id)
    )


def write_in(work: Work, operator_id: str, language: str | None) -> None:
    """Chooses the language in which the operator is written to (None: that of the programme): by an officer, or its own people.

    Letters that are issued from now on have the courtesy translation into it; the authentic text stays the programme's.
    """
    if operator_id not in work.actor.operators:
        _require_registrar(work)
    if language not in LANGUAGES:
        problem = Problem("language", "Choose one of the languages offered.")
        raise Invalid("The language was not changed.", [problem])
    operator = get(work, operator_id)
    before, operator.language = operator.language, language
    if before != language:
        work.session.flush()
        event = OperatorChanged(operator.id, {"language": before}, {"language": language})
        history.record(work, event, stream=stream(operator.id))


def open_site(work: Work, operator_id: str, name: str, address: str = "") -> models.Site:
    """A new place where the operator works."""
    _require_registrar(work)
    return _open(work, get(work, operator_id), name, address)


def close_site(work: Work, site_id: str) -> None:
    """A place is given up; that it was there stays in the history."""
    _require_registrar(work)
    site = work.session.get(models.Site, site_id)
    if site is None:
        raise NotFound("There is no such site.")
    event = SiteClosed(site.operator_id, site.id, site.name, site.address)
    history.record(work, event, stream=stream(site.operator_id))
    work.session.delete(site)


def get(work: Work, operator_id: str) -> models.Operator:
    """The operator, locked for this work; NotFound if there is none."""
    operator = work.session.get(models.Operator, operator_id, with_for_update=True)
    if operator is None:
        raise NotFound("There is no such operator.")
    return operator


def stream(operator_id: str) -> str:
    """The chain of the history that tells of an operator itself."""
    return f"operator:{operator_id}"


def _open(work: Work, operator: models.Operator, name: str, address: str) -> models.Site:
    if not name.strip() or len(name) > LONGEST:
        raise Invalid("The site cannot be entered.", [Problem("name", "Write a text.")])
    query = select(models.Site.id).where(models.Site.operator_id == operator.id, models.Site.name == name.strip())
    if work.session.scalar(query) is not None:
        raise Conflict("The operator has a site %(name)s already.", name=name.strip())
    site = models.Site(id=work.new_id(), operator_id=operator.id, name=name.strip(), address=address.strip())
    work.session.add(site)
    work.session.flush()
    history.record(work, SiteOpened(operator.id, site.id, site.name, site.address), stream=stream(operator.id))
    return site


def _require_registrar(work: Work) -> None:
    if work.actor.id != SYSTEM.id and not work.actor.holds(*REGISTRARS):
        raise NotAllowed("Only officers who keep the register may do this.")


def _require_sound(needed: Mapping[str, str], details: Details) -> None:
    problems = [Problem(key, "Write a text.") for key, value in needed.items() if not value.strip()]
    long = {**needed, "email": details.email, "phone": details.phone, "country": details.country}
    problems += [
        Problem(key, "Write at most %(most)s characters.", {"most": LONGEST})
        for key, value in long.items()
        if len(value) > LONGEST
    ]
    if details.language not in LANGUAGES:
        problems.append(Problem("language", "Choose one of the languages offered."))
    if problems:
        raise Invalid("The operator cannot be entered.", problems)
