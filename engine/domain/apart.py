"""Duties that one human being must not hold together in one case, or towards one operator (domain page §4)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

DUTIES: Final = (
    "propose",
    "approve",
    "visit",
    "report",
    "control",
    "write_action",
    "verify_action",
    "monitor",
    "committee",
    "handle_complaint",
    "manage_account",
    "adverse",
    "advise",
)


class Switch(Protocol):
    """What a programme says of a rule: whether it is on, and after how many months somebody may again."""

    @property
    def on(self) -> bool: ...  # noqa: D102 - said above

    @property
    def months(self) -> int: ...  # noqa: D102 - said above


@dataclass(frozen=True, slots=True)
class Rule:
    """Who did one of the duties `bars` may not do a task of the duty `wants`.

    `of_operator`: wherever they did it for the same operator, within the months that the programme says; else in the same
    case. `last_only`: only if the last task of that duty in the case was theirs.
    """

    name: str
    wants: str
    bars: frozenset[str]
    message: str
    of_operator: bool = False
    last_only: bool = False


RULES: Final = (
    Rule(
        "proposer_not_approver",
        "approve",
        frozenset({"propose"}),
        "You did «%(task)s» in this case: whoever proposes may not approve.",
    ),
    Rule(
        "validator_not_approver",
        "approve",
        frozenset({"visit", "report"}),
        "You did «%(task)s» in this case: whoever validates may not approve.",
    ),
    Rule(
        "action_author_not_verifier",
        "verify_action",
        frozenset({"write_action"}),
        "You did «%(task)s» in this case: whoever writes a corrective action may not verify it.",
    ),
    Rule(
        "monitoring_not_verifier",
        "verify_action",
        frozenset({"monitor"}),
        "You did «%(task)s» in this case: whoever monitors may not close the verification.",
    ),
    Rule(
        "committee_without_visitors",
        "committee",
        frozenset({"visit"}),
        "You did «%(task)s» in this case: whoever made the visit may not sit on the committee.",
    ),
    Rule(
        "no_two_controls_in_a_row",
        "control",
        frozenset({"control"}),
        "You did «%(task)s», the control before this one: another person must do the next.",
        last_only=True,
    ),
    Rule(
        "account_manager_not_adverse",
        "adverse",
        frozenset({"manage_account"}),
        "You did «%(task)s» for this operator: its account manager takes no part in an adverse decision.",
        of_operator=True,
    ),
    Rule(
        "cooling_off",
        "visit",
        frozenset({"advise"}),
        "You did «%(task)s» for this operator: whoever advised it may not validate it for some time.",
        of_operator=True,
    ),
)
SUBJECT: Final = "complaint_subject_not_handler"  # whom a task is about may not do it
NAMES: Final = (*(rule.name for rule in RULES), SUBJECT)


@dataclass(frozen=True, slots=True)
class Did:
    """A task that was done: its name, its duties, by and for whom (account ids), when; `here`: in the case in question."""

    name: str
    duties: frozenset[str]
    people: frozenset[str]
    at: datetime
    here: bool = True


def wanting(duties: Collection[str], switch: Callable[[str], Switch]) -> Iterator[Rule]:
    """The rules that a task of these duties falls under, of those that the programme has switched on."""
    return (rule for rule in RULES if rule.wants in duties and switch(rule.name).on)


def broken(rule: Rule, people: Collection[str], past: Iterable[Did], since: datetime | None) -> Did | None:
    """What of the past, told in order of time, bars these people under the rule; None: nothing does.

    `people` are the human being and whom they stand in for: the law looks at both. `since` is where a rule of the operator
    begins to count.
    """
    found = [did for did in past if not rule.bars.isdisjoint(did.duties)]
    if rule.of_operator:
        found = [did for did in found if since is None or did.at >= since]
    else:
        found = [did for did in found if did.here]
    if rule.last_only:
        found = found[-1:]
    return next((did for did in found if not did.people.isdisjoint(people)), None)
