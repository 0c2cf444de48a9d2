"""The made-up office: one person for each role, and two operators with their sites."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine import operators, people
from engine.operators import Details
from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office or of an operator; `operators` are tax ids."""

    username: str
    name: str
    roles: tuple[str, ...]
    operators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """An operator with its sites (name, address)."""

    tax_id: str
    name: str
    kind: str
    address: str
    email: str
    phone: str
    sites: tuple[tuple[str, str], ...]


LEMPA: Final = Company(
    tax_id="0614-120190-101-4",
    name="Exportadora Lempa, S.A. de C.V.",
    kind="exporter",
    address="Calle L-3, polígono D, Ciudad Merliot, La Libertad",
    email="cumplimiento@lempa.example",
    phone="+503 2555 0101",
    sites=(
        ("Planta Merliot", "Calle L-3, polígono D, Ciudad Merliot"),
        ("Bodega San Bartolo", "Zona franca San Bartolo, Ilopango"),
    ),
)
IZALCO: Final = Company(
    tax_id="0315-050688-102-7",
    name="Agencia Izalco",
    kind="customs_broker",
    address="Alameda Roosevelt 2710, San Salvador",
    email="direccion@izalco.example",
    phone="+503 2555 0202",
    sites=(("Oficina central", "Alameda Roosevelt 2710, San Salvador"),),
)
COMPANIES: Final = (LEMPA, IZALCO)
ACCOUNTS: Final = (
    Person("preparador", "Ana Beatriz Lemus", ("preparer",), (LEMPA.tax_id,)),
    Person("representante", "Rosa Elena Portillo", ("signatory",), (LEMPA.tax_id,)),
    Person("izalco", "Saúl Alvarenga", ("signatory",), (IZALCO.tax_id,)),
    Person("admision", "Irene Campos", ("intake_officer",)),
    Person("analista", "Luis Amaya", ("analyst",)),
    Person("validador", "Valeria Hernández", ("validator",)),
    Person("validador2", "Mauricio Rivas", ("validator",)),
    Person("comite", "Carmen Villalta", ("committee",)),
    Person("comite2", "Óscar Lemus", ("committee",)),
    Person("comite3", "Julia Zelaya", ("committee",)),
    Person("director", "Ernesto Guardado", ("director",)),
    Person("directora", "Elena Funes", ("director",)),
    Person("juridico", "Marta Escobar", ("legal_officer",)),
    Person("seguimiento", "Sonia Menjívar", ("monitoring_officer",)),
    Person("supervision", "Silvia Quintanilla", ("supervisor",)),
    Person("procesos", "Dora Alicia Funes", ("process_owner",)),
    Person("procesos2", "Pablo Escalante", ("process_owner",)),
    Person("auditoria", "Aurora Cañas", ("auditor",)),
    Person("administrador", "Adán Quijano", ("administrator",)),
)


def found(work: Work, password: str) -> None:
    """Opens the operators and accounts that are not there yet; all accounts get the same password."""
    for company in COMPANIES:
        if work.session.scalar(select(models.Operator.id).where(models.Operator.tax_id == company.tax_id)) is None:
            _register(work, company)
    work.session.flush()
    for person in ACCOUNTS:
        if work.session.scalar(select(models.Account.id).where(models.Account.username == person.username)) is None:
            ids = [_operator(work, tax_id) for tax_id in person.operators]
            people.create(work, person.username, person.name, password, person.roles, ids)


def _register(work: Work, company: Company) -> None:
    details = Details(company.name, company.kind, company.address, company.email, company.phone)
    operators.register(work, company.tax_id, details, company.sites)


def _operator(work: Work, tax_id: str) -> str:
    return work.session.scalars(select(models.Operator.id).where(models.Operator.tax_id == tax_id)).one()
