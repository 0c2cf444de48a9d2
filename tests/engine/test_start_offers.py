"""A start form offers what the chosen programme knows, and the sites of the operator."""

import pytest
from sqlalchemy import select

from engine import starts
from engine.domain.errors import Invalid
from engine.store import models
from engine.store.database import Database
from engine.work import begin, look
from tests.processes.lives import Life


@pytest.mark.parametrize(("programme", "theirs", "others"), [("sv", "exporter", "AEOC"), ("eu", "AEOC", "exporter")])
def test_only_types_of_the_chosen_programme_can_be_applied_for(
    office: Database, programme: str, theirs: str, others: str
) -> None:
    life = Life(office)
    asked = {"programme": programme, "types": [others]}

    with begin(office, life.actor("preparador"), life.now) as work, pytest.raises(Invalid) as refused:
        starts.begin(work, "application", asked, operator_id=life.operators["lempa"])
    assert [problem.where for problem in refused.value.problems] == ["types"]

    with begin(office, life.actor("preparador"), life.now) as work:
        starts.begin(work, "application", {**asked, "types": [theirs]}, operator_id=life.operators["lempa"])
    assert life.application().types == [theirs]


def test_an_application_covers_the_sites_that_were_ticked(office: Database) -> None:
    life = Life(office)
    with begin(office, life.actor("preparador"), life.now) as work:
        names = ("Bodega", "Planta")
        known = [
            models.Site(id=work.new_id(), operator_id=life.operators["lempa"], name=name, address="Calle 1")
            for name in names
        ]
        work.session.add_all(known)
        work.session.flush()
        asked = {"programme": "sv", "types": ["exporter"], "sites_asked": [known[0].id]}
        starts.begin(work, "application", asked, operator_id=life.operators["lempa"])

    with look(office, life.actor("preparador"), life.now) as work:
        assert work.session.scalars(select(models.ApplicationSite.site_id)).all() == [known[0].id]
