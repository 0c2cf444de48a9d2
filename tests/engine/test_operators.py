"""The register of operators: one entry for each tax number, both versions of every change, and only for who keeps it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from engine import history, operators
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.operators import Details
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look

REGISTRAR = Actor("irene", "Irene", frozenset({"intake_officer"}))
ANALYST = Actor("luis", "Luis", frozenset({"analyst"}))
NIT = "0614-120190-101-4"
LEMPA = Details("Exportadora Lempa", "exporter", "Calle L-3", "lempa@lempa.example", "+503 2555 0101")


@pytest.fixture
def operator_id(database: Database) -> str:
    with begin(database, REGISTRAR) as work:
        return operators.register(work, NIT, LEMPA, [("Planta", "Merliot"), ("Bodega", "San Bartolo")]).id


def facts(database: Database, operator_id: str) -> list[tuple[str, object]]:
    with look(database, SYSTEM) as work:
        links = history.events_of(work, operators.stream(operator_id))
        return [(link.type, json.loads(link.data)) for link in links]


def test_an_operator_is_registered_with_its_sites(database: Database, operator_id: str) -> None:
    with look(database, SYSTEM) as work:
        row = work.session.get_one(models.Operator, operator_id)
        assert (row.tax_id, row.name, row.kind, row.country) == (NIT, "Exportadora Lempa", "exporter", "SV")
        assert sorted((site.name, site.address) for site in row.sites) == [
            ("Bodega", "San Bartolo"),
            ("Planta", "Merliot"),
        ]
    assert [kind for kind, _data in facts(database, operator_id)] == ["OperatorRegistered", "SiteOpened", "SiteOpened"]


def test_a_tax_number_is_registered_once(database: Database, operator_id: str) -> None:
    assert operator_id
    with begin(database, REGISTRAR) as work, pytest.raises(Conflict, match=NIT):
        operators.register(work, f" {NIT} ", replace(LEMPA, name="Otra"))


def test_a_change_keeps_both_versions_of_what_differs(database: Database, operator_id: str) -> None:
    with begin(database, REGISTRAR) as work:
        revision = operators.get(work, operator_id).revision
        operators.change(work, operator_id, replace(LEMPA, name="Lempa Textil", phone="+503 2555 0199"), revision)

    assert facts(database, operator_id)[-1] == (
        "OperatorChanged",
        {
            "operator": operator_id,
            "before": {"name": "Exportadora Lempa", "phone": "+503 2555 0101"},
            "after": {"name": "Lempa Textil", "phone": "+503 2555 0199"},
        },
    )


def test_who_looked_before_the_last_change_must_look_again(database: Database, operator_id: str) -> None:
    with begin(database, REGISTRAR) as work:
        seen = operators.get(work, operator_id).revision
        operators.change(work, operator_id, replace(LEMPA, name="Lempa Textil"), seen)

    with begin(database, REGISTRAR) as work, pytest.raises(Conflict, match="meanwhile"):
        operators.change(work, operator_id, replace(LEMPA, name="Lempa Norte"), seen)


def test_a_change_of_nothing_is_no_fact(database: Database, operator_id: str) -> None:
    before = facts(database, operator_id)

    with begin(database, REGISTRAR) as work:
        operators.change(work, operator_id, LEMPA, operators.get(work, operator_id).revision)

    assert facts(database, operator_id) == before


def test_sites_open_and_close_and_the_history_keeps_them(database: Database, operator_id: str) -> None:
    with begin(database, REGISTRAR) as work:
        site = operators.open_site(work, operator_id, "Puerto", "Acajutla")
        operators.close_site(work, site.id)

    assert [kind for kind, _data in facts(database, operator_id)][-2:] == ["SiteOpened", "SiteClosed"]
    with look(database, SYSTEM) as work:
        assert sorted(work.session.scalars(select(models.Site.name))) == ["Bodega", "Planta"]


def test_two_sites_of_an_operator_have_two_names(database: Database, operator_id: str) -> None:
    with begin(database, REGISTRAR) as work, pytest.raises(Conflict, match="Planta"):
        operators.open_site(work, operator_id, " Planta ")


@pytest.mark.parametrize(
    ("tax_id", "details", "where"),
    [
        ("", LEMPA, "tax_id"),
        ("  ", LEMPA, "tax_id"),
        (NIT, replace(LEMPA, name=" "), "name"),
        (NIT, replace(LEMPA, kind=""), "kind"),
        (NIT, replace(LEMPA, name="x" * 256), "name"),
        (NIT, replace(LEMPA, email="x" * 256), "email"),
        ("9" * 256, LEMPA, "tax_id"),
    ],
)
def test_an_entry_has_what_every_letter_needs(database: Database, tax_id: str, details: Details, where: str) -> None:
    with begin(database, REGISTRAR) as work, pytest.raises(Invalid) as refused:
        operators.register(work, tax_id, details)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_only_who_keeps_the_register_changes_it(database: Database, operator_id: str) -> None:
    with begin(database, ANALYST) as work:
        with pytest.raises(NotAllowed):
            operators.register(work, "0315-050688-102-7", LEMPA)
        with pytest.raises(NotAllowed):
            operators.change(work, operator_id, LEMPA, 1)
        with pytest.raises(NotAllowed):
            operators.open_site(work, operator_id, "Puerto")


def test_what_is_not_in_the_register_is_not_found(database: Database) -> None:
    with begin(database, REGISTRAR) as work:
        with pytest.raises(NotFound):
            operators.change(work, "nowhere", LEMPA, 1)
        with pytest.raises(NotFound):
            operators.close_site(work, "nowhere")
