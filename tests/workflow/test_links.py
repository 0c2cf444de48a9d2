"""Links: a way that is not drawn, from where it is thrown to where the link of the same name is caught."""

import pytest

from tests.workflow.drawing import drawn, node, path, plain, refused, task
from tests.workflow.playing import Play


def link(kind: str, name: str, link_name: str = "later") -> str:
    return node(f"intermediate{kind}Event", name, inner=f'<linkEventDefinition name="{link_name}"/>')


def test_a_link_goes_on_where_it_is_caught() -> None:
    body = node("startEvent", "begin") + link("Throw", "away") + link("Catch", "here") + task("then")
    body += node("endEvent", "done") + path("begin", "away") + path("here", "then", "done")

    play = Play(body)

    assert refused(drawn(body)) == {}
    assert [(step.element, step.kind) for step in play.run.take_steps()][2:-1] == [
        ("away", "entered"),
        ("away", "completed"),
        ("here", "entered"),
        ("here", "completed"),
    ]
    assert play.do("then").run.finished


def test_several_throws_lead_to_one_place_and_back_into_a_loop() -> None:
    body = node("startEvent", "begin") + node("exclusiveGateway", "which", attributes='default="which__two"')
    body += link("Throw", "one") + link("Throw", "two") + link("Catch", "here") + task("ask") + node("endEvent", "done")
    body += node("exclusiveGateway", "again", attributes='default="again__done"') + link("Throw", "back")
    body += path("begin", "which", "two") + path("here", "ask", "again", "done")
    for source, target, condition in (("which", "one", "=n = 1"), ("again", "back", "=n &lt; 3")):
        body += f'<sequenceFlow id="{source}{target}" sourceRef="{source}" targetRef="{target}">'
        body += f"<conditionExpression>{condition}</conditionExpression></sequenceFlow>"
    play = Play(body, {"n": 1})

    assert refused(drawn(body)) == {}
    assert play.do("ask", n=2).open == ["ask"]
    assert play.do("ask", n=3).run.finished


def test_links_of_the_same_name_in_different_sub_processes_are_different() -> None:
    inner = node("startEvent", "b") + link("Throw", "inner_away") + link("Catch", "inner_here") + task("inner_ask")
    inner += node("endEvent", "e") + path("b", "inner_away") + path("inner_here", "inner_ask", "e")
    body = node("startEvent", "begin") + node("subProcess", "part", inner=inner) + link("Throw", "away")
    body += link("Catch", "here") + task("ask") + node("endEvent", "done")
    body += path("begin", "part", "away") + path("here", "ask", "done")

    play = Play(body)

    assert refused(drawn(body)) == {}
    assert play.open == ["inner_ask"]
    assert play.do("inner_ask").open == ["ask"]


def test_an_inclusive_join_knows_that_a_link_leads_to_it() -> None:
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + task("a") + task("b") + task("then")
    body += link("Throw", "away") + link("Catch", "here") + node("inclusiveGateway", "join")
    body += path("begin", "fork", "a", "join", "then") + path("fork", "b", "away") + path("here", "join")
    play = Play(body)

    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["then"]


def throwing(*catches: str, name: str = "later") -> str:
    others = "".join(catches)
    return node("startEvent", "begin") + link("Throw", "away", name) + others + path("begin", "away")


@pytest.mark.parametrize(
    ("body", "where", "reason"),
    [
        (throwing(), "away", "must lead to one place in the same process or sub-process, not to 0"),
        (throwing(link("Catch", "one"), link("Catch", "two")), "away", "not to 2"),
        (throwing(link("Catch", "one"), link("Catch", "two")), "one", "caught more than once"),
        (throwing(link("Catch", "one", "other")), "one", "Nothing throws the link other"),
        (throwing(name=""), "away", "has no name"),
        (throwing(link("Catch", "one"), task("x"), path("away", "x")), "away", "Nothing can follow away"),
        (throwing(link("Catch", "one"), task("x"), path("x", "one")), "one", "No flow can lead to one"),
        (throwing(link("Catch", "one")), "one", "Nothing follows one"),
    ],
)
def test_a_link_that_leads_nowhere_or_to_several_places_is_refused(body: str, where: str, reason: str) -> None:
    assert reason in refused(drawn(body))[where]


def test_a_link_out_of_a_sub_process_is_refused() -> None:
    inner = node("startEvent", "b") + link("Throw", "away") + path("b", "away")
    body = plain(node("subProcess", "part", inner=inner), names="part") + link("Catch", "here") + path("here", "done")

    assert "must lead to one place" in refused(drawn(body))["away"]


def test_a_loop_of_links_that_never_waits_is_refused() -> None:
    body = node("startEvent", "begin") + node("exclusiveGateway", "merge") + link("Throw", "away")
    body += link("Catch", "here") + path("begin", "merge", "away") + path("here", "merge")

    assert any("never waits" in reason for reason in refused(drawn(body)).values())
