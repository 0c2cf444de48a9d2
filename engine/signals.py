"""Signals reach everything that waited for them when they were thrown: each case in a transaction of its own, once.

The case that throws hears its own signal at once, in the run. For the others the outbox makes a job each. What decides is
the time of the throw: who began to wait later does not hear it, and a process published later is not started by it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.sql.elements import ColumnElement

from engine import cases, outbox, pins
from engine.domain.events import Event, SignalReceived
from engine.store import models
from engine.work import Work
from engine.workflow import Run


def broadcast(work: Work, name: str, payload: Mapping[str, object]) -> str:
    """Sends a signal from outside a diagram; its id."""
    return outbox.add(work, "signal", outbox.signal(work, name, payload)).id


def spread(work: Work, job: models.Outbox) -> None:
    """Makes one job for each case that waited for the signal, and for each process that begins with it."""
    name, thrown_at = str(job.payload["name"]), datetime.fromisoformat(str(job.payload["thrown_at"]))
    told = {**job.payload, "signal": job.id}
    waiting = select(models.Wait.case_id).where(*_waited(name, thrown_at)).distinct()
    if job.case_id is not None:
        waiting = waiting.where(models.Wait.case_id != job.case_id)  # it has heard itself already
    for case_id in work.session.scalars(waiting.order_by(models.Wait.case_id)).all():
        outbox.add_once(work, f"signal {job.id} case {case_id}", "signal to case", told, case_id)
    for process in _begun_by(work, name, thrown_at):
        outbox.add_once(work, f"signal {job.id} process {process}", "signal start", {**told, "process": process})


def reach(work: Work, job: models.Outbox) -> None:
    """Lets one case hear the signal, where it still waits for it."""
    name, thrown_at = str(job.payload["name"]), datetime.fromisoformat(str(job.payload["thrown_at"]))
    case = cases.lock(work, str(job.case_id))
    query = select(models.Wait.task_id).where(models.Wait.case_id == case.id, *_waited(name, thrown_at))
    waits = set(work.session.scalars(query))
    if case.status != cases.ACTIVE or not waits:
        return
    payload = _payload(job)

    def change(run: Run) -> Event:
        run.signal(name, payload, waits)
        return SignalReceived(str(job.payload["signal"]), name, payload)

    cases.move(work, case, change)


def begin(work: Work, job: models.Outbox) -> None:
    """Starts a case of a process that begins with the signal, unless a newer release no longer does."""
    name, process = str(job.payload["name"]), str(job.payload["process"])
    release = pins.current(work, process)
    if name in pins.definition(work, release.id).diagrams[process].signals_started:
        cases.start(work, process, _payload(job), signal=name)


def _waited(name: str, thrown_at: datetime) -> tuple[ColumnElement[bool], ...]:
    since = models.Wait.since
    return models.Wait.kind == "signal", models.Wait.name == name, or_(since.is_(None), since <= thrown_at)


def _begun_by(work: Work, name: str, thrown_at: datetime) -> list[str]:
    """The processes whose release in force at the throw begins with the signal."""
    query = select(models.Release).where(models.Release.created_at <= thrown_at).order_by(models.Release.number)
    in_force = {release.process: release.id for release in work.session.scalars(query)}
    return [
        process
        for process, release_id in sorted(in_force.items())
        if name in pins.definition(work, release_id).diagrams[process].signals_started
    ]


def _payload(job: models.Outbox) -> Mapping[str, object]:
    payload = job.payload["payload"]
    if not isinstance(payload, Mapping):
        raise TypeError(job.id)
    return payload
