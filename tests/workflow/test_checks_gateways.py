"""Splits, joins and loops that must go wrong are refused; those that need not are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.workflow.checks import check, gateways
from engine.workflow.checks.graph import cycles
from engine.workflow.diagram import Diagram, read
from tests.workflow.drawing import drawn, flow, known, node, path, plain, refused, task

SCRIPT = node("scriptTask", "work", '<zeebe:script expression="=1" resultVariable="x"/>')
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
VALIDATE = '<zeebe:calledElement processId="validation"/>'


def looping(body: str, name: str, out: str = "") -> dict[str, str]:
    """A loop of a gateway and the element `name`; `out` leads out of it."""
    gateway = node("exclusiveGateway", "again", attributes=f'default="again__{name}"')
    ways = path("begin", "again", name, "again") + out
    return refused(drawn(node("startEvent", "begin") + gateway + body + ways))


OUT = node("endEvent", "done") + flow("again", "done", "=x")


def within(inner: str, name: str) -> str:
    return node("subProcess", "work", inner=plain(inner, names=name, ends="2"))


@pytest.mark.parametrize(
    "quick",
    [
        SCRIPT,
        node("serviceTask", "work"),
        node("intermediateThrowEvent", "work"),
        within(SCRIPT.replace('"work"', '"inner"'), "inner"),
    ],
)
def test_a_loop_that_never_waits_and_is_never_left_is_refused(quick: str) -> None:
    assert "never waits and never ends" in looping(quick, "work")["again"]
    assert "again" not in looping(quick, "work", OUT)
    assert "never waits" in looping(quick, "work", node("endEvent", "done") + flow("work", "done"))["again"]


def test_a_loop_in_which_a_join_waits_for_other_tokens_waits() -> None:
    """A task in a loop of its own sends a token each time, which lets the other loop turn once more."""
    split = task("ask").replace("<userTask", '<userTask default="ask__join"')
    body = node("startEvent", "begin") + node("exclusiveGateway", "merge") + node("exclusiveGateway", "more") + split
    body += node("parallelGateway", "join") + SCRIPT + node("parallelGateway", "fork")
    ways = (
        path("begin", "fork", "merge", "join", "work", "merge")
        + path("fork", "more", "ask", "join")
        + flow("ask", "more", "=x")
    )

    assert not any("never waits" in text for text in refused(drawn(body + ways)).values())


def test_a_task_that_may_not_go_back_leaves_its_loop() -> None:
    out = flow("work", "done") + node("endEvent", "done")
    back = path("begin", "again", "work") + flow("work", "again", "=x")

    assert refused(drawn(node("startEvent", "begin") + node("exclusiveGateway", "again") + SCRIPT + back + out)) == {}


@pytest.mark.parametrize(
    "slow",
    [
        task("work"),
        node("intermediateCatchEvent", "work", inner=TIMER),
        node("callActivity", "work", VALIDATE),
        within(task("inner"), "inner"),
    ],
)
def test_a_loop_that_waits_runs(slow: str) -> None:
    assert looping(slow, "work") == {}
    assert looping(slow, "work", OUT) == {}


def test_an_error_at_a_service_that_leads_back_to_it_may_be_over_some_day() -> None:
    failed = node("boundaryEvent", "failed", inner="<errorEventDefinition/>", attributes='attachedToRef="work"')
    service = node("serviceTask", "work", '<zeebe:taskDefinition type="authorisations.grant"/>')

    found = refused(drawn(plain(service + failed, names="work") + flow("failed", "work")))

    assert not any("never waits" in text for text in found.values())


def both(first: str, second: str, *, split: str = "parallelGateway", more: str = "") -> dict[str, str]:
    """`first` and `second` between a split and a parallel join."""
    ends = node("startEvent", "begin") + node("endEvent", "done")
    attributes = 'default="split__two"' if split in {"exclusiveGateway", "inclusiveGateway"} else ""
    condition = "=x" if attributes else ""
    body = node(split, "split", attributes=attributes) + first + second + node("parallelGateway", "join")
    ways = path("begin", "split") + flow("split", "one", condition) + path("split", "two", "join", "done")
    return refused(drawn(ends + body + ways + path("one", "join") + more))


@pytest.mark.parametrize("split", ["parallelGateway", "inclusiveGateway"])
def test_a_join_behind_a_split_that_makes_several_tokens_runs(split: str) -> None:
    assert both(task("one"), task("two"), split=split) == {}


def test_a_parallel_join_behind_an_exclusive_split_is_refused() -> None:
    assert "only one can come" in both(task("one"), task("two"), split="exclusiveGateway")["join"]


def test_a_parallel_join_behind_an_event_gateway_is_refused() -> None:
    wait = node("intermediateCatchEvent", "one", inner=TIMER)
    told = node(
        "intermediateCatchEvent",
        "two",
        inner="<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>",
    )

    assert "only one can come" in both(wait, told, split="eventBasedGateway")["join"]


def beside(*, interrupting: str) -> dict[str, str]:
    late = f'<boundaryEvent id="late" name="t" attachedToRef="look" cancelActivity="{interrupting}">{TIMER}</boundaryEvent>'
    join = node("parallelGateway", "join")
    return refused(drawn(plain(task("look") + late + join, names="look join") + path("late", "join")))


def test_a_join_behind_a_task_and_its_reminder_can_fire() -> None:
    assert beside(interrupting="false") == {}


def test_a_join_behind_a_task_and_its_interruption_cannot_fire() -> None:
    assert "only one can come" in beside(interrupting="true")["join"]


def test_a_join_that_waits_for_its_own_loop_is_refused() -> None:
    gateway = node("exclusiveGateway", "again", attributes='default="again__done"')
    body = node("parallelGateway", "join") + task("look") + gateway

    found = refused(drawn(plain(body, names="join look again") + flow("again", "join", "=x")))

    assert "begins behind it" in found["join"]


def test_a_split_and_join_inside_a_loop_runs() -> None:
    ends = node("startEvent", "begin") + node("endEvent", "done") + node("exclusiveGateway", "merge")
    gates = node("parallelGateway", "split") + node("parallelGateway", "join")
    gates += node("exclusiveGateway", "again", attributes='default="again__done"')
    ways = path("begin", "merge", "split", "one", "join", "again", "done") + path("split", "two", "join")

    assert refused(drawn(ends + gates + task("one") + task("two") + ways + flow("again", "merge", "=x"))) == {}


def test_two_flows_from_one_element_into_a_join_are_two_tokens() -> None:
    double = flow("one", "join").replace("one__join", "second")

    assert both(task("one"), task("two"), more=double) == {}


def test_two_flows_from_a_choice_into_a_join_are_one_token() -> None:
    gateway = node("exclusiveGateway", "which", attributes='default="second"')
    double = flow("which", "join", "=x") + flow("which", "join").replace("which__join", "second")

    found = refused(drawn(plain(gateway, node("parallelGateway", "join"), names="which").replace(
        flow("which", "done"), double + flow("join", "done"))))  # fmt: skip

    assert "only one can come" in found["join"]


def needing(count: str, *ways: str) -> dict[str, str]:
    """A task that needs `count` tokens, behind a task with these flows to it."""
    look = task("look").replace("<userTask", f'<userTask startQuantity="{count}"')
    return refused(drawn(node("startEvent", "begin") + task("first") + look + node("endEvent", "done")
                         + path("begin", "first") + path("look", "done") + "".join(ways)))  # fmt: skip


def test_a_task_that_needs_two_tokens_must_be_able_to_get_them() -> None:
    one = flow("first", "look")
    two = one.replace("first__look", "second")

    assert "only one can come" in needing("2", one)["look"]
    assert needing("2", one, two) == {}


@pytest.mark.parametrize("count", ["0", "-1", "x", "1000"])
def test_a_quantity_is_a_number_of_tokens(count: str) -> None:
    assert "from 1 to 999" in needing(count, flow("first", "look"))["look"]


def awaiting(*events: str, more: str = "") -> str:
    ends = node("startEvent", "begin") + node("endEvent", "done") + node("eventBasedGateway", "which")
    ways = "".join(path("which", name, "done") for name in ("one", "two")[: len(events)])
    return refused(drawn(ends + "".join(events) + path("begin", "which") + ways + more)).get("which", "")


ONE = node("intermediateCatchEvent", "one", inner=TIMER)
CONDITIONAL = "<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>"
TWO = node("intermediateCatchEvent", "two", inner=CONDITIONAL)


def test_an_event_gateway_before_two_events_runs() -> None:
    assert awaiting(ONE, TWO) == ""
    assert awaiting(ONE, ONE.replace('"one"', '"two"')) == ""


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (awaiting(ONE), "at least two events"),
        (awaiting(ONE, task("two")), "catch events or receive tasks only"),
        (awaiting(ONE, TWO, more=task("aside") + path("begin", "aside", "two")), "another way in"),
    ],
)
def test_an_event_gateway_that_would_not_choose_right_is_refused(found: str, reason: str) -> None:
    assert reason in found


def gathering(condition: str, activation: str = "=activationCount &gt;= 2") -> dict[str, str]:
    """Two branches that come to a complex gateway, with this condition on the way on."""
    said = f"<activationCondition>{activation}</activationCondition>" if activation else ""
    parts = node("startEvent", "begin") + task("one") + task("two") + node("complexGateway", "some", inner=said)
    ways = path("begin", "one", "some") + path("begin", "two", "some") + flow("some", "done", condition)
    return refused(drawn(parts + node("endEvent", "done") + ways))


def test_a_complex_gateway_says_when_it_starts_and_where_it_leads() -> None:
    assert gathering("=waitingForStart") == {}
    assert "does not say when it starts" in gathering("=waitingForStart", activation="")["some"]
    assert "is not FEEL" in gathering("=waitingForStart", activation="=activationCount &gt;=")["some"]


def test_a_flow_out_of_a_complex_gateway_says_in_which_phase_it_is_taken() -> None:
    assert "to be taken at its reset as well" in gathering("")["some__done"]
    assert gathering("=true") == {}


def warned(one: str, other: str, default: str = "") -> bool:
    gateway = node("exclusiveGateway", "which", attributes=default)
    body = node("startEvent", "begin") + gateway + node("endEvent", "yes") + node("endEvent", "no")
    ways = path("begin", "which") + flow("which", "yes", one) + flow("which", "no", other)
    return any("the case stops" in complaint.message for complaint in check(read(drawn(body + ways)), known()))


def test_a_choice_that_may_choose_nothing_is_a_warning() -> None:
    assert warned("=x = 1", "=x = 2")


@pytest.mark.parametrize(("one", "other"), [("=x = 1", "=x != 1"), ("=x &gt; 1", "=x&lt;=1"), ("=done", "=not(done)")])
def test_a_choice_between_opposites_needs_no_default(one: str, other: str) -> None:
    assert not warned(one, other)


def test_every_circle_is_really_one() -> None:
    following = {"a": ("b",), "b": ("a", "c"), "c": ("d",), "d": ("d",), "e": ("a",)}

    assert sorted(sorted(circle) for circle in cycles(following, following)) == [["a", "b"], ["d"]]


KINDS = st.sampled_from(["exclusiveGateway", "parallelGateway", "userTask"])


@given(
    st.lists(KINDS, min_size=3, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6)), min_size=2, max_size=12),
)
@settings(max_examples=400)
def test_a_join_that_is_refused_for_its_tokens_can_never_fire(kinds: list[str], ways: list[tuple[int, int]]) -> None:
    names = ["split", *(f"n{place}" for place in range(1, len(kinds) + 1))]
    elements = "".join(node(kind, name) for kind, name in zip(["parallelGateway", *kinds], names, strict=True))
    flows = {(names[one % len(names)], names[1 + two % len(kinds)]) for one, two in ways}
    flows |= {("begin", "split"), ("split", "n1"), ("split", "n2")}
    diagram = read(drawn(node("startEvent", "begin") + elements + "".join(flow(*way) for way in sorted(flows))))

    rules = (gateways.joins_that_never_fire, gateways.joins_fed_by_their_own_loop)
    refused_joins = {complaint.where for rule in rules for complaint in rule(diagram, known())}

    assert not refused_joins & joins_that_fire(diagram)


def joins_that_fire(diagram: Diagram) -> set[str]:
    """The parallel joins that fire in some play of the token game: a place for each flow, two tokens at most on it."""
    fired: set[str] = set()
    todo = [(flow_id,) for flow_id in diagram.elements["begin"].outgoing]
    seen = set(todo)
    while todo and len(seen) < 3_000:
        tokens = todo.pop()
        for element in diagram.elements.values():
            arrived = [flow_id for flow_id in element.incoming if flow_id in tokens]
            parallel = element.kind == "parallelGateway"
            if parallel and arrived and len(arrived) == len(element.incoming) > 1:
                fired.add(element.id)
            splits = element.kind == "userTask"
            for after in _played(tokens, element.outgoing, element.incoming, arrived, parallel=parallel, splits=splits):
                if after not in seen and max((after.count(token) for token in after), default=0) <= 2:
                    seen.add(after)
                    todo.append(after)
    return fired


def _played(
    tokens: tuple[str, ...],
    out: tuple[str, ...],
    into: tuple[str, ...],
    arrived: list[str],
    *,
    parallel: bool,
    splits: bool,
) -> list[tuple[str, ...]]:
    if splits:
        return [_moved(tokens, (taken,), out) for taken in arrived]
    if parallel:
        return [_moved(tokens, into, out)] if into and len(arrived) == len(into) else []
    return [_moved(tokens, (taken,), (way,)) for taken in arrived for way in out]


def _moved(tokens: tuple[str, ...], taken: tuple[str, ...], put: tuple[str, ...]) -> tuple[str, ...]:
    left = list(tokens)
    for token in taken:
        left.remove(token)
    return tuple(sorted([*left, *put]))
