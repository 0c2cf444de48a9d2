"""Work is one transaction; who loses a lock to others tries again unseen, and word of a failure survives it."""

from threading import Barrier, Thread

import pytest

from engine import history
from engine.domain.events import IncidentRaised
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, insist, look
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
