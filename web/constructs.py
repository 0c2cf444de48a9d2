"""What diagrams can say: each construct of BPMN by its word, with what the checks themselves have against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.workflow import verdicts
from web import words
from web.i18n import N_, gettext

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    N_("Activities"): {
        "userTask": N_("task of a person"),
        "serviceTask": N_("task of a service"),
        "businessRuleTask": N_("task of a decision"),
        "scriptTask": N_("computed value"),
        "sendTask": N_("task that sends"),
        "receiveTask": N_("task that waits for a message"),
        "task": N_("task without person or service"),
        "manualTask": N_("manual task"),
        "callActivity": N_("call of a process"),
        "subProcess": N_("sub-process"),
        "eventSubProcess": N_("sub-process that an event starts"),
        "transaction": N_("transaction"),
        "adHocSubProcess": N_("sub-process without fixed order"),
    },
    N_("Markers of activities"): {
        "loop multiInstance": N_("repeated for each item of a list"),
        "loop standard": N_("repeated while a condition holds"),
        "compensation": N_("undoes another activity"),
    },
    N_("Data objects"): {"data": N_("data object joined to an activity")},
    N_("Gateways"): {
        "exclusiveGateway": N_("exclusive gateway"),
        "parallelGateway": N_("parallel gateway"),
        "inclusiveGateway": N_("inclusive gateway"),
        "eventBasedGateway": N_("event gateway"),
        "instantiating eventBasedGateway": N_("event gateway that starts the process"),
        "complexGateway": N_("complex gateway"),
    },
}
EVENTS: Final[Mapping[str, str]] = {
    "": N_("plain"),
    "message": N_("message"),
    "timer": N_("timer"),
    "conditional": N_("condition"),
    "signal": N_("signal"),
    "escalation": N_("escalation"),
    "error": N_("error"),
    "cancel": N_("cancellation"),
    "compensate": N_("compensation"),
    "link": N_("link"),
    "terminate": N_("ends everything"),
}
_HERE: Final = "message timer conditional signal"
# Where an event may stand: its name in `offers`, and the definitions that the standard has there (BPMN 2.0.2, 10.5).
PLACES: Final[Sequence[tuple[str, str, str, frozenset[str]]]] = tuple(
    (heading, kind, suffix, frozenset(one.strip("-") for one in definitions.split()))
    for heading, kind, suffix, definitions in (
        (N_("Starts the process"), "startEvent", "", f"- {_HERE}"),
        (
            N_("Starts an event sub-process"),
            "startEvent",
            " in eventSubProcess",
            f"{_HERE} escalation error compensate",
        ),
        (N_("The same, not interrupting"), "startEvent", " in eventSubProcess not interrupting", f"{_HERE} escalation"),
        (N_("Waits on the way"), "intermediateCatchEvent", "", f"{_HERE} link"),
        (N_("At the edge of an activity"), "boundaryEvent", "", f"{_HERE} escalation error cancel compensate"),
        (N_("The same, not interrupting"), "boundaryEvent", " not interrupting", f"{_HERE} escalation"),
        (N_("Tells on the way"), "intermediateThrowEvent", "", "- message signal escalation compensate link"),
        (N_("End"), "endEvent", "", "- message signal escalation error cancel compensate terminate"),
    )
)


@dataclass(frozen=True, slots=True)
class Construct:
    """One construct; `reason` is empty where it runs."""

    word: str
    reason: str


def groups() -> Sequence[tuple[str, Sequence[Construct]]]:
    """Activities, markers and gateways, each with its verdict."""
    return [
        (gettext(heading), [Construct(gettext(word), _reason(name)) for name, word in members.items()])
        for heading, members in GROUPS.items()
    ]


def events() -> Sequence[tuple[str, Sequence[Construct | None]]]:
    """A line for each definition with a cell for each place, None where the standard has no such event."""
    return [(gettext(word), [_event(name, word, place) for place in PLACES]) for name, word in EVENTS.items()]


def _event(name: str, word: str, place: tuple[str, str, str, frozenset[str]]) -> Construct | None:
    _heading, kind, suffix, definitions = place
    if name not in definitions:
        return None
    return Construct(gettext(word), _reason(f"{kind} {name}{suffix}" if name else f"{kind}{suffix}"))


def _reason(name: str) -> str:
    wrong = verdicts()[name]
    return " ".join(words.explain(one.message, {**one.params, "id": "…"}) for one in wrong)
