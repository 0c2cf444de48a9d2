"""What a diagram consists of, as plain frozen values: no XML and no engine in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MOST_RETRIES = 100  # tries of a service that a diagram may ask for


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


class EventKind(StrEnum):
    """What an event waits for or throws; the value is the BPMN tag without `EventDefinition`."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITION = "conditional"
    TERMINATE = "terminate"
    CANCEL = "cancel"
    COMPENSATION = "compensate"
    LINK = "link"


class TimerKind(StrEnum):
    """How a timer's text is meant; the value is the BPMN tag."""

    DURATION = "timeDuration"
    DATE = "timeDate"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Event:
    """One event definition of an element, or the message of a send or receive task.

    `name` is the name of the message or signal, the code of the error or escalation, the name of the link, the id of the
    activity to compensate; empty where `ref` (the id that the diagram refers to) is missing or leads nowhere. `text` is the timer's or condition's text,
    FEEL where it begins with "=" (a condition always). `key` is the FEEL text of the correlation key.
    `waits` says whether who throws a compensation waits until it is done.
    """

    kind: EventKind
    name: str = ""
    ref: str = ""
    text: str = ""
    timer: TimerKind | None = None
    key: str = ""
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of an io mapping: `source` is FEEL where it begins with "=", else plain text; `target` may be dotted.

    A line `apart` does not see what the lines before it made.
    """

    target: str
    source: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """What a repeated activity throws by itself when an instance is done and the FEEL text `when` is true."""

    when: str
    event: Event


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is done: `kind` is "parallel", "sequential" or "standard" (BPMN's while loop).

    A standard loop goes on as long as `condition` is true (asked `before` each turn or after it), `most` times at most;
    a limit that is no number is 0. `behavior` is BPMN's word for what is `announced`.
    """

    kind: str
    collection: str = ""
    item: str = ""
    results: str = ""
    result: str = ""
    until: str = ""
    cardinality: str = ""
    condition: str = ""
    before: bool = False
    most: int | None = None
    behavior: str = "All"
    announced: tuple[Announced, ...] = ()

    @property
    def endless(self) -> bool:
        """Whether a standard loop has nothing that could end it."""
        return self.kind == "standard" and not self.condition and not self.most

    @property
    def counted(self) -> bool:
        """Whether a multi-instance says, in one way, how many there are, and a limit of turns is a number."""
        return self.most != 0 if self.kind == "standard" else bool(self.collection) != bool(self.cardinality)


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How the activities of an ad-hoc sub-process are chosen: `until` and `active` are FEEL texts, empty if not drawn."""

    sequential: bool = False
    cancels: bool = True
    until: str = ""
    active: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node of a process or of a sub-process in it.

    `process` is the process, `scope` the process or sub-process that it stands in directly. `role` is the literal
    candidate group, else the lane. `assignee`, `due`, `script` and `condition` texts are as drawn, "=" included.
    `attributes` are the plain BPMN attributes as drawn; `extras` are the BPMN children, `extensions` the extension
    elements, that nothing here reads. The quantities are those of tokens; 0 where what is drawn is no number of them.
    `handlers` are the activities that an association joins to a boundary event. `activation` is the condition of a
    complex gateway.
    """

    id: str
    kind: str
    process: str
    scope: str
    line: int = 0
    name: str = ""
    name_en: str = ""
    documentation: str = ""
    documentation_en: str = ""
    lane: str | None = None
    role: str | None = None
    candidate_groups: str = ""
    candidate_users: str = ""
    assignee: str | None = None
    due: str | None = None
    form: str | None = None
    service: str | None = None
    script: str | None = None
    result: str | None = None
    called: str | None = None
    all_in: bool = True
    all_out: bool = True
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    events: tuple[Event, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    event_subprocess: bool = False
    default: str | None = None
    loop: Loop | None = None
    clock: str | None = None
    phase: str | None = None
    not_by: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=_nothing)
    attributes: Mapping[str, str] = field(default_factory=_nothing)
    extras: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    has_shape: bool = False
    retries: str = ""
    decision: str | None = None
    handlers: tuple[str, ...] = ()
    start_quantity: int = 1
    completion_quantity: int = 1
    activation: str | None = None
    adhoc: AdHoc = field(default_factory=AdHoc)

    @property
    def event(self) -> Event | None:
        """The only event definition; nothing where there is none, or several."""
        return self.events[0] if len(self.events) == 1 else None

    def catches(self, kind: EventKind) -> bool:
        """Whether one of the event definitions is of that kind."""
        return any(event.kind is kind for event in self.events)

    @property
    def needs_all(self) -> bool:
        """Whether all of several event definitions must have happened, not just one (parallel multiple)."""
        return self.attributes.get("parallelMultiple") in {"true", "1"}

    @property
    def compensates(self) -> bool:
        """Whether the activity only undoes another one, outside of normal flow."""
        return self.attributes.get("isForCompensation") in {"true", "1"}

    @property
    def catches_compensation(self) -> bool:
        """Whether this is the boundary event of a compensation handler: no token ever waits there."""
        return self.kind == "boundaryEvent" and self.catches(EventKind.COMPENSATION)

    @property
    def throws_link(self) -> bool:
        """Whether the token goes on, from here, where the link of the same name is caught."""
        return self.kind == "intermediateThrowEvent" and self.catches(EventKind.LINK)


ACTIVITIES = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)


def begins_by_itself(element: Element) -> bool:
    """Whether a token comes to the element with its process where no start event is drawn (BPMN 2.0.2, 13.2)."""
    return (
        not element.incoming
        and not element.event_subprocess
        and element.kind not in {"startEvent", "endEvent", "boundaryEvent"}
        and not element.compensates
        and not (element.kind == "intermediateCatchEvent" and element.catches(EventKind.LINK))
    )


def instantiates(element: Element) -> bool:
    """Whether the element is marked as one that begins a case by itself."""
    return element.attributes.get("instantiate") in {"true", "1"}


def is_scope(element: Element) -> bool:
    """Whether the element is a container with a flow of its own."""
    return element.kind in {"subProcess", "transaction", "adHocSubProcess"}


@dataclass(frozen=True, slots=True)
class Beginning:
    """A way to begin a case of a process: at an element, by an event (None: by hand or by a call).

    `gateway` is the event-based gateway that the element stands behind, where that is what begins the case.
    """

    element: Element
    event: Event | None = None
    gateway: str | None = None

    @property
    def cause(self) -> tuple[str, str]:
        """What a case is begun by: the kind, and the name of the message or signal, or else the id of the element."""
        if self.event is None:
            return "none", self.element.id
        named = self.event.kind in {EventKind.MESSAGE, EventKind.SIGNAL}
        return self.event.kind.value, self.event.name if named else self.element.id


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow; `condition` is FEEL text as drawn. Its ends may be missing or in another scope: see the checks."""

    id: str
    source: str
    target: str
    scope: str
    line: int = 0
    name: str = ""
    name_en: str = ""
    condition: str | None = None
    has_shape: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the executable process; its id is the id of a role."""

    id: str
    name: str
    name_en: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a case that people know by name."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in the file that is not BPMN, or not where BPMN allows it: its tag, and the element it stands in."""

    where: str
    tag: str
    line: int


@dataclass(frozen=True, slots=True)
class Foreign:
    """An expression in another language than FEEL: the element or flow it stands in, its text and the language."""

    where: str
    text: str
    language: str
