"""A saved case: its diagrams, its state, and in TOML how it goes on and what must hold. Played here, written by `saving`."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.workflow import Definition, Failed, Run, read

MAIN, STATE, STORY = "case.bpmn", "state.bin", "case.toml"


@dataclass
class Saved:
    """A case at one moment: `story` says, beside that, how it goes on (`act`) and what holds now and at the end."""

    files: Mapping[str, bytes]
    state: bytes
    story: Mapping[str, Any]
    now: datetime = field(init=False)
    run: Run = field(init=False)

    def __post_init__(self) -> None:
        self.now = datetime.fromisoformat(self.story["moment"])
        self.run = Run.load(self.definition(), self.state, self.now)

    @classmethod
    def at(cls, folder: Path) -> "Saved":
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.bpmn"))}
        story = tomllib.loads((folder / STORY).read_text(encoding="utf-8"))
        return cls(files, (folder / STATE).read_bytes(), story)

    def definition(self) -> Definition:
        """Built anew each time: another object that says the same."""
        called = {read(data).process_id: data for name, data in self.files.items() if name != MAIN}
        return Definition.build(self.files[MAIN], called)

    def act(self, said: Mapping[str, Any]) -> None:
        run = self.run
        if "do" in said:
            run.complete(
                next(task.id for task in run.open_tasks() if task.element == said["do"]), said.get("answers", {})
            )
        elif "deliver" in said:
            assert run.deliver(said["deliver"], said.get("key"), said.get("payload", {}))
        elif "signal" in said:
            assert run.signal(said["signal"], said.get("payload", {}))
        elif "days" in said:
            self.now += timedelta(days=said["days"])
            run = self.run = Run.load(run.definition, run.dump(), self.now)
            run.fire_due()
        else:
            run.retry(next(one.task_id for one in run.failures() if one.element == said["retry"]))
        settle(run, self.story.get("services", {}))
        self.run = Run.load(run.definition, run.dump(), self.now)

    def found(self) -> dict[str, Any]:
        """What can be seen of the case, as the story tells it."""
        run = self.run
        waits = (
            f"{wait.kind} {wait.element} {wait.due.isoformat() if wait.due else wait.key or ''}" for wait in run.waits()
        )
        return {
            "open": sorted(task.element for task in run.open_tasks()),
            "waits": sorted(wait.strip() for wait in waits),
            "failed": sorted(one.element for one in run.failures()),
            "finished": run.finished,
            "ends": list(run.ends),
        }


def settle(run: Run, services: Mapping[str, Any]) -> None:
    """Advances to rest; a service answers what the story says, or fails where it says nothing."""
    moves, result = run.advance(), None
    while True:
        try:
            call = next(moves) if result is None else moves.send(result)
        except StopIteration:
            return
        result = services.get(call.service, Failed("out", "Nobody answers."))


def told(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(name)} = {told(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(told(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
