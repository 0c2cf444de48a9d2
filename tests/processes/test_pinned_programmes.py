"""What a case is part of, and what follows it, go by the version of the programme that each of them began with."""

from pathlib import Path

from sqlalchemy import select

from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests import factories
from tests.processes.drawings import FOLDER
from tests.processes.lives import Life, granted, proposed, suspended

SV: Path = FOLDER / "programmes" / "sv.toml"
GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]


def shorten_hearings(office: Database) -> None:
    """A version of the programme in which a hearing lasts 15 days goes to work."""
    table = SV.read_text(encoding="utf-8").split("[clocks.hearing]")
    text = "[clocks.hearing]".join([table[0], table[1].replace("base = 30", "base = 15", 1)])
    factories.publish(office, ("programme", "sv", text.encode()))


def hearing(life: Life) -> int:
    """How long the hearing lasts."""
    with look(life.database, SYSTEM, life.now) as work:
        return work.session.scalars(select(models.LegalClock.base).where(models.LegalClock.name == "hearing")).one()


def test_a_called_process_goes_by_the_version_that_its_case_began_with(office: Database) -> None:
    life = proposed(office)
    shorten_hearings(office)

    life.do("decide_on_proposal", decision="refuse", refusal_grounds=GROUNDS, relied_on=[{"document": "Informe"}])

    assert hearing(life) == 30


def test_a_suspension_begun_before_goes_on_by_its_version(office: Database) -> None:
    life = suspended(office)
    shorten_hearings(office)

    life.wait("suspension_period_over").do("propose_revocation").do("advise_revocation").do("decide_intention")

    assert hearing(life) == 30


def test_a_suspension_begun_later_goes_by_the_new_version_also_of_an_older_certificate(office: Database) -> None:
    life = granted(office)
    shorten_hearings(office)
    life.begin_suspension().do("propose_suspension", ground="b", suspension_days=30).do("decide_suspension")

    life.wait("suspension_period_over").do("propose_revocation").do("advise_revocation").do("decide_intention")

    assert hearing(life) == 15
