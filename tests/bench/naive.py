"""The library as its own examples use it, in a process without our repairs: the whole case as JSON at every step.

Reads one line for each step from its input (`start NAME`, `step NAME ANSWERS`), answers with nanoseconds and open tasks.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.bench.bare import States, connect, transaction

ROOT: Final = Path(__file__).parents[2]


class Naive:
    """The other process, seen from the measuring one."""

    def __init__(self, url: str, process: str, diagram: bytes) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "tests.bench.naive", url, process],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._say(json.dumps(diagram.decode()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.communicate()

    def start(self, name: str) -> int:
        """A new case, run to its first task; how many tasks it holds."""
        return self._say(f"start {name}")[1]

    def step(self, name: str, answers: Mapping[str, object]) -> tuple[float, int]:
        """One task done and kept: seconds, and the tasks that the case holds then."""
        taken, size = self._say(f"step {name} {json.dumps(dict(answers))}")
        return taken / 1e9, size

    def _say(self, line: str) -> tuple[int, int]:
        pipes = self._process
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        pipes.stdin.write(f"{line}\n")
        pipes.stdin.flush()
        taken, size = pipes.stdout.readline().split()
        return int(taken), int(size)


def main() -> None:
    """Serves until its input ends."""
    url, process = sys.argv[1:]
    states = States(connect(url))
    parser = BpmnParser()
    parser.add_bpmn_str(json.loads(sys.stdin.readline()).encode())
    spec = parser.get_spec(process)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    gc.disable()  # it is collected between cases, while no clock runs
    _answer(0, 0)
    for line in sys.stdin:
        act, name, *rest = line.rstrip("\n").split(" ", 2)
        if act == "start":
            gc.collect()
            workflow = BpmnWorkflow(spec)
            workflow.do_engine_steps()
            states.new(name, serializer.serialize_json(workflow).encode())
            _answer(0, len(workflow.tasks))
        else:
            _answer(*_step(states, serializer, name, json.loads(rest[0])))


def _step(
    states: States, serializer: BpmnWorkflowSerializer, name: str, answers: Mapping[str, object]
) -> tuple[int, int]:
    begun = time.perf_counter_ns()
    with transaction(states.connection):
        workflow = serializer.deserialize_json(states.load(name).decode())
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(answers)
        task.run()
        workflow.do_engine_steps()
        states.save(name, serializer.serialize_json(workflow).encode())
    return time.perf_counter_ns() - begun, len(workflow.tasks)


def _answer(taken: int, size: int) -> None:
    sys.stdout.write(f"{taken} {size}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
