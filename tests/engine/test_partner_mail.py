"""Partners with an address are told by mail, through a real mail server: sent, confirmed, failed, tried again, or held back."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine import partners
from engine.mailing import Postman
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import Desk
from tests.engine.test_adverse import EU
from tests.engine.test_deliveries import Box, _silent, server

ADDRESS = "aeo@bazg.example"
SENDER = "oea@aduana.example"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def postman(box: Box) -> Iterator[Postman]:
    with server(box) as port:
        yield Postman.of(f"smtp+plain://127.0.0.1:{port}", SENDER)


@pytest.fixture
def desk(office: Database) -> Desk:
    """A holder of AEOS in the Union, in force, whose status Switzerland hears of by mail; it is 2 March."""
    text = EU.read_text(encoding="utf-8").replace('code = "CH"\n', f'code = "CH"\naddress = "{ADDRESS}"\n', 1)
    factories.publish(office, ("programme", "eu", text.encode()))
    desk = Desk(office, programme="eu", types=("AEOS",))
    desk.reach("A13")
    desk.on(date(2026, 3, 2))
    Worker(office, "one").drain(desk.now)
    return desk


def drain(desk: Desk, postman: Postman | None) -> None:
    Worker(desk.database, "one", postman=postman).drain(desk.now)


def told(desk: Desk) -> list[models.PartnerMessage]:
    return [row for row in desk.rows(models.PartnerMessage) if row.partner == "CH"]


def agree(desk: Desk, *, to: bool = True) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=to)


def reported(desk: Desk) -> list[bool]:
    """Whether each incident about a partner is over."""
    with look(desk.database, SYSTEM) as work:
        query = select(models.Incident).where(models.Incident.cause == "delivery").order_by(models.Incident.id)
        return [row.resolved_at is not None for row in work.session.scalars(query)]


def test_a_partner_with_an_address_is_told_by_mail_and_confirms(desk: Desk, box: Box, postman: Postman) -> None:
    agree(desk)
    drain(desk, postman)

    (mail,) = box.taken  # the other partners have no address
    (message,) = told(desk)
    assert (mail["To"], mail["Message-ID"]) == (ADDRESS, f"<{message.id}@aduana.example>")
    attached = next(part for part in mail.walk() if part.get_content_type() == "application/json")
    assert json.loads(attached.get_payload(decode=True)) == message.facts
    assert (message.sent_at, message.message_id, message.failure) == (desk.now, mail["Message-ID"], "")
    with desk.work("sonia") as work:
        partners.acknowledge(work, message.id, "CH-77")
    assert told(desk)[0].acknowledged_at is not None


def test_without_consent_nothing_is_sent(desk: Desk, box: Box, postman: Postman) -> None:
    agree(desk, to=False)
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin cerca.", days=30)

    drain(desk, postman)

    assert box.taken == []


def test_a_consent_that_is_withdrawn_before_the_mail_left_holds_it_back(desk: Desk, box: Box, postman: Postman) -> None:
    agree(desk)
    agree(desk, to=False)

    drain(desk, postman)

    assert box.taken == []
    assert [row.failure for row in told(desk)] == [
        "The holder does not agree that partners are told.",
        "The partner was never told of this certificate.",
    ]
    assert reported(desk) == []


def test_who_was_told_hears_that_the_holder_takes_part_no_more(desk: Desk, box: Box, postman: Postman) -> None:
    agree(desk)
    drain(desk, postman)
    agree(desk, to=False)

    drain(desk, postman)

    assert [row.status for row in told(desk) if row.sent_at] == ["active", "withdrawn"]
    assert len(box.taken) == 2


def test_a_mail_that_could_not_go_is_tried_again_as_the_same_message(desk: Desk, box: Box) -> None:
    agree(desk)
    with closing(_silent()) as silent:
        drain(desk, Postman("127.0.0.1", silent.getsockname()[1], SENDER, "none"))
    assert (told(desk)[0].sent_at, told(desk)[0].failed_at) == (None, None)

    desk.now += timedelta(hours=1)
    with server(box) as port:
        drain(desk, Postman.of(f"smtp+plain://127.0.0.1:{port}", SENDER))

    assert len(box.taken) == 1
    assert told(desk)[0].sent_at == desk.now


def test_an_address_that_is_refused_is_an_incident_until_the_partner_was_told(
    desk: Desk, box: Box, postman: Postman
) -> None:
    box.answer = "550 no such person"
    agree(desk)
    drain(desk, postman)
    (failed,) = told(desk)
    assert (failed.sent_at, failed.failure, reported(desk)) == (None, "550 no such person", [False])

    box.answer = "250 OK"
    with desk.work("sonia") as work:
        partners.resend(work, failed.id)
    drain(desk, postman)

    assert [bool(row.sent_at) for row in told(desk)] == [False, True]
    assert reported(desk) == [True]


def test_what_a_newer_mail_has_overtaken_is_not_sent_after_it(desk: Desk, box: Box) -> None:
    agree(desk)
    first = told(desk)[0].id
    with closing(_silent()) as silent:
        drain(desk, Postman("127.0.0.1", silent.getsockname()[1], SENDER, "none"))
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin cerca.", days=30)
    with desk.work("sonia") as work:
        partners.send(work, told(desk)[1].id)  # by telephone

    desk.now += timedelta(hours=1)
    with server(box) as port:
        drain(desk, Postman.of(f"smtp+plain://127.0.0.1:{port}", SENDER))

    assert box.taken == []
    assert [row.failure for row in told(desk) if row.id == first] == [
        "A newer message to this partner takes its place."
    ]
