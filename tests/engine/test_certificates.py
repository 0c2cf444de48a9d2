"""A certificate is signed once with a key that only the worker has, and anybody can check it without us."""

import base64
import json
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select

from engine import consents, signing
from engine.domain.errors import Invalid
from engine.queries import public
from engine.signing import Signer
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.desk import Desk

SEED = base64.b64encode(bytes(range(32))).decode()
SIGNER = Signer.of(SEED)
NUMBER = "OC-SV-2026-0001"


@pytest.fixture
def desk(office: Database) -> Desk:
    """An authorisation that was granted, and its certificate issued."""
    desk = Desk(office)
    desk.reach("A13")
    certify(desk)
    return desk


def certify(desk: Desk) -> None:
    facts = {name: desk.known[name] for name in ("certificate_number", "granted_on", "effective_on")}
    desk.do("ernesto", "letters.issue", template="D16_certificate", facts={**facts, "sites": [{"name": "Planta"}]})


def drain(desk: Desk, signer: Signer | None = SIGNER) -> None:
    Worker(desk.database, "one", signer).drain(desk.now)


def versions(desk: Desk) -> list[models.Certificate]:
    with look(desk.database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Certificate).order_by(models.Certificate.version)))


def code(desk: Desk, version: int = 1) -> str:
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, versions(desk)[version - 1].letter_id).code


def checked(desk: Desk, version: int = 1) -> public.Standing:
    with look(desk.database, SYSTEM, desk.now) as work:
        found = public.letter(work, NUMBER, code(desk, version))
        assert found is not None
        assert found.certificate is not None
        return found.certificate


def publish(desk: Desk) -> None:
    with begin(desk.database, SYSTEM, desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        consents.say(work, case, str(desk.known["operator_id"]), "sv", consents.PUBLICATION, given_=True)


def test_a_certificate_is_signed_and_checked_without_us(desk: Desk) -> None:
    drain(desk)

    with look(desk.database, SYSTEM) as work:
        text = public.document(work, NUMBER, code(desk))
    assert text is not None
    facts, canonical, signature, key = signing.read(text.encode())
    assert (facts["certificate"], facts["version"], facts["holder"]) == (
        NUMBER,
        1,
        {"name": "Exportadora Lempa", "tax_id": "0614-120190-101-4"},
    )
    assert key == SIGNER.id
    assert signing.holds(canonical, signature, SIGNER.public_key)
    assert checked(desk).genuine


@pytest.mark.parametrize("change", [{"certificate": "OC-SV-2026-9999"}, {"version": 2}, {"expires_on": "2099-01-01"}])
def test_changed_facts_are_found_out(desk: Desk, change: Mapping[str, object]) -> None:
    drain(desk)
    with look(desk.database, SYSTEM) as work:
        said = json.loads(public.document(work, NUMBER, code(desk)) or "")
    said["facts"] |= change

    _facts, canonical, signature, _key = signing.read(json.dumps(said).encode())

    assert not signing.holds(canonical, signature, SIGNER.public_key)


def test_only_a_worker_with_the_key_signs_and_it_signs_once(desk: Desk) -> None:
    drain(desk, None)
    assert versions(desk)[0].signature is None
    assert checked(desk).genuine is None

    drain(desk)
    first = versions(desk)[0].signature
    drain(desk, Signer.of(base64.b64encode(bytes(32)).decode()))

    assert first is not None
    assert versions(desk)[0].signature == first
    with look(desk.database, SYSTEM) as work:
        assert public.keys(work) == {SIGNER.id: SIGNER.public_key}


def test_an_amended_certificate_is_a_new_version_and_the_paper_of_the_old_is_called_older(desk: Desk) -> None:
    certify(desk)
    drain(desk)

    assert [row.version for row in versions(desk)] == [1, 2]
    assert (checked(desk, 1).older, checked(desk, 2).older) == (True, False)
    assert '"version":2' in versions(desk)[1].facts


def test_the_public_is_told_the_status_of_today_whatever_the_paper_says(desk: Desk) -> None:
    assert (checked(desk).state, checked(desk).older) == ("B1", False)

    desk.do("ernesto", "measures.open_suspension", ground="a", reasons="x", days=10)

    assert (checked(desk).state, checked(desk).older) == ("B4", True)


def test_an_intended_act_is_nobodys_business(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="x", days=10)
    desk.do("ernesto", "measures.start_revocation_hearing", grounds="x")

    assert desk.authorisation().state == "B6"
    assert (checked(desk).state, checked(desk).since) == ("B4", None)


def test_without_consent_a_certificate_is_found_with_its_code_only_and_its_holder_not_named(desk: Desk) -> None:
    with look(desk.database, SYSTEM) as work:
        assert public.certificate(work, NUMBER) is None
        assert public.certificate(work, "OC-SV-2026-7777") is None
    assert checked(desk).holder == ""

    publish(desk)

    with look(desk.database, SYSTEM) as work:
        found = public.certificate(work, NUMBER)
    assert found is not None
    assert (found.holder, found.effective_on) == ("Exportadora Lempa", date(2026, 1, 12))


def test_a_letter_is_found_with_its_own_code_only(desk: Desk) -> None:
    drain(desk)
    with look(desk.database, SYSTEM) as work:
        number = work.session.scalars(select(models.Letter.number)).one()
        spaced = " ".join(code(desk)[place : place + 4] for place in range(0, 16, 4)).lower()
        found = public.letter(work, number, spaced)
        for wrong in ("", code(desk)[:-1], "0" * 16):
            assert public.letter(work, number, wrong) is None
        assert public.letter(work, "DGA-OC-2026-0099", code(desk)) is None
    assert found is not None
    assert found.sha256 is not None


@pytest.mark.parametrize("key", ["x", "AAAA", base64.b64encode(bytes(31)).decode()])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        Signer.of(key)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"facts": 1, "signature": "", "key": ""}'])
def test_a_file_that_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        signing.read(content)
