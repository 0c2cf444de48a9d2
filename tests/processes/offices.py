"""The office in which lives are led: one person for each role, two operators, and what a life may set differently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.demo.office import ACCOUNTS, COMPANIES, IZALCO, LEMPA, Company, Person
from engine.store import models
from engine.work import Work

OPERATORS: Final = {"lempa": LEMPA.tax_id, "izalco": IZALCO.tax_id}
PEOPLE: Final = ACCOUNTS


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose life it is and where it is led; `types` none: those of the demonstration; `begins`: its first day."""

    programme: str = "sv"
    types: Sequence[str] = ()
    sites: Sequence[tuple[str, str]] = ()
    kind: str = LEMPA.kind
    people: Sequence[Person] = ()
    begins: date | None = None
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def found(work: Work, setting: Setting) -> Mapping[str, str]:
    """Opens the operators and accounts; the ids of the operators by their names here: `lempa`, whose life it is, `izalco`."""
    operators = {company.tax_id: _register(work, company, setting) for company in COMPANIES}
    for person in (*PEOPLE, *setting.people):
        _open_account(work, person, [operators[tax_id] for tax_id in person.operators])
    return {name: operators[tax_id] for name, tax_id in OPERATORS.items()}


def _register(work: Work, company: Company, setting: Setting) -> str:
    """An operator's id; the one whose life it is has the kind and the sites of the setting."""
    own = company.tax_id == LEMPA.tax_id
    row = models.Operator(
        id=work.new_id(),
        tax_id=company.tax_id,
        name=company.name,
        kind=setting.kind if own else company.kind,
        created_at=work.now,
    )
    work.session.add(row)
    if own:
        row.sites = [models.Site(id=work.new_id(), name=name, address=place) for name, place in setting.sites]
    return row.id


def _open_account(work: Work, person: Person, operators: Sequence[str]) -> None:
    work.session.add(
        models.Account(
            id=work.new_id(),
            username=person.username,
            name=person.name,
            password_hash="nobody logs in here",
            language="es",
            created_at=work.now,
            roles=[models.AccountRole(role=role) for role in person.roles],
            operators=[models.AccountOperator(operator_id=operator) for operator in operators],
        )
    )
