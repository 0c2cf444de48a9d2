"""Data as BPMN draws it: data objects as variables, associations as mappings, the data of multi-instances."""

from engine.workflow.checks import check
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, known, node, path, plain, refused, task
from tests.workflow.playing import Play

FACTURA = '<dataObject id="do"/><dataObjectReference id="ref" name="factura" dataObjectRef="do"/>'


def into(source: str, target: str, more: str = "") -> str:
    return f"<dataInputAssociation><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>{more}</dataInputAssociation>"


def out(source: str, target: str, more: str = "") -> str:
    origin = f"<sourceRef>{source}</sourceRef>" if source else ""
    return f"<dataOutputAssociation>{origin}<targetRef>{target}</targetRef>{more}</dataOutputAssociation>"


def interface(inputs: str = "", outputs: str = "") -> str:
    ins = "".join(f'<dataInput id="in_{name}" name="{name}"/>' for name in inputs.split())
    outs = "".join(f'<dataOutput id="out_{name}" name="{name}"/>' for name in outputs.split())
    return f"<ioSpecification>{ins}{outs}<inputSet/><outputSet/></ioSpecification>"


def seen(play: Play) -> dict[str, object]:
    (opened,) = play.run.open_tasks()
    return play.run.task_data(opened.id)


def test_a_data_object_is_a_variable_of_its_name() -> None:
    choose = node("exclusiveGateway", "which", attributes='default="which__done"')
    body = FACTURA + plain(task("ask"), choose, names="ask which") + task("large")
    body += path("which", "large").replace("/>", ">").replace(
        "</sequenceFlow>", "<conditionExpression>=factura.total > 10</conditionExpression></sequenceFlow>")  # fmt: skip

    assert Play(body).do("ask", factura={"total": 11}).open == ["large"]


def test_associations_bring_data_in_and_out() -> None:
    inner = interface("bill", "checked") + into("ref", "in_bill") + out("out_checked", "ref")
    play = Play(FACTURA + plain(task("ask", inner=inner), names="ask"), {"factura": {"total": 1}})

    assert seen(play) == {"factura": {"total": 1}, "bill": {"total": 1}}
    assert play.do("ask", checked={"total": 2}, aside=3).data == {"factura": {"total": 2}}


def test_associations_transform_and_assign() -> None:
    double = "<transformation>=factura.total * 2</transformation>"
    assign = "<assignment><from>=who</from><to>factura.by</to></assignment>"
    inner = interface("amount", "who") + into("ref", "in_amount", double) + out("out_who", "ref", assign)
    play = Play(FACTURA + plain(task("ask", inner=inner), names="ask"), {"factura": {"total": 4}})

    assert seen(play)["amount"] == 8
    assert play.do("ask", who="Ana").data == {"factura": {"total": 4, "by": "Ana"}}


def test_associations_do_not_see_each_other() -> None:
    """One input is named like the source of the next: they change places."""
    objects = "".join(f'<dataObject id="{name}" name="{name}"/>' for name in "ab")
    inner = interface("a b") + into("b", "in_a") + into("a", "in_b")
    play = Play(objects + plain(task("ask", inner=inner), names="ask"), {"a": 1, "b": 2})

    assert seen(play) == {"a": 2, "b": 1}


def test_what_a_modeler_draws_without_saying_what_goes_is_a_picture() -> None:
    """So bpmn.io draws data associations: without data inputs and outputs, with a stand-in as target."""
    inner = '<property id="p" name="__targetRef_placeholder"/>' + into("ref", "p") + out("", "ref")
    play = Play(FACTURA + plain(task("ask", inner=inner), names="ask"), {"factura": 1})

    assert seen(play) == {"factura": 1}
    assert play.do("ask", factura=2, other=3).data == {"factura": 2, "other": 3}
    assert refused(drawn(FACTURA + plain(task("ask", inner=inner), names="ask"))) == {}


def test_the_data_object_of_a_sub_process_lives_and_dies_with_it() -> None:
    inner = FACTURA + task("a") + task("b") + path("a", "b")
    play = Play(plain(node("subProcess", "part", inner=inner), task("then"), names="part then"), {"factura": "outer"})

    assert seen(play) == {"factura": None}
    assert seen(play.do("a", factura="inner", kept=1)) == {"factura": "inner", "kept": 1}
    assert play.do("b").data == {"factura": "outer", "kept": 1}


def test_the_data_object_of_a_called_process_is_its_own() -> None:
    inside = FACTURA + node("startEvent", "b") + task("inner") + path("b", "inner")
    call = node("callActivity", "call", '<zeebe:calledElement processId="called"/>')
    called = {"called": drawn(inside, process="called")}
    play = Play(plain(call, task("then"), names="call then"), {"factura": "outer", "x": 1}, called=called)

    assert seen(play) == {"x": 1}
    assert play.do("inner", factura="inner", y=2).data == {"factura": "outer", "x": 1, "y": 2}


def test_an_event_takes_and_gives_data_by_its_associations() -> None:
    root = '<message id="m" name="told"/>'
    caught = node("intermediateCatchEvent", "wait", inner='<dataOutput id="o" name="answer"/>' + out("o", "ref")
                  + '<messageEventDefinition messageRef="m"/>')  # fmt: skip
    thrown = node("intermediateThrowEvent", "tell", inner='<dataInput id="i" name="what"/>' + into("ref", "i")
                  + '<messageEventDefinition messageRef="m"/>')  # fmt: skip
    play = Play(FACTURA + plain(caught, thrown, names="wait tell"), root=root)

    assert play.deliver("told", answer=7, other=8)
    assert play.data == {"factura": 7}
    assert [thrown.payload for thrown in play.run.take_thrown()] == [{"what": 7}]


def test_a_multi_instance_goes_over_a_data_object_and_gathers_into_one() -> None:
    objects = '<dataObject id="sites" name="sites" isCollection="true"/><dataObject id="visits" name="visits"/>'
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in_all</loopDataInputRef>"
        "<loopDataOutputRef>out_all</loopDataOutputRef>"
        '<inputDataItem id="one" name="site"/><outputDataItem id="seen" name="seen"/></multiInstanceLoopCharacteristics>'
    )
    inner = interface("all", "all") + into("sites", "in_all") + out("out_all", "visits") + loop
    body = objects + plain(task("visit", inner=inner), names="visit")
    play = Play(body, {"sites": ["A", "B"]})

    assert [play.run.task_data(t.id)["site"] for t in play.run.open_tasks()] == ["A", "B"]
    assert play.do("visit", seen=1).do("visit", seen=2).data == {"sites": ["A", "B"], "visits": [1, 2]}
    assert refused(drawn(body)) == {}


def test_a_name_that_is_none_gives_way_to_the_id() -> None:
    objects = '<dataObject id="factura_1"/><dataObjectReference id="ref" name="La factura" dataObjectRef="factura_1"/>'
    inner = interface("bill") + into("ref", "in_bill")

    assert seen(Play(objects + plain(task("ask", inner=inner), names="ask"), {"factura_1": 5}))["bill"] == 5


def test_a_data_store_is_a_variable_too() -> None:
    store = '<dataStoreReference id="store" name="padron"/>'
    inner = interface("", "entry") + out("out_entry", "store")

    body = store + plain(task("ask", inner=inner), names="ask")

    assert Play(body).do("ask", entry=1).data == {"padron": 1}
    assert any("only as long as the case" in found.message for found in check(read(drawn(body)), known()))


def test_sources_without_a_transformation_are_refused() -> None:
    both = "<dataInputAssociation><sourceRef>a</sourceRef><sourceRef>b</sourceRef><targetRef>in_x</targetRef></dataInputAssociation>"
    objects = "".join(f'<dataObject id="{name}" name="{name}"/>' for name in "ab")
    body = objects + plain(task("ask", inner=interface("x") + both), names="ask")

    assert "several sources" in refused(drawn(body))["ask"]
