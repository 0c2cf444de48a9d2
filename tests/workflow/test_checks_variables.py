"""Publication tells which expression names what nothing sets before, what may be missing, and what is of the wrong kind."""

from dataclasses import replace

import pytest

from engine.feel import typed
from engine.workflow.checks import Asked, DecisionFacts, Facts, FormFacts, Known, check
from engine.workflow.diagram import Diagram, read
from tests.workflow.drawing import drawn, flow, known, node, path, plain, properties, task

NUMBER, TEXT, TRUTH = typed.of_kind("number"), typed.of_kind("string"), typed.of_kind("boolean")
FACTS = Facts(
    forms={
        "review": FormFacts({"risk_score": NUMBER, "agreed": TRUTH, "sites": typed.list_of(TEXT), "note": TEXT}),
        "new_permit": FormFacts({"country": TEXT}, (Asked("country", "hide", {"kind"}),)),
    },
    services={"applications.accept": {"accepted_on": TEXT}, "letters.issue": {"letter_number": TEXT}},
    decisions={"risk": DecisionFacts({"risk_score": NUMBER}, TEXT)},
    every={"case_number": TEXT},
    started={"operator_id": TEXT},
    started_about={"authorisation_id": TEXT},
    messages={"told": {"headline": TEXT}},
)
BY_HAND = properties(start_roles="preparer")
NEWS = (
    '<message id="m" name="{}"><extensionElements><zeebe:subscription correlationKey="=operator_id"/></extensionElements>'
    "</message>"
)
SCRIPT = '<zeebe:script expression="{}" resultVariable="{}"/>'
OUT = '<zeebe:ioMapping><zeebe:output source="{}" target="{}"/></zeebe:ioMapping>'
IN = '<zeebe:ioMapping><zeebe:input source="{}" target="{}"/></zeebe:ioMapping>'
CAUGHT = '<messageEventDefinition messageRef="m"/>'
LATE = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


def script(name: str, text: str, result: str = "made") -> str:
    return node("scriptTask", name, SCRIPT.format(text, result))


def said(
    body: str, *, root: str = "", by: str = BY_HAND, others: dict[str, Diagram] | None = None, facts: Facts = FACTS
) -> list[str]:
    """What the rule for variables says, each line beginning with its severity."""
    diagram = read(drawn(body, root=root, said=by))
    surroundings: Known = replace(known(), facts=facts, processes={"permit": diagram, **(others or {})})
    found = check(diagram, surroundings)
    words = ("Nothing sets", "may be missing", "is wrong in line", "it must give", "but nothing sets")
    return [f"{one.severity} {one}" for one in found if any(word in str(one) for word in words)]


def choice(condition: str) -> str:
    """A gateway that goes to `look` where the condition is true, else to the end."""
    gateway = node("exclusiveGateway", "which", attributes='default="which__done"')
    return gateway + task("look") + flow("which", "look", condition) + path("which", "done") + path("look", "done")


def begun(*middle: str, names: str, condition: str) -> str:
    ends = node("startEvent", "begin") + node("endEvent", "done")
    return ends + "".join(middle) + path("begin", *names.split(), "which") + choice(condition)


def test_a_name_that_no_element_sets_before_is_an_error_at_its_flow() -> None:
    assert said(begun(task("ask", "new_permit"), names="ask", condition="=risk_score &gt; 3"), facts=quiet()) == [
        (
            "error which__look: Nothing sets risk_score before the condition =risk_score > 3 of which; "
            "set it there, or correct the name."
        )
    ]


def quiet() -> Facts:
    return replace(FACTS, forms={**FACTS.forms, "new_permit": FormFacts({"country": TEXT})})


def test_the_nearest_name_that_is_set_is_suggested() -> None:
    found = said(begun(task("ask"), names="ask", condition="=risk_scor &gt; 3"))

    assert found == [
        (
            "error which__look: Nothing sets risk_scor before the condition =risk_scor > 3 of which; "
            "did you mean risk_score?"
        )
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "=risk_score &gt; 3",
        '=case_number = "1"',
        '=operator_id = "x"',
        "=some s in sites satisfies s = note",
        "=agreed",
    ],
)
def test_what_the_start_and_the_forms_before_give_is_known(condition: str) -> None:
    assert said(begun(task("ask"), names="ask", condition=condition)) == []


def test_what_is_set_only_afterwards_comes_too_late() -> None:
    body = plain(script("early", "=risk_score * 2"), task("ask"), names="early ask")

    assert "Nothing sets risk_score before the script" in said(body)[0]


def test_a_loop_brings_what_is_set_later_back_to_the_beginning_but_not_the_first_time() -> None:
    gateways = node("exclusiveGateway", "again") + node(
        "exclusiveGateway", "enough", attributes='default="enough__done"'
    )
    body = node("startEvent", "begin") + gateways + script("early", "=risk_score * 2") + task("ask")
    body += node("endEvent", "done") + path("begin", "again", "early", "ask", "enough", "done")
    body += flow("enough", "again", "=agreed")

    (line,) = said(body)

    assert line.startswith("warning early: risk_score may be missing for the script =risk_score * 2 of early")


def test_a_way_round_what_sets_a_name_is_told_with_where_it_parts() -> None:
    gateways = node("exclusiveGateway", "skip", attributes='default="skip__ask"') + node("exclusiveGateway", "met")
    body = node("startEvent", "begin") + gateways + task("ask") + script("use", "=risk_score + 1")
    body += node("endEvent", "done") + path("begin", "skip", "ask", "met", "use", "done")
    body += flow("skip", "met", '=operator_id = "x"')

    assert said(body) == [
        (
            "warning use: risk_score may be missing for the script =risk_score + 1 of use: by way of skip a case comes there "
            "without it. Set it on that way too, or say what holds when it is null."
        )
    ]


@pytest.mark.parametrize(
    "text", ["=if risk_score = null then 0 else risk_score + 1", "=get or else(risk_score, 0) + 1", "={a: risk_score}"]
)
def test_an_expression_that_says_what_holds_for_null_needs_no_warning(text: str) -> None:
    gateways = node("exclusiveGateway", "skip", attributes='default="skip__ask"') + node("exclusiveGateway", "met")
    body = node("startEvent", "begin") + gateways + task("ask") + script("use", text)
    body += node("endEvent", "done") + path("begin", "skip", "ask", "met", "use", "done")
    body += flow("skip", "met", '=operator_id = "x"')

    assert [line for line in said(body) if "missing" in line] == []


def test_after_a_parallel_join_all_branches_have_set_their_names() -> None:
    gateways = node("parallelGateway", "split") + node("parallelGateway", "join")
    body = (
        node("startEvent", "begin")
        + gateways
        + task("ask")
        + script("count", "=1")
        + script("use", "=risk_score + made")
    )
    body += (
        node("endEvent", "done") + path("begin", "split", "ask", "join", "use", "done") + path("split", "count", "join")
    )

    assert said(body) == []


def test_a_branch_may_see_what_another_that_goes_on_beside_it_sets() -> None:
    gateways = node("parallelGateway", "split") + node("parallelGateway", "join")
    body = node("startEvent", "begin") + gateways + task("ask") + script("use", "=risk_score + 1")
    body += node("endEvent", "done") + path("begin", "split", "ask", "join", "done") + path("split", "use", "join")

    assert [line.partition(":")[0] for line in said(body)] == ["warning use"]


def test_what_interrupts_a_task_comes_before_its_answers() -> None:
    late = node("boundaryEvent", "late", inner=LATE, attributes='attachedToRef="ask"')
    body = plain(task("ask"), names="ask") + late + script("use", "=risk_score + 1") + node("endEvent", "ended")
    body += path("late", "use", "ended")

    assert "Nothing sets risk_score before the script" in said(body)[0]


def test_what_goes_on_beside_a_task_may_see_its_answers() -> None:
    late = node("boundaryEvent", "late", inner=LATE, attributes='attachedToRef="ask" cancelActivity="false"')
    body = plain(task("ask"), names="ask") + late + script("use", "=risk_score + 1") + node("endEvent", "ended")
    body += path("late", "use", "ended")

    assert [line.partition(":")[0] for line in said(body)] == ["warning use"]


def test_outputs_keep_back_what_they_do_not_map() -> None:
    body = plain(
        task("ask", said=OUT.format("=risk_score", "kept")), script("use", "=kept + 1 + risk_score"), names="ask use"
    )

    assert [line for line in said(body) if "risk_score before" in line]
    assert not [line for line in said(body) if "sets kept" in line]


def test_an_input_is_seen_by_its_own_task_alone() -> None:
    body = plain(
        node("scriptTask", "own", IN.format("=1", "one") + SCRIPT.format("=one + 1", "made")),
        script("other", "=one + 1"),
        names="own other",
    )

    assert [line.partition(":")[0] for line in said(body)] == ["error other"]


def test_a_sub_process_works_on_the_data_around_it() -> None:
    inner = plain(task("ask"), names="ask", ends="_in")
    body = plain(node("subProcess", "part", inner=inner), script("use", "=risk_score + 1"), names="part use")

    assert said(body) == []


def test_what_is_mapped_into_a_sub_process_ends_with_it() -> None:
    inner = plain(script("inside", "=local + 1"), names="inside", ends="_in")
    part = node("subProcess", "part", IN.format("=1", "local"), inner)
    body = plain(part, script("use", "=local + made"), names="part use")

    assert [line.partition(":")[0] for line in said(body)] == ["error use"]


def test_each_instance_has_its_item_and_its_number_and_the_whole_its_results() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=sites" '
        'inputElement="site" outputCollection="notes" outputElement="=note"/></extensionElements>'
        "<completionCondition>=numberOfCompletedInstances &gt; 2</completionCondition></multiInstanceLoopCharacteristics>"
    )
    visit = task("visit", said='<zeebe:assignmentDefinition assignee="=site"/>', inner=loop)
    body = plain(task("ask"), visit, script("use", "=count(notes)"), script("odd", "=site"), names="ask visit use odd")

    assert [line.partition(":")[0] for line in said(body)] == ["error odd"]


def test_an_event_sub_process_may_see_all_that_was_done_before() -> None:
    start = node("startEvent", "heard", inner=CAUGHT, attributes='isInterrupting="false"')
    inner = start + script("use", "=risk_score + 1") + node("endEvent", "over") + path("heard", "use", "over")
    aside = node("subProcess", "aside", inner=inner, attributes='triggeredByEvent="true"')

    found = said(plain(task("ask"), names="ask") + aside, root=NEWS.format("told"))

    assert [line.partition(":")[0] for line in found] == ["warning use"]


def test_after_a_message_that_nobody_is_known_to_send_nothing_is_certain() -> None:
    body = plain(node("intermediateCatchEvent", "wait", inner=CAUGHT), script("use", "=whatever + 1"), names="wait use")

    assert said(body, root=NEWS.format("unheard")) == []


def test_a_message_that_is_sent_here_brings_what_its_senders_write_and_others_may_write_more() -> None:
    body = plain(
        node("intermediateCatchEvent", "wait", inner=CAUGHT),
        script("use", "=headline"),
        script("odd", "=headlin"),
        names="wait use odd",
    )

    (line,) = said(body, root=NEWS.format("told"))

    assert line.startswith(
        "warning odd: Nothing sets headlin before the script =headlin of odd; did you mean headline?"
    )


def test_a_service_whose_answer_is_not_known_may_bring_anything() -> None:
    unknown = node(
        "serviceTask",
        "grant",
        '<zeebe:taskDefinition type="authorisations.grant"/>' + IN.format("=1", "application_id"),
    )
    known_one = node(
        "serviceTask",
        "accept",
        '<zeebe:taskDefinition type="applications.accept"/>' + IN.format("=1", "application_id"),
    )

    assert said(plain(unknown, script("use", "=x + 1"), names="grant use")) == []
    assert "Nothing sets x" in said(plain(known_one, script("use", "=x + 1"), names="accept use"))[0]


def test_a_service_that_was_done_had_its_mandatory_arguments() -> None:
    accept = node(
        "serviceTask",
        "accept",
        '<zeebe:taskDefinition type="applications.accept"/>' + IN.format("=authorisation_id", "application_id"),
    )

    assert said(plain(script("before", "=authorisation_id + 1", "x"), accept, names="before accept"))[0].startswith(
        "error before"
    )
    assert said(plain(accept, script("use", "=authorisation_id + &quot;a&quot;"), names="accept use")) == []


def test_an_argument_that_nothing_sets_is_not_there_because_a_service_asks_for_it() -> None:
    loop = node("exclusiveGateway", "again") + node("exclusiveGateway", "enough", attributes='default="enough__done"')
    service = '<zeebe:taskDefinition type="applications.accept"/>'
    accept = node("serviceTask", "accept", service + IN.format("=risk_scor", "application_id"))
    body = node("startEvent", "begin") + loop + task("ask") + accept + node("endEvent", "done")
    body += path("begin", "again", "ask", "accept", "enough", "done") + flow("enough", "again", "=agreed")

    assert [line.partition(";")[2] for line in said(body)] == [" did you mean risk_score?"]


def test_a_called_process_gives_back_what_it_sets_and_sees_what_its_callers_know() -> None:
    call = node("callActivity", "visit", '<zeebe:calledElement processId="validation"/>')
    inner = read(
        drawn(plain(script("inner", "=risk_score + 1", "visited"), names="inner", ends="_v"), process="validation")
    )
    body = plain(
        task("ask"), call, script("use", "=visited + 1"), script("odd", "=visitd + 1"), names="ask visit use odd"
    )

    (line,) = said(body, others={"validation": inner})

    assert "Nothing sets visitd before" in line
    assert "did you mean visited?" in line


def test_what_no_caller_hands_in_is_missing_in_the_called_process() -> None:
    call = node("callActivity", "visit", '<zeebe:calledElement processId="permit"/>')
    caller = read(drawn(plain(task("first"), call, names="first visit", ends="_c"), process="caller", said=BY_HAND))
    body = plain(script("use", "=risk_score + 1"), script("odd", "=visits + 1"), names="use odd")

    (line,) = said(body, by="", others={"caller": caller})

    assert line.startswith("error odd: Nothing sets visits")


def test_what_a_program_starts_may_know_anything() -> None:
    assert said(plain(script("use", "=anything + 1"), names="use"), by="") == []


def test_a_form_asks_for_what_is_there() -> None:
    assert said(plain(task("ask", "new_permit"), names="ask")) == [
        (
            "error ask: The form new_permit names kind (hide of country), but nothing sets it before ask; "
            "set it there, or correct the form."
        )
    ]
    assert said(plain(script("kind_of", "=1", "kind"), task("ask", "new_permit"), names="kind_of ask")) == []


def test_a_decision_is_told_what_it_needs() -> None:
    rule = node("businessRuleTask", "rate", '<zeebe:calledDecision decisionId="risk" resultVariable="level"/>')

    assert (
        "The decision risk needs risk_score, but nothing sets it before rate; map an input to it."
        in said(plain(rule, names="rate"))[0]
    )
    assert said(plain(task("ask"), rule, script("use", "=level + &quot;!&quot;"), names="ask rate use")) == []
    mapped = node(
        "businessRuleTask",
        "rate",
        IN.format("=1", "risk_score") + '<zeebe:calledDecision decisionId="risk" resultVariable="level"/>',
    )
    assert said(plain(mapped, names="rate")) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=risk_score + note", "is wrong in line 1, column 2: «number + string is always null"),
        ("=risk_score = &quot;high&quot;", "number = string is never true"),
        ("=accepted_on - today()", "string - date is always null"),
        ("=sites.name", "A string has no parts"),
    ],
)
def test_kinds_are_told_by_forms_and_services(text: str, says: str) -> None:
    accept = node(
        "serviceTask",
        "accept",
        '<zeebe:taskDefinition type="applications.accept"/>' + IN.format("=1", "application_id"),
    )

    assert says in said(plain(task("ask"), accept, script("use", text), names="ask accept use"))[0]


def test_a_condition_is_true_or_false_and_a_collection_a_list() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=risk_score" inputElement="site"/></extensionElements>'
        "</multiInstanceLoopCharacteristics>"
    )

    assert (
        "gives a number; it must give a boolean." in said(begun(task("ask"), names="ask", condition="=risk_score"))[0]
    )
    found = said(plain(task("ask"), task("visit", inner=loop), names="ask visit"))
    assert "The collection =risk_score of visit gives a number; it must give a list." in found[0]


def test_without_facts_nothing_is_said() -> None:
    diagram = read(drawn(plain(script("use", "=nowhere"), names="use"), said=BY_HAND))

    assert [one for one in check(diagram, known()) if "nowhere" in str(one)] == []
