"""The three outcomes of a suspension's end, by ground and evidence; windows and reminders before a last day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendars import Unit
from engine.domain.programme_parts import Renewal, SuspensionGround, Words
from engine.domain.suspensions import End, Outcome, Verified, end
from engine.domain.terms import Window, reminders, window

NAME = Words("Causal", "Ground")
CURABLE = SuspensionGround(NAME, None, Unit.CALENDAR, verification=30, if_not_cured="revoke")
FACTS = SuspensionGround(NAME, 30, Unit.CALENDAR, if_not_cured="end")
LAST = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("ground", "verified", "over", "verifying", "found"),
    [
        (CURABLE, "yes", False, True, End(Outcome.LIFT, "cured")),
        (CURABLE, "yes", True, False, End(Outcome.LIFT, "cured")),
        (CURABLE, "no", False, True, End(Outcome.GOES_ON, "running")),
        (CURABLE, "no", True, True, End(Outcome.REVOKE, "not_cured")),
        (CURABLE, "pending", True, True, End(Outcome.GOES_ON, "verifying")),
        (CURABLE, "pending", True, False, End(Outcome.ENDS, "expired")),
        (FACTS, "no", True, False, End(Outcome.ENDS, "expired")),
        (FACTS, "pending", False, True, End(Outcome.GOES_ON, "running")),
    ],
)
def test_ground_and_evidence_choose_the_outcome(
    ground: SuspensionGround,
    verified: str,
    over: bool,  # noqa: FBT001 - a column of the table
    verifying: bool,  # noqa: FBT001 - another
    found: End,
) -> None:
    assert end(ground, Verified(verified), over=over, verifying=verifying) == found


@given(st.sampled_from(Verified), st.booleans(), st.booleans())
def test_no_suspension_is_revoked_before_it_is_over_nor_where_its_ground_does_not_say_so(
    verified: Verified,
    over: bool,  # noqa: FBT001 - drawn
    verifying: bool,  # noqa: FBT001 - drawn
) -> None:
    assert end(FACTS, verified, over=over, verifying=verifying).outcome is not Outcome.REVOKE
    assert end(CURABLE, verified, over=False, verifying=verifying).outcome is not Outcome.REVOKE


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 11, 1), "before"),
        (date(2026, 11, 2), "open"),
        (date(2027, 1, 1), "open"),
        (date(2027, 1, 2), "late"),
        (date(2027, 1, 31), "late"),
        (date(2027, 2, 1), "over"),
    ],
)
def test_a_renewal_is_in_time_between_both_ends_of_its_window(day: date, moment: str) -> None:
    found = window(LAST, Renewal(window_opens=90, window_closes=30))

    assert found == Window(date(2026, 11, 2), date(2027, 1, 1), LAST)
    assert found.on(day) == moment


def test_reminders_are_days_before_the_last_one_each_once_the_first_one_first() -> None:
    offsets = (7, 30, 60, 90, 180, 30)

    assert reminders(LAST, offsets) == (
        date(2026, 8, 4),
        date(2026, 11, 2),
        date(2026, 12, 2),
        date(2027, 1, 1),
        date(2027, 1, 24),
    )
    assert reminders(LAST, offsets, since=date(2027, 1, 1)) == (date(2027, 1, 1), date(2027, 1, 24))
