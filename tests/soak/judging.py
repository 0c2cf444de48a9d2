"""What must hold after the load: nothing lost, nothing doubled, nobody stuck, every history whole."""

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from engine import history, tasks
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import an_actor
from tests.soak import drawing

ROUNDS: Final = 200  # of doing all open tasks and letting time pass; a case needs far fewer to end


@dataclass(frozen=True)
class Verdict:
    """What was found on one database."""

    name: str
    kills: int
    counts: Counter[str]
    faults: list[str]

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items()))
        said = "nothing lost, doubled or stuck; every history verifies" if self.good else "\n  ".join(self.faults)
        return f"{self.name}: {self.kills} processes killed; {told}: {said}."


def judge(name: str, url: str, journals: Path, kills: int) -> Verdict:
    """Brings every case to its end, and asks everything."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    with closing(Database(url)) as database:
        _finish(database)
        done, intended = _journals(journals, counts)
        faults += _cases(database, counts)
        faults += _events(database, counts, done, intended)
        faults += _messages(database)
        faults += _chains(database, counts)
    if not counts["tasks done"]:
        faults.append("nobody did anything: the load never began")
    return Verdict(name, kills, counts, faults)


def _finish(database: Database) -> None:
    """Does what is open and lets the worker's clock run ahead, until every case has ended."""
    ana = an_actor(database, drawing.PEOPLE[0])
    worker, now = Worker(database, "judge"), datetime.now(UTC) + timedelta(minutes=2)  # leases of the killed are over
    for _round in range(ROUNDS):
        worker.drain(now)
        with look(database, ana, now) as work:
            todo = work.session.scalars(select(models.Task.id).where(models.Task.status == "open")).all()
            active = work.session.scalar(select(func.count()).where(models.Case.status == "active"))
        if not active:
            return
        for task in todo:
            _release(database, task, now)
            with begin(database, ana, now) as work:
                tasks.complete(work, task, {"again": False})
        now += timedelta(seconds=5)


def _release(database: Database, task: str, now: datetime) -> None:
    with look(database, SYSTEM, now) as work:
        holder = work.session.get_one(models.Task, task).assignee_id
        name = work.session.get_one(models.Account, holder).username if holder else None
    if name:
        with begin(database, an_actor(database, name), now) as work:
            tasks.release(work, task)


def _journals(folder: Path, counts: Counter[str]) -> tuple[dict[str, list[str]], Counter[str]]:
    """What was done for certain, by kind, and how often each subject was intended; a torn last line says nothing."""
    done: dict[str, list[str]] = {}
    intended: Counter[str] = Counter()
    for file in folder.iterdir():
        for line in file.read_text().splitlines():
            word, act, _key, subject = (*line.split(" ", 3), "", "", "")[:4]
            counts["commands"] += word == "intend"
            if word == "intend":
                intended[f"{act} {subject}"] += 1
            elif word == "done":
                done.setdefault(act, []).append(subject)
    return done, intended


def _cases(database: Database, counts: Counter[str]) -> list[str]:
    with look(database, SYSTEM) as work:
        rows = work.session.execute(select(models.Case.status, func.count()).group_by(models.Case.status)).all()
        open_ones = work.session.scalars(select(models.Incident).where(models.Incident.resolved_at.is_(None))).all()
        dead = work.session.scalars(select(models.Outbox.kind).where(models.Outbox.done_at.is_(None))).all()
        faults = [f"incident: {incident.element} {incident.cause} {incident.message}" for incident in open_ones]
    counts["cases"] = sum(number for _status, number in rows)
    faults += [f"{number} cases are {status}" for status, number in rows if status != "completed"]
    return [*faults, *(f"a job was never done: {kind}" for kind in dead)]


def _events(database: Database, counts: Counter[str], done: dict[str, list[str]], intended: Counter[str]) -> list[str]:
    """Each task was completed once, each case started and ended once, and all that was answered «done» is there."""
    completed: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    started = 0
    with look(database, SYSTEM) as work:
        query = select(models.Event.type, models.Event.case_id, models.Event.data).execution_options(yield_per=1000)
        for kind, case, data in work.session.execute(query):
            counts["events"] += 1
            if kind == "TaskCompleted":
                completed[json.loads(data)["task"]] += 1
            elif kind == "CaseCompleted":
                ended[case] += 1
            started += kind == "CaseStarted"
        rows = work.session.scalar(select(func.count()).where(models.Task.status == "done"))
        known = work.session.scalar(select(func.count()).select_from(models.Case))
    faults = [f"the task {task} was completed {n} times" for task, n in completed.items() if n != 1]
    faults += [f"the case {case} ended {n} times" for case, n in ended.items() if n != 1]
    faults += [
        f"the task {task} was answered «done» and is not in the history"
        for task in done.get("complete", [])
        if not completed[task]
    ]
    if len(completed) != rows or len(ended) != known or started != known:
        faults.append(f"{rows} tasks done, {len(completed)} told; {known} cases, {started} begun, {len(ended)} ended")
    if not len(done.get("start", [])) <= known <= intended["start "]:
        faults.append(f"{known} cases, of {intended['start ']} intended and {len(done.get('start', []))} answered")
    counts["tasks done"] = len(completed)
    return faults


def _messages(database: Database) -> list[str]:
    """Each message sent was received once; what the diagram sends to itself is never left over."""
    sent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    with look(database, SYSTEM) as work:
        kinds = ("MessageSent", "MessageReceived")
        for kind, data in work.session.execute(
            select(models.Event.type, models.Event.data).where(models.Event.type.in_(kinds))
        ):
            (sent if kind == "MessageSent" else received)[json.loads(data)["message"]] += 1
    faults = [f"the message {message} was received {n} times" for message, n in received.items() if n != 1]
    faults += [f"the message {message} was sent {n} times" for message, n in sent.items() if n != 1]
    return [*faults, *(f"the message {message} was lost" for message in sent if not received[message])]


def _chains(database: Database, counts: Counter[str]) -> list[str]:
    faults = []
    with look(database, SYSTEM) as work:
        for stream in work.session.scalars(select(models.Stream.id)).all():
            counts["histories"] += 1
            _count, broken = history.verify(work, stream)
            if broken is not None:
                faults.append(f"the history {stream} breaks at {broken.seq}")
    return faults
