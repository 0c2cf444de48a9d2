"""What a case asks: the criteria of the programme that it goes by, for the types and at the sites that it is about."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from engine import forms, pins, programmes, sites
from engine.domain.programme import Programme
from engine.forms import Asked, Criterion, Form
from engine.store import models
from engine.work import Work

SITES: Final = "sites"  # the case data in which the applicant names the places of work

_Data = Mapping[str, object]


def form(work: Work, case: models.Case, release_id: str, key: str, data: Callable[[], _Data]) -> Form:
    """A form as the release pinned it, as this case asks it; `data` tells what the case knows, where that matters."""
    found = pins.form(work, release_id, key)
    return (
        pins.asked_form(work, release_id, key, asked(work, case, release_id, data())) if found.by_programme else found
    )


def asked(work: Work, case: models.Case, release_id: str, data: _Data) -> Asked:
    """Of whom the case asks criteria. The day that counts is the one on which it began: a running case keeps its set.

    Raises:
        Conflict: where the case neither is about an application or a certificate nor has only one programme.
    """
    programme, types, operator_id = _subject(work, case)
    rules = programmes.in_release(work, release_id, programme)
    operator = work.session.get(models.Operator, operator_id) if operator_id else None
    kind = operator.kind if operator else ""
    held = frozenset(inner for name in types for inner in (name, *rules.includes(name)))
    begun = case.created_at.astimezone(work.zone).date()
    named = forms.places(_names(data) or _registered(work, case, begun))
    return Asked(rules.criteria_sets(types, kind), held, kind, begun, named)


def criteria(work: Work, release_id: str, whom: Asked) -> tuple[Criterion, ...]:
    """The criteria that a release asks of somebody, in their order."""
    return whom.criteria(pins.contents(work, release_id, "criteria"))


def rules(work: Work, case: models.Case) -> Programme:
    """The programme by which the case asks."""
    return programmes.in_release(work, case.release_id, _subject(work, case)[0])


def _subject(work: Work, case: models.Case) -> tuple[str, tuple[str, ...], str | None]:
    """Programme, types and operator that the case is about: those of its certificate where that one was there before it."""
    certificate = work.session.get(models.Authorisation, case.authorisation_id) if case.authorisation_id else None
    if certificate is not None and certificate.created_at < case.created_at:
        return certificate.programme, (certificate.type,), certificate.operator_id
    application = work.session.get(models.Application, case.application_id) if case.application_id else None
    if application is not None:
        return application.programme, tuple(application.types), application.operator_id
    return (certificate.programme, (certificate.type,), certificate.operator_id) if certificate else ("", (), None)


def _names(data: _Data) -> list[str]:
    """The sites that the case itself names: texts, or rows with a name."""
    listed = data.get(SITES)
    return list(_texts(listed)) if isinstance(listed, list) else []


def _texts(listed: list[object]) -> Iterator[str]:
    for one in listed:
        name = one.get("name") if isinstance(one, Mapping) else one
        if isinstance(name, str) and name.strip():
            yield name.strip()


def _registered(work: Work, case: models.Case, day: date) -> list[str]:
    """The sites of the certificate on a day, else those that the application asks for."""
    held = [name for _id, name in sites.within(work, case.authorisation_id, day)] if case.authorisation_id else []
    return held or ([site.name for site in sites.asked(work, case.application_id)] if case.application_id else [])
