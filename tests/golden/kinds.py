"""Every kind of wait at which a case may be saved: a small diagram, the way to the wait, and the way on to the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.workflow.drawing import flow, node, path, plain, task

ROOT = (
    '<message id="m_news" name="news"><extensionElements><zeebe:subscription correlationKey="=remark"/>'
    '</extensionElements></message><signal id="s_bell" name="bell"/>'
)
NEWS = '<messageEventDefinition messageRef="m_news"/>'
BELL = '<signalEventDefinition signalRef="s_bell"/>'
CONDITION = "<conditionalEventDefinition><condition>=ready = true</condition></conditionalEventDefinition>"
UNDO = "<compensateEventDefinition/>"
ITEMS = '"=[&quot;a&quot;, &quot;b&quot;, &quot;c&quot;]"'
Acts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """`before` leads to the wait, `after` to the end; services that are not named fail."""

    body: str
    before: Acts = ()
    after: Acts = ()
    root: str = ROOT
    called: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def catch(name: str, inner: str, attributes: str = "") -> str:
    return node("intermediateCatchEvent", name, inner=inner, attributes=attributes)


def at(name: str, host: str, inner: str, *, interrupting: bool = True) -> str:
    marks = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, inner=inner, attributes=marks)


def do(*names: str, **answers: Any) -> list[dict[str, Any]]:
    return [{"do": name, **({"answers": answers} if answers else {})} for name in names]


def inside(name: str, *middle: str, names: str, kind: str = "subProcess", attributes: str = "", more: str = "") -> str:
    return node(kind, name, inner=plain(*middle, names=names, ends=f"_{name}") + more, attributes=attributes)


def repeated(sequential: str, body: str = "") -> str:
    return (
        f'{body}<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements>'
        f'<zeebe:loopCharacteristics inputCollection={ITEMS} inputElement="item" outputCollection="answers" '
        'outputElement="=answer"/></extensionElements></multiInstanceLoopCharacteristics>'
    )


def fork(kind: str, *, join: str = "", attributes: str = "", inner: str = "") -> str:
    """Three tasks between a fork and a join of one kind."""
    body = node("startEvent", "begin") + node("endEvent", "done") + node(kind, "fork")
    body += (
        node(join or kind, "join", attributes=attributes, inner=inner) + path("begin", "fork") + flow("join", "done")
    )
    return body + "".join(task(name) + path("fork", name, "join") for name in ("a", "b", "c"))


def handler(name: str, event: str, *, interrupting: bool) -> str:
    start = node("startEvent", f"{name}_begin", inner=event, attributes=f'isInterrupting="{str(interrupting).lower()}"')
    inner = (
        start
        + task(f"{name}_task")
        + node("endEvent", f"{name}_end")
        + path(f"{name}_begin", f"{name}_task", f"{name}_end")
    )
    return node("subProcess", name, inner=inner, attributes='triggeredByEvent="true"')


def undoable(name: str) -> str:
    """A task with another that undoes it."""
    undo = task(f"undo_{name}").replace(f'id="undo_{name}"', f'id="undo_{name}" isForCompensation="true"', 1)
    joined = f'<association id="{name}_joined" sourceRef="{name}_event" targetRef="undo_{name}"/>'
    return task(name) + at(f"{name}_event", name, UNDO) + undo + joined


SERVICE = node("serviceTask", "ask", '<zeebe:taskDefinition type="ask"/>')
WITH_FACTS = '<zeebe:taskSchedule dueDate="P5D"/><zeebe:ioMapping><zeebe:input source="=remark" target="seen"/></zeebe:ioMapping>'
CALL = node("callActivity", "call", '<zeebe:calledElement processId="visit"/>')
EVERY = at("every", "one", timer("timeCycle", "R3/P1D"), interrupting=False) + task("remind") + path("every", "remind")
PLACES = path("begin", "choice", "hear", "done") + path("choice", "late", "done")
CHOICE = node("startEvent", "begin") + node("endEvent", "done") + node("eventBasedGateway", "choice")
LOOP = "<standardLoopCharacteristics><loopCondition>=loopCounter &lt; 3</loopCondition></standardLoopCharacteristics>"
ENOUGH = "<activationCondition>=activationCount &gt;= 2</activationCondition>"
TRIP = plain(undoable("hotel"), undoable("flight"), names="hotel flight", ends="_trip")
TRANSACTION = (
    node(
        "transaction",
        "trip",
        inner=TRIP.replace(
            node("endEvent", "done_trip"), node("endEvent", "done_trip", inner="<cancelEventDefinition/>")
        ),
    )
    + at("cancelled", "trip", "<cancelEventDefinition/>")
    + task("excuse")
)
LEAVING = path("cancelled", "excuse", "done")

KINDS: Mapping[str, Kind] = {
    "user_task": Kind(plain(task("one", said=WITH_FACTS), names="one"), after=do("one", answer=1)),
    "timer_duration": Kind(plain(catch("pause", timer("timeDuration", "P10D")), names="pause"), after=[{"days": 11}]),
    "timer_date": Kind(
        plain(catch("pause", timer("timeDate", "2026-04-01T08:00:00-06:00")), names="pause"), after=[{"days": 31}]
    ),
    "timer_cycle": Kind(
        plain(task("one"), names="one") + EVERY,
        before=[{"days": 1}],
        after=[{"days": 1}, {"days": 1}, *do("remind", "remind", "remind", "one")],
    ),
    "message": Kind(
        plain(catch("hear", NEWS), names="hear"), after=[{"deliver": "news", "key": "ñ", "payload": {"x": 1}}]
    ),
    "receive_task": Kind(
        plain(node("receiveTask", "hear", attributes='messageRef="m_news"'), names="hear"),
        after=[{"deliver": "news", "key": "ñ"}],
    ),
    "signal": Kind(plain(catch("hear", BELL), names="hear"), after=[{"signal": "bell", "payload": {"x": 1}}]),
    "condition": Kind(
        node("startEvent", "begin")
        + node("parallelGateway", "fork")
        + task("one")
        + catch("wait", CONDITION)
        + node("endEvent", "done")
        + path("begin", "fork", "one", "done")
        + path("fork", "wait", "done"),
        after=do("one", ready=True),
    ),
    "multiple": Kind(plain(catch("any", NEWS + BELL), names="any"), after=[{"signal": "bell"}]),
    "parallel_multiple": Kind(
        plain(catch("all", NEWS + BELL, 'parallelMultiple="true"'), names="all"),
        before=[{"signal": "bell", "payload": {"x": 1}}],
        after=[{"deliver": "news", "key": "ñ"}],
    ),
    "event_gateway": Kind(
        CHOICE + catch("hear", NEWS) + catch("late", timer("timeDuration", "P5D")) + PLACES, after=[{"days": 6}]
    ),
    "boundary_events": Kind(
        plain(
            task("one")
            + at("late", "one", timer("timeDuration", "P5D"))
            + at("rung", "one", BELL, interrupting=False)
            + task("two")
            + path("late", "two")
            + task("three")
            + path("rung", "three"),
            names="one",
        ),
        before=[{"signal": "bell"}],
        after=[{"signal": "bell"}, {"days": 6}, *do("two", "three", "three")],
    ),
    "parallel_join": Kind(fork("parallelGateway"), before=do("a"), after=do("c", "b")),
    "inclusive_join": Kind(fork("inclusiveGateway"), before=do("b"), after=do("a", "c")),
    "complex_join_before_its_start": Kind(
        fork("parallelGateway", join="complexGateway", inner=ENOUGH), before=do("a"), after=do("b", "c")
    ),
    "complex_join_before_its_reset": Kind(
        fork("parallelGateway", join="complexGateway", inner=ENOUGH).replace(
            flow("join", "done"), task("then") + path("join", "then", "done")
        ),
        before=do("a", "b"),
        after=do("then", "c", "then"),
    ),
    "sub_process": Kind(
        plain(inside("part", task("inner"), task("last"), names="inner last"), names="part"),
        before=do("inner"),
        after=do("last", x=1),
    ),
    "call_activity": Kind(
        plain(CALL, names="call"),
        called={"visit": plain(task("inner"), task("last"), names="inner last")},
        before=do("inner", x=1),
        after=do("last", y=2),
    ),
    "several_at_once": Kind(
        plain(task("each", inner=repeated("false")), names="each"),
        before=do("each", answer=1),
        after=[*do("each", answer=2), *do("each", answer=3)],
    ),
    "several_in_turn": Kind(
        plain(task("each", inner=repeated("true")), names="each"),
        before=do("each", answer=1),
        after=[*do("each", answer=2), *do("each", answer=3)],
    ),
    "several_parts": Kind(
        plain(inside("part", task("inner"), names="inner", more=repeated("false")), names="part"),
        before=do("inner", answer=1),
        after=[*do("inner", answer=2), *do("inner", answer=3)],
    ),
    "loop": Kind(plain(task("again", inner=LOOP), names="again"), before=do("again"), after=do("again", "again")),
    "records_of_a_transaction": Kind(
        plain(TRANSACTION, names="trip") + LEAVING,
        before=do("hotel"),
        after=do("flight", "undo_flight", "undo_hotel", "excuse"),
    ),
    "cancelled_transaction": Kind(
        plain(TRANSACTION, names="trip") + LEAVING,
        before=do("hotel", "flight", "undo_flight"),
        after=do("undo_hotel", "excuse"),
    ),
    "compensation": Kind(
        plain(
            undoable("a"),
            undoable("b"),
            node("intermediateThrowEvent", "throw", inner=UNDO),
            task("after"),
            names="a b throw after",
        ),
        before=do("a", "b"),
        after=do("undo_b", "undo_a", "after"),
    ),
    "event_sub_process_listening": Kind(
        plain(task("one"), names="one") + handler("heard", NEWS, interrupting=True),
        after=[{"deliver": "news", "key": "ñ"}, *do("heard_task")],
    ),
    "event_sub_process_running": Kind(
        plain(task("one"), names="one") + handler("heard", BELL, interrupting=False),
        before=[{"signal": "bell"}],
        after=[{"signal": "bell"}, *do("heard_task", "one", "heard_task")],
    ),
    "event_sub_process_instead": Kind(
        plain(task("one"), names="one") + handler("heard", BELL, interrupting=True),
        before=[{"signal": "bell"}],
        after=do("heard_task"),
    ),
    "failed_service": Kind(plain(SERVICE, names="ask"), after=[{"retry": "ask"}], services={"ask": {"x": 1}}),
}
