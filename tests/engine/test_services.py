"""A diagram's call of a service is checked before it acts: what is missing or unknown is refused by name."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import applications, outbox, services
from engine.domain.errors import Conflict, Invalid, NotFound, Refusal
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.processes.lives import Life, filed, proposed


def perform(life: Life, service: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
    with begin(life.database, life.actor("director"), life.now) as work:
        return services.perform(work, work.session.scalars(select(models.Case)).one(), service, arguments)


@pytest.fixture
def life(office: Database) -> Life:
    return Life(office).apply()


def test_a_service_that_does_not_exist_is_not_found(life: Life) -> None:
    with pytest.raises(NotFound, match=r"os\.system"):
        perform(life, "os.system", {})


def refused(life: Life, service: str, arguments: Mapping[str, object]) -> set[str]:
    """The arguments that the service refuses, by name."""
    with pytest.raises(Invalid) as refusal:
        perform(life, service, arguments)
    return {problem.where for problem in refusal.value.problems}


def test_every_missing_or_unknown_argument_is_named(life: Life) -> None:
    needed = {name: services.parameters()[name] - services.optional()[name] for name in services.SERVICES}

    found = {name: refused(life, name, {"__class__": "x"}) for name in services.SERVICES}

    assert found == {name: {*arguments, "__class__"} for name, arguments in needed.items()}


def test_an_argument_that_is_null_is_missing(life: Life) -> None:
    needed = {name: services.parameters()[name] - services.optional()[name] for name in services.SERVICES}

    found = {name: refused(life, name, dict.fromkeys(names)) for name, names in needed.items() if names}

    assert found == {name: set(names) for name, names in needed.items() if names}


@pytest.mark.parametrize("service", [name for name in sorted(services.SERVICES) if name.startswith("applications.")])
def test_an_application_that_does_not_exist_is_refused_and_nothing_changes(life: Life, service: str) -> None:
    needed = services.parameters()[service] - services.optional()[service]
    arguments: dict[str, object] = {name: [{"item": "x"}] if name in ("items", "grounds") else "x" for name in needed}

    with pytest.raises(Refusal):
        perform(life, service, arguments)

    assert life.application().state == "A0"


def test_what_the_law_does_not_allow_in_a_state_is_refused(life: Life) -> None:
    with pytest.raises(Conflict):
        perform(life, "authorisations.grant", {"application_id": life.application().id})

    assert life.application().state == "A0"


def test_nobody_is_refused_unheard(office: Database) -> None:
    life = proposed(office)

    with pytest.raises(Conflict, match="unheard"):
        perform(life, "applications.refuse", {"application_id": life.application().id, "reasons": "No."})


def test_a_certificate_with_a_later_effect_takes_it_on_that_day_and_benefits_begin_then(office: Database) -> None:
    life = proposed(office).do("decide_on_proposal")
    with begin(office, SYSTEM, life.now) as work:
        authorisation = work.session.scalars(select(models.Authorisation)).one()
        case = work.session.get_one(models.Case, authorisation_case(life))
        authorisation.state, authorisation.benefits_on = "B0", False
        authorisation.effective_on = work.today + timedelta(days=5)
        at = work.now + timedelta(days=5)
        outbox.add(work, "effect", {"authorisation_id": authorisation.id}, case, at=at)

    Worker(office, "one").drain(at - timedelta(seconds=1))
    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B0", False)
    Worker(office, "one").drain(at)

    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B1", True)
    with look(office, SYSTEM) as work:
        change = work.session.scalars(select(models.StatusChange).where(models.StatusChange.to_state == "B1")).all()[-1]
        assert (change.from_state, change.valid_from) == ("B0", life.authorisation().effective_on)


def authorisation_case(life: Life) -> str:
    with look(life.database, SYSTEM) as work:
        return work.session.scalars(select(models.Case.id).where(models.Case.process == "application")).one()


def test_what_is_asked_of_an_applicant_is_named(office: Database) -> None:
    life = filed(office)
    officer = life.actor("admision")

    with begin(life.database, officer, life.now) as work:
        case = work.session.scalars(select(models.Case)).one()
        with pytest.raises(Invalid) as refusal:
            applications.request_completion(work, case, life.application().id, [])
    assert [problem.where for problem in refusal.value.problems] == ["items"]
