"""Work is one transaction; who loses a lock to others tries again unseen, and word of a failure survives it."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from engine import history
from engine.domain.events import IncidentRaised
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, attempt, begin, insist, look
from tests.factories import an_operator


def test_two_who_lock_each_other_out_both_get_done(database: Database) -> None:
    one, other = an_operator(database, "1", "-"), an_operator(database, "2", "-")
    meet, tries, failures = Barrier(2), [], []

    def lock_both(*order: str) -> None:
        def act() -> None:
            tries.append(order)
            with begin(database, SYSTEM) as work:
                for operator in order:
                    work.session.get_one(models.Operator, operator, with_for_update=True).name += "x"
                    work.session.flush()
                    if not database.on_sqlite and not meet.broken and tries.count(order) == 1 and operator == order[0]:
                        meet.wait(10)  # both hold what the other wants next

        try:
            insist(act)
        except Exception as error:
            failures.append(error)
            raise

    both = [Thread(target=lock_both, args=order) for order in ((one, other), (other, one))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert failures == []
    assert len(tries) == (2 if database.on_sqlite else 3)
    with look(database, SYSTEM) as work:
        assert [work.session.get_one(models.Operator, id_).name for id_ in (one, other)] == ["-xx", "-xx"]


def test_what_is_no_lost_lock_is_not_tried_again() -> None:
    tries = []

    def act() -> None:
        tries.append(1)
        raise KeyError

    with pytest.raises(KeyError):
        insist(act)

    assert tries == [1]


def test_word_of_a_failure_survives_what_is_rolled_back(database: Database) -> None:
    def tell(work: Work) -> None:
        history.record(work, IncidentRaised("1", "e", "engine", "it broke"), stream="system")

    def fail() -> None:
        with begin(database, SYSTEM) as work:
            an = models.Operator(id="1", tax_id="1", name="n", kind="exporter", created_at=work.now)
            work.session.add(an)
            work.note_failure(tell)
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with look(database, SYSTEM) as work:
        assert work.session.get(models.Operator, "1") is None
        assert history.verify(work, "system") == (1, None)


def test_no_word_of_failure_is_written_where_nothing_failed(database: Database) -> None:
    with begin(database, SYSTEM) as work:
        work.note_failure(lambda other: other.session.delete(other))

    with look(database, SYSTEM) as work:
        assert history.verify(work, "system") == (0, None)


def an(work: Work, tax_id: str) -> models.Operator:
    operator = models.Operator(id=tax_id, tax_id=tax_id, name="n", kind="exporter", created_at=work.now)
    work.session.add(operator)
    return operator


def told(work: Work, number: str, stream: str = "system") -> None:
    history.record(work, IncidentRaised(number, "e", "engine", "it broke"), stream=stream)


def fail(work: Work, *, flushed: bool) -> None:
    """Does all that can be undone, and fails."""
    work.session.get_one(models.Operator, "1").name = "changed"
    an(work, "2")
    told(work, "undone")
    told(work, "undone", "another")
    if flushed:
        work.session.flush()
    work.clock_moved("case", "decision", work.now)
    work.note_failure(lambda other: told(other, "never"))
    raise KeyError


@pytest.mark.parametrize("flushed", [True, False])
def test_an_attempt_that_fails_is_undone_and_the_work_goes_on_without_it(database: Database, *, flushed: bool) -> None:
    with begin(database, SYSTEM) as work:
        operator = an(work, "1")
        told(work, "first")
        work.clock_moved("case", "acceptance", work.now)

        with pytest.raises(KeyError):
            attempt(work, lambda: fail(work, flushed=flushed))

        assert operator.name == "n"
        assert [clock for _case, clock, *_at in work.moved_clocks] == ["acceptance"]
        assert work.notes == []
        told(work, "second")
        an(work, "3")

    with look(database, SYSTEM) as work:
        assert sorted(work.session.scalars(select(models.Operator.id))) == ["1", "3"]
        assert work.session.scalars(select(models.Stream.id)).all() == ["system"]
        assert history.verify(work, "system") == (2, None)


def test_an_attempt_that_goes_well_is_part_of_the_work(database: Database) -> None:
    with begin(database, SYSTEM) as work:
        assert attempt(work, lambda: an(work, "1").id) == "1"
        attempt(work, lambda: told(work, "first"))
        told(work, "second")

    with look(database, SYSTEM) as work:
        assert work.session.get(models.Operator, "1") is not None
        assert history.verify(work, "system") == (2, None)


def test_an_attempt_in_work_that_fails_is_undone_with_it(database: Database) -> None:
    def act() -> None:
        with begin(database, SYSTEM) as work:
            attempt(work, lambda: told(work, "first"))
            raise KeyError

    with pytest.raises(KeyError):
        act()

    with look(database, SYSTEM) as work:
        assert history.verify(work, "system") == (0, None)
