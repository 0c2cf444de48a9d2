"""A letter that holds: complete, signed by who may, numbered without gaps, of one act with its others, corrected by a new one."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import delegations, letters, offices, services
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, insist, look
from engine.worker import Worker
from tests.engine.desk import Desk
from tests.engine.test_letters_law import FOLDER
from tests.factories import an_actor

SV = offices.read((FOLDER.parents[1] / "bpmn" / "programmes" / "sv.toml").read_bytes())
GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]
REFUSAL = {"reasons": "Tributos vencidos.", "grounds": GROUNDS, "refused_on": "2026-01-12"}
HEARING = {
    "grounds": GROUNDS,
    "documents": [{"document": "Informe de validación"}],
    "hearing_due": "2026-02-11",
    "decision_due": "2026-03-11",
}
WITHDRAWN = {"withdrawn_on": "2026-01-12"}


@pytest.fixture
def desk(office: Database) -> Desk:
    desk = Desk(office)
    desk.reach("A1")
    return desk


def issue(desk: Desk, who: str, template: str, facts: Mapping[str, object], **more: object) -> str:
    return str(desk.do(who, "letters.issue", template=template, facts=facts, **more)["letter_id"])


def heard(desk: Desk) -> None:
    issue(desk, "ernesto", "D14_hearing", HEARING)
    Worker(desk.database, "one").drain(desk.now)


def letter(desk: Desk, letter_id: str) -> models.Letter:
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, letter_id)


def count(desk: Desk) -> int:
    with look(desk.database, SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(models.Letter)) or 0


def test_a_letter_that_would_have_an_empty_line_is_refused_with_the_name_of_the_fact(desk: Desk) -> None:
    facts = {"grounds": [{"criterion": "", "ground": " "}], "documents": [], "hearing_due": ""}

    with pytest.raises(Invalid) as refused:
        issue(desk, "ernesto", "D14_hearing", facts)

    assert [problem.where for problem in refused.value.problems] == [
        "facts.grounds[1]",
        "facts.documents",
        "facts.hearing_due",
        "facts.decision_due",
    ]


def test_a_letter_without_the_operators_tax_number_is_refused(desk: Desk) -> None:
    with begin(desk.database, SYSTEM, desk.now) as work:
        work.session.get_one(models.Operator, str(desk.known["operator_id"])).tax_id = " "

    with pytest.raises(Invalid) as refused:
        issue(desk, "ernesto", "D18_withdrawal", WITHDRAWN)

    assert [problem.where for problem in refused.value.problems] == ["operator.tax_id"]


def test_an_act_is_signed_by_the_competent_authority_only(desk: Desk) -> None:
    heard(desk)

    with pytest.raises(NotAllowed, match="competent authority"):
        issue(desk, "luis", "D17_refusal", REFUSAL)

    assert issue(desk, "ernesto", "D17_refusal", REFUSAL)


def test_whom_the_authority_empowered_signs_and_the_letter_names_the_act(desk: Desk) -> None:
    heard(desk)
    deputy = an_actor(desk.database, "luis", "analyst")
    director = an_actor(desk.database, "ernesto", "director")
    with begin(desk.database, director, desk.now) as work:
        held = delegations.grant(
            work, SV, deputy.id, ["D17"], "Acuerdo 12/2026", work.today, work.today + timedelta(days=9)
        )
    with begin(desk.database, deputy, desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        made = services.perform(work, case, "letters.issue", {"template": "D17_refusal", "facts": REFUSAL})
        other = {"template": "D21_suspension", "facts": {}}
        with pytest.raises(NotAllowed):
            services.perform(work, case, "letters.issue", other)

    signed = letter(desk, str(made["letter_id"]))
    assert signed.delegation_id == held.id
    assert signed.facts["signatory"]["delegation"] == "Acuerdo 12/2026"  # type: ignore[index]


@pytest.mark.parametrize("days", [0, 10])
def test_a_delegation_holds_from_its_first_to_its_last_day(desk: Desk, days: int) -> None:
    deputy = an_actor(desk.database, "luis", "analyst")
    director = an_actor(desk.database, "ernesto", "director")
    with begin(desk.database, director, desk.now) as work:
        first = work.today + timedelta(days=1)
        delegations.grant(work, SV, deputy.id, [], "Acuerdo 12/2026", first, first + timedelta(days=8))

    for later, empowered in ((days, False), (1, True), (9, True)):
        with look(desk.database, deputy, desk.now + timedelta(days=later)) as work:
            assert (delegations.find(work, "sv", deputy.id, "D17") is not None) == empowered


def test_nothing_is_delegated_without_an_act_nor_by_anybody_else(desk: Desk) -> None:
    deputy = an_actor(desk.database, "luis", "analyst")
    director = an_actor(desk.database, "ernesto", "director")
    with begin(desk.database, director, desk.now) as work:
        with pytest.raises(Invalid) as refused:
            delegations.grant(work, SV, deputy.id, [], " ", work.today, work.today - timedelta(days=1))
        assert [problem.where for problem in refused.value.problems] == ["act", "to_day"]
    with begin(desk.database, deputy, desk.now) as work, pytest.raises(NotAllowed):
        delegations.grant(work, SV, director.id, [], "Acuerdo", work.today, work.today)


def test_a_delegation_taken_back_empowers_nobody_from_the_next_day(desk: Desk) -> None:
    deputy = an_actor(desk.database, "luis", "analyst")
    director = an_actor(desk.database, "ernesto", "director")
    with begin(desk.database, director, desk.now) as work:
        held = delegations.grant(work, SV, deputy.id, [], "Acuerdo", work.today, work.today + timedelta(days=9))
        delegations.end(work, SV, held.id, "Cambió de puesto.")
        with pytest.raises(Conflict):
            delegations.end(work, SV, held.id, "Otra vez.")

    with look(desk.database, deputy, desk.now + timedelta(days=1)) as work:
        assert delegations.find(work, "sv", deputy.id, "D17") is None


def test_nobody_is_decided_against_before_the_intention_was_notified(desk: Desk) -> None:
    with pytest.raises(Conflict, match="unheard"):
        issue(desk, "ernesto", "D17_refusal", REFUSAL)
    issue(desk, "ernesto", "D14_hearing", HEARING)
    with pytest.raises(Conflict, match="unheard"):
        issue(desk, "ernesto", "D17_refusal", REFUSAL)

    Worker(desk.database, "one").drain(desk.now)

    assert issue(desk, "ernesto", "D17_refusal", REFUSAL)


def test_letters_of_one_act_are_issued_all_or_none(desk: Desk) -> None:
    heard(desk)
    before = count(desk)
    refusal = {"template": "D17_refusal", "facts": REFUSAL}
    broken = {"template": "D18_withdrawal", "facts": {}}

    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", "letters.issue_together", letters=[refusal, broken])

    assert [problem.where for problem in refused.value.problems] == ["letters[2].facts.withdrawn_on"]
    assert count(desk) == before
    whole = [refusal, {"template": "D18_withdrawal", "facts": WITHDRAWN}]
    made = desk.do("ernesto", "letters.issue_together", letters=whole)
    assert made["letter_numbers"] == ["DGA-OC-2026-0002", "DGA-OC-2026-0003"]


def test_a_corrected_letter_is_a_new_one_that_names_the_old(desk: Desk) -> None:
    old = issue(desk, "ernesto", "D18_withdrawal", WITHDRAWN)

    new = issue(desk, "ernesto", "D18_withdrawal", WITHDRAWN, corrects=old)

    assert letter(desk, new).corrects_id == old
    assert letter(desk, new).facts["corrects"] == {"number": "DGA-OC-2026-0001", "date": "2026-01-12"}
    with pytest.raises(Conflict, match="corrected already"):
        issue(desk, "ernesto", "D18_withdrawal", WITHDRAWN, corrects=old)


def test_who_issues_at_once_gets_numbers_without_a_gap(desk: Desk) -> None:
    def one(turn: int) -> None:
        def do() -> None:
            with begin(desk.database, desk.actor("ernesto"), desk.now) as work:
                case = work.session.get_one(models.Case, desk.case_id)
                letters.issue(work, case, "D18_withdrawal", WITHDRAWN)
                if turn % 3 == 0:
                    raise Conflict("Changed my mind.")

        insist(do)

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(one, turn) for turn in range(9)]
    assert sum(future.exception() is not None for future in futures) == 3

    with look(desk.database, SYSTEM) as work:
        numbers = sorted(work.session.scalars(select(models.Letter.number)))
    assert numbers == [f"DGA-OC-2026-{number:04}" for number in range(1, 7)]


def test_the_history_holds_the_hash_of_what_a_letter_says(desk: Desk) -> None:
    made = letter(desk, issue(desk, "ernesto", "D18_withdrawal", WITHDRAWN))

    with look(desk.database, SYSTEM) as work:
        data = work.session.scalars(select(models.Event.data).where(models.Event.type == "LetterIssued")).one()
    assert len(made.facts_sha256) == 64
    assert f'"facts_sha256":"{made.facts_sha256}"' in data
    assert len(made.code) == letters.CODE_LENGTH
