"""Each fault of the library that we put right, shown on the library itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import ParallelMultiInstanceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from engine.workflow import repairs
from tests.workflow.drawing import drawn, node, path, plain, task

DEEP = 3000


def fork(kind: str = "parallelGateway") -> str:
    parts = node("parallelGateway", "fork") + node(kind, "join") + task("a") + task("b")
    return parts + path("fork", "a", "join") + path("fork", "b", "join")


def parsed(body: str) -> Any:
    parser = BpmnParser()
    parser.add_bpmn_str(drawn(body))
    return parser.get_spec("permit")


def at(workflow: Any, name: str) -> Any:
    (found,) = workflow.get_tasks(state=TaskState.READY, spec_name=name)
    return found


def do(workflow: Any, name: str, **values: object) -> None:
    found = at(workflow, name)
    found.data.update(values)
    found.run()
    workflow.do_engine_steps()


@pytest.fixture
def deepest() -> Iterator[Any]:
    workflow = BpmnWorkflow(parsed(plain(task("a"), names="a")))
    workflow.do_engine_steps()
    last = workflow.task_tree
    for _ in range(DEEP):
        last = Task(workflow, workflow.spec.task_specs["a"], last, state=TaskState.COMPLETED)
    return last


def test_another_version_of_the_library_is_refused() -> None:
    with pytest.raises(ImportError, match=r"3\.2\.1"):
        repairs.require_verified("3.2.1")


@pytest.mark.parametrize("depth_first", [True, False])
def test_a_deep_tree_is_walked_to_its_end(deepest: Any, depth_first: bool) -> None:  # noqa: FBT001 - a table of cases
    walked = deepest.workflow.get_tasks(state=TaskState.COMPLETED, depth_first=depth_first)

    assert len(walked) >= DEEP
    assert deepest in walked


def test_ancestors_are_found_however_far_away(deepest: Any) -> None:
    root = deepest.workflow.task_tree

    assert deepest.is_descendant_of(root)
    assert deepest.find_ancestor("Start") is root
    assert deepest.find_ancestor("nobody") is None


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_a_join_keeps_what_each_branch_changed(kind: str, order: str) -> None:
    parts = node("startEvent", "begin") + task("first") + fork(kind) + task("last")
    workflow = BpmnWorkflow(parsed(parts + path("begin", "first", "fork") + path("join", "last")))
    workflow.do_engine_steps()
    do(workflow, "first", x=0, y=0, gone=1)
    changes: dict[str, dict[str, object]] = {"a": {"x": 1}, "b": {"y": 2}}

    for name in order:
        do(workflow, name, **changes[name])

    assert at(workflow, "last").data == {"x": 1, "y": 2, "gone": 1}


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ({"x": 1}, {"x": 0}, {"x": 1}),
        ({"x": 0}, {"x": 1}, {"x": 1}),
        ({"x": 0, "n": 1}, {}, {"n": 1}),
        ({"x": 5}, {}, {"x": 5}),
        ({"x": 0, "d": {"a": 1}}, {"x": 0, "d": {"b": 2}}, {"x": 0, "d": {"a": 1, "b": 2}}),
        ({"x": [1, 2, 3]}, {"x": [3]}, {"x": [3]}),
    ],
)
def test_a_merge_takes_what_changed_against_the_split(ours: Any, theirs: Any, merged: Any) -> None:
    assert repairs.merge3({"x": 0}, ours, theirs) == merged


def test_lists_are_replaced_and_not_mixed() -> None:
    assert DeepMerge.merge({"a": [1, 2, 3]}, {"a": [3]}) == {"a": [3]}


def test_a_data_object_two_scopes_away_is_found() -> None:
    reads = "<dataInputAssociation id='reads'><sourceRef>ref</sourceRef><targetRef>x</targetRef></dataInputAssociation>"
    parts = [node("startEvent", "b2"), node("endEvent", "e2"), node("userTask", "deep", inner=reads)]
    deep = node("subProcess", "inner", inner="".join(parts) + path("b2", "deep", "e2"))
    middle = node("startEvent", "b1") + node("endEvent", "e1") + deep + path("b1", "inner", "e1")
    things = '<dataObject id="thing"/><dataObjectReference id="ref" dataObjectRef="thing"/>'

    spec = parsed(plain(things + node("subProcess", "outer", inner=middle), names="outer"))

    assert "outer" in spec.task_specs


def test_a_failing_service_says_why() -> None:
    class Broken:
        def call_service(self, _context: object, **_: object) -> None:
            raise RuntimeError("the registry is closed")

    workflow = BpmnWorkflow(parsed(plain(task("a"), names="a")))
    engine = PythonScriptEngine()
    engine.environment = Broken()

    with pytest.raises(WorkflowTaskException, match="the registry is closed"):
        engine.call_service(workflow.task_tree, operation_name="look_up")


def test_a_counted_activity_may_write_to_an_output_that_exists() -> None:
    workflow = BpmnWorkflow(parsed(plain(task("a"), names="a")))
    output = TaskDataReference("found")
    many = ParallelMultiInstanceTask(workflow.spec, "many", "a", cardinality="2", data_output=output)
    workflow.task_tree.data = {"found": []}

    many.init_data_output_with_cardinality(workflow.task_tree)

    assert workflow.task_tree.data == {"found": []}


def test_a_join_in_a_loop_counts_tokens_turn_after_turn() -> None:
    loop = node("exclusiveGateway", "merge") + path("begin", "merge", "fork") + path("join", "again", "merge")
    body = node("startEvent", "begin") + node("endEvent", "done") + fork() + loop + task("again")
    workflow = BpmnWorkflow(parsed(body))
    workflow.do_engine_steps()

    for turn in range(6):
        first, second = ("a", "b") if turn % 2 else ("b", "a")
        do(workflow, first)
        assert not workflow.get_tasks(state=TaskState.READY, spec_name="again")
        do(workflow, second)
        do(workflow, "again")
