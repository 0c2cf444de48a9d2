"""Joins as the standard has them: inclusive ones that ask where tokens may still come from, and the complex gateway."""

import pytest

from engine.domain.errors import Invalid
from engine.workflow import Fault
from tests.workflow.drawing import flow, node, path, task
from tests.workflow.playing import Play

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


def gate(kind: str, name: str, default: str = "", inner: str = "") -> str:
    return node(kind, name, inner=inner, attributes=f'default="{default}"' if default else "")


def tasks(names: str) -> str:
    return "".join(task(name) for name in names)


def test_an_inclusive_join_waits_for_every_token_that_can_still_come() -> None:
    """A gateway behind the split may lead past the join: until it has, the join waits."""
    body = (
        node("startEvent", "begin")
        + gate("parallelGateway", "split")
        + gate("exclusiveGateway", "which", "which__past")
    )
    body += gate("inclusiveGateway", "join") + tasks("abxz") + node("endEvent", "past")
    body += path("begin", "split", "a", "join", "z") + path("split", "b", "which") + path("which", "past")
    body += flow("which", "x", "=go") + path("x", "join")

    assert Play(body, {"go": False}).do("a").do("b").open == ["z"]
    waiting = Play(body, {"go": True}).do("a").do("b")
    assert waiting.open == ["x"]
    assert waiting.do("x").open == ["z"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_only_line_up_behind_another() -> None:
    """The token at b can reach the empty flow, but also the one where a's already waits: then it is not waited for."""
    body = (
        node("startEvent", "begin") + gate("parallelGateway", "split") + gate("exclusiveGateway", "which", "which__x")
    )
    body += gate("exclusiveGateway", "merge") + gate("inclusiveGateway", "join") + tasks("abxz")
    body += path("begin", "split", "a", "merge", "join", "z") + path("split", "b", "which", "x", "join")
    body += flow("which", "merge", "=go")

    play = Play(body, {"go": True}).do("a")

    assert sorted(play.open) == ["b", "z"]
    assert play.do("b").open == ["z", "z"]


def test_an_inclusive_join_counts_a_choice_between_events_as_one_token() -> None:
    told = '<signalEventDefinition signalRef="s"/>'
    body = (
        node("startEvent", "begin")
        + gate("parallelGateway", "split")
        + node("eventBasedGateway", "which")
        + tasks("ayz")
    )
    body += node("intermediateCatchEvent", "late", inner=TIMER) + node("intermediateCatchEvent", "told", inner=told)
    body += gate("exclusiveGateway", "merge") + gate("inclusiveGateway", "join")
    body += path("begin", "split", "a", "merge", "join", "z") + path("split", "which", "late", "y", "join")
    body += path("which", "told", "merge")
    play = Play(body, root='<signal id="s" name="told"/>').do("a")

    assert play.open == ["z"]
    assert sorted(play.signal("told").open) == ["z", "z"]


def test_an_inclusive_join_in_a_loop_fires_once_in_each_turn() -> None:
    body = node("startEvent", "begin") + gate("exclusiveGateway", "merge") + gate("inclusiveGateway", "split")
    body += gate("inclusiveGateway", "join") + gate("exclusiveGateway", "again", "again__z") + tasks("abz")
    body += path("begin", "merge", "split", "b", "join", "again", "z") + flow("split", "a", "=x") + path("a", "join")
    body += flow("again", "merge", "=n &gt; 0")
    play = Play(body.replace(flow("split", "b"), flow("split", "b", "=y")), {"x": True, "y": True, "n": 2})

    for turn in (1, 0):
        assert sorted(play.open) == ["a", "b"]
        assert play.do("b").open == ["a"]
        play.do("a", n=turn)
    assert play.open == ["z"]


def test_an_inclusive_join_that_also_splits_waits_for_its_own_loop() -> None:
    """The loop leads from behind the join into it: a token on the way round is waited for, its first firing is not."""
    body = (
        node("startEvent", "begin")
        + gate("inclusiveGateway", "join")
        + gate("parallelGateway", "split")
        + tasks("abcz")
    )
    body += gate("exclusiveGateway", "again", "again__z") + path("begin", "a", "join", "b", "again", "z")
    body += flow("again", "join", "=more")
    play = Play(body, {"more": True}).do("a")

    assert play.open == ["b"]
    assert play.do("b").open == ["b"]
    assert play.do("b", more=False).open == ["z"]


def test_nested_inclusive_gateways_each_wait_for_their_own() -> None:
    body = node("startEvent", "begin") + gate("inclusiveGateway", "o") + gate("inclusiveGateway", "i")
    body += gate("inclusiveGateway", "j") + gate("inclusiveGateway", "k") + tasks("abcz")
    body += (
        path("begin", "o")
        + flow("o", "i", "=x")
        + path("o", "c", "k", "z")
        + flow("i", "a", "=x")
        + path("i", "b", "j", "k")
    )
    body += path("a", "j")
    body = body.replace(flow("o", "c"), flow("o", "c", "=x")).replace(flow("i", "b"), flow("i", "b", "=x"))
    play = Play(body, {"x": True})

    assert sorted(play.open) == ["a", "b", "c"]
    assert play.do("c").open == ["a", "b"]
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]


def three(activation: str, *out: str, data: dict[str, object] | None = None, default: str = "") -> Play:
    """Tasks a, b and c in parallel before a complex gateway; behind it z, and what `out` adds."""
    said = f"<activationCondition>{activation}</activationCondition>"
    body = (
        node("startEvent", "begin") + gate("parallelGateway", "split") + gate("complexGateway", "some", default, said)
    )
    body += tasks("abcz") + path("begin", "split") + "".join(path("split", name, "some") for name in "abc")
    return Play(body + "".join(out), data)


FIRST = flow("some", "z", "=waitingForStart")


def test_a_complex_gateway_goes_on_with_the_first_two_of_three_and_swallows_the_third() -> None:
    play = three("=activationCount &gt;= 2", FIRST)

    assert play.do("c").open == ["a", "b"]
    assert sorted(play.do("a").open) == ["b", "z"]
    assert play.do("b").open == ["z"]
    assert play.do("z").run.finished


def test_a_complex_gateway_may_lead_on_when_it_resets() -> None:
    play = three("=activationCount &gt;= 1", FIRST, task("y"), flow("some", "y", "=not(waitingForStart)"))

    assert sorted(play.do("a").open) == ["b", "c", "z"]
    assert sorted(play.do("z").do("b").open) == ["c"]
    assert play.do("c").open == ["y"]


def test_a_complex_gateway_without_a_true_condition_takes_the_default_in_both_phases() -> None:
    play = three("=activationCount = 3", flow("some", "z"), default="some__z").do("a").do("b")

    assert play.do("c").open == ["z", "z"]


def test_a_complex_gateway_that_cannot_lead_on_is_a_fault_at_its_start_only() -> None:
    with pytest.raises(Fault):
        three("=activationCount = 1", flow("some", "z", "=false")).do("a")


def test_a_complex_gateway_looks_at_the_data_and_at_each_flow() -> None:
    play = three("=urgent and activationCounts.b__some &gt;= 1", FIRST, data={"urgent": False})

    assert play.do("a").do("b").open == ["c"]
    assert sorted(play.do("c", urgent=True).open) == ["z"]


def test_a_complex_gateway_in_a_loop_starts_anew_after_its_reset() -> None:
    again = (
        gate("exclusiveGateway", "again", "again__end") + gate("exclusiveGateway", "merge") + node("endEvent", "end")
    )
    said = "<activationCondition>=activationCount &gt;= 1</activationCondition>"
    body = node("startEvent", "begin") + gate("parallelGateway", "split") + gate("complexGateway", "some", "", said)
    body += tasks("abz") + again + path("begin", "merge", "split", "a", "some") + path("split", "b", "some") + FIRST
    body += path("z", "again", "end") + flow("again", "merge", "=more")
    play = Play(body, {"more": True})

    for more in (True, False):
        assert sorted(play.open) == ["a", "b"]
        assert sorted(play.do("b").open) == ["a", "z"]
        assert play.do("a").open == ["z"]
        play.do("z", more=more)
    assert play.run.finished


def test_a_complex_gateway_that_waits_for_its_reset_keeps_further_tokens() -> None:
    """In the loop, a second token on a consumed flow stays until the gateway has been reset, and then starts it anew."""
    said = "<activationCondition>=activationCount &gt;= 1</activationCondition>"
    body = node("startEvent", "begin") + gate("parallelGateway", "split") + gate("complexGateway", "some", "", said)
    body += tasks("abz") + path("begin", "split", "a", "some") + path("split", "b", "some") + FIRST
    body = body.replace('id="a"', 'id="a" completionQuantity="2"')
    play = Play(body).do("a")

    assert sorted(play.open) == ["b", "z"]
    assert play.do("b").open == ["z", "z"]
    assert play.do("z").do("z").run.finished


def test_what_a_complex_gateway_did_is_told() -> None:
    play = three("=activationCount &gt;= 2", FIRST).do("a").do("b")

    assert [(s.kind) for s in play.run.take_steps() if s.element == "some"] == ["entered", "completed"]
    play.do("c")
    assert [s.element for s in play.run.take_steps()] == ["c"]


def test_a_complex_gateway_needs_a_condition_that_is_one() -> None:
    with pytest.raises(Invalid):
        three("")
    with pytest.raises(Fault):
        three("=activationCount", FIRST).do("a")
