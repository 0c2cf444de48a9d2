"""The loop beside the pages: fires timers and does what is in the outbox, each thing once, until it is told to stop."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zlib import crc32

from engine import (
    authorisations,
    calls,
    cases,
    certificates,
    conflicts,
    deliveries,
    expiries,
    incidents,
    messages,
    notifications,
    outbox,
    partner_mail,
    partners,
    recounts,
    retries,
    schedules,
    signals,
    tasks,
    timers,
    upgrades,
    watchdog,
)
from engine.domain.errors import Conflict, Refusal
from engine.mailing import Mail, Postman, Refused
from engine.signing import Signer
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, insist, look

REST: Final = 1.0  # seconds between two looks when there was nothing to do
RETRY_TIMER: Final = timedelta(minutes=1)  # then twice as long each time, up to
PATIENCE: Final = 3  # cases in one round that turn out to be in the hands of others
LONGEST_REST: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker; `name` is its own for as long as it lives, so that its leases are nobody else's.

    Only a worker with a `signer` takes certificates to sign: the key is nowhere else. Mail goes out by the `postman`.
    """

    database: Database
    name: str
    signer: Signer | None = None
    postman: Postman | None = None

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set; what is under way is finished first."""
        while not stop.is_set():
            try:
                busy = self.once()
            except Exception:  # the database may be away: wait for it rather than die
                log.exception("the worker could not do its round")
                busy = 0
            if not busy:
                stop.wait(REST)

    def once(self, now: datetime | None = None) -> int:
        """Fires the timers and does the jobs that are due (at `now`, on a virtual clock); how many there were."""
        with look(self.database, SYSTEM, now) as work:
            due, starts, watch = timers.due(work), schedules.due(work), watchdog.is_due(work)
            over = expiries.due(work)
        fired = self._fire_all(due, now)
        fired += sum([self._start(timer_id, now) for timer_id in starts])
        jobs = insist(lambda: self._take(now))
        for job_id, kind in jobs:
            self._do(job_id, kind, now)
        fired += sum([self._run_out(clock_id, now) for clock_id in over])
        if watch:
            self._watch(now)
        return fired + len(jobs)

    def drain(self, now: datetime | None = None) -> None:
        """Works until nothing is due."""
        while self.once(now):
            pass

    def _take(self, now: datetime | None) -> Sequence[tuple[str, str]]:
        """The ids and kinds of the jobs that are this worker's now."""
        with begin(self.database, SYSTEM, now) as work:
            messages.expire(work)
            messages.match(work)
            taken = outbox.take(work, self.name, without=() if self.signer else (certificates.JOB,))
            return [(job_id, work.session.get_one(models.Outbox, job_id).kind) for job_id in taken]

    def _watch(self, now: datetime | None) -> None:
        """Looks for what stands still; each thing is told in work of its own, so that none holds up another."""

        def look_around() -> Sequence[watchdog.Finding]:
            with begin(self.database, SYSTEM, now) as work:
                return watchdog.look_around(work)

        def tell(finding: watchdog.Finding) -> None:
            with begin(self.database, SYSTEM, now) as work:
                watchdog.tell(work, finding)

        for finding in insist(look_around):
            insist(partial(tell, finding))

    def _fire_all(self, due: Sequence[str], now: datetime | None) -> int:
        """Fires the timers of these cases; how many there were.

        Workers begin at different places of what they all see, each at its own; who meets what another has fired looks
        anew, for the rest of its list will be gone as well. (One after the other they would all try the same cases.)
        """
        first = crc32(self.name.encode()) % len(due) if due else 0
        fired = missed = 0
        for case_id in (*due[first:], *due[:first]):
            if self._fire(case_id, now):
                fired += 1
            elif (missed := missed + 1) == PATIENCE:
                break
        return fired

    def _fire(self, case_id: str, now: datetime | None) -> bool:
        """Whether there was something to fire, also where it failed; a case that somebody holds has its turn later."""

        def fire() -> bool:
            with begin(self.database, SYSTEM, now) as work:
                return timers.fire(work, case_id)

        def rest(error: Exception) -> None:
            with begin(self.database, SYSTEM, now) as work:
                timers.rest(work, case_id, RETRY_TIMER, LONGEST_REST)
                if not isinstance(error, cases.Halted):  # of which an incident tells already
                    case = work.session.get_one(models.Case, case_id)
                    incidents.report(work, case, "", "timer", _reason(error))

        return _guarded(fire, rest, f"the timers of case {case_id} could not be fired")

    def _start(self, timer_id: str, now: datetime | None) -> bool:
        """As `_fire`, for a timer that starts a case."""

        def fire() -> bool:
            with begin(self.database, SYSTEM, now) as work:
                return schedules.fire(work, timer_id)

        def rest(error: Exception) -> None:
            with begin(self.database, SYSTEM, now) as work:
                schedules.rest(work, timer_id, RETRY_TIMER, LONGEST_REST)
                if not isinstance(error, cases.Halted):
                    incidents.report(work, None, timer_id, "timer", _reason(error))

        return _guarded(fire, rest, f"the timer {timer_id} could not start a case")

    def _run_out(self, clock_id: str, now: datetime | None) -> bool:
        """As `_fire`, for a legal clock that nobody has to end."""

        def end() -> bool:
            with begin(self.database, SYSTEM, now) as work:
                return expiries.take_effect(work, clock_id)

        def rest(error: Exception) -> None:
            with begin(self.database, SYSTEM, now) as work:
                expiries.rest(work, clock_id, _reason(error))

        return _guarded(end, rest, f"the end of the legal clock {clock_id} could not be recorded")

    def _do(self, job_id: str, kind: str, now: datetime | None) -> None:
        answer: str | Refused | None = None

        def do() -> None:
            with begin(self.database, SYSTEM, now) as work:
                job = outbox.held(work, job_id, self.name)
                if job is not None:
                    self._perform(work, job, answer)
                    outbox.done(work, job)

        try:
            if kind in MAILS:
                answer = self._mail(job_id, now)
            insist(do)
        except Exception as error:  # a job that fails is tried again later, then becomes an incident
            log.exception("the job %s failed", job_id)
            with begin(self.database, SYSTEM, now) as work:
                job = outbox.held(work, job_id, self.name)
                if job is not None:
                    outbox.failed(work, job, _reason(error))

    def _perform(self, work: Work, job: models.Outbox, answer: str | Refused | None) -> None:
        if job.kind in MAILS:
            MAILS[job.kind][1](work, job, answer)
        elif job.kind == certificates.JOB and self.signer is not None:
            certificates.sign(work, str(job.payload["certificate_id"]), self.signer)
        else:
            JOBS[job.kind](work, job)

    def _mail(self, job_id: str, now: datetime | None) -> str | Refused | None:
        """Hands a mail over before the transaction that records it: no network between begin and commit.

        What the server said: the Message-ID, or its refusal; None for a job that is no mail, or that went out already.
        """
        with look(self.database, SYSTEM, now) as work:
            job = work.session.get(models.Outbox, job_id)
            mail = MAILS[job.kind][0](work, job) if job else None
        if mail is None:
            return None
        if self.postman is None:
            raise Conflict("No mail server is set up: MARCHAMO_MAIL names none.")
        try:
            return self.postman.send(mail)
        except Refused as refusal:
            return refusal


# What composes the mail of a job, and what records the answer of the mail server.
MAILS: Final[
    Mapping[
        str,
        tuple[
            Callable[[Work, models.Outbox], Mail | None], Callable[[Work, models.Outbox, str | Refused | None], None]
        ],
    ]
] = {
    deliveries.JOB: (deliveries.compose, deliveries.sent),
    partners.JOB: (partner_mail.compose, partner_mail.sent),
}


def _message(work: Work, job: models.Outbox) -> None:
    payload = job.payload["payload"]
    if not isinstance(payload, Mapping):
        raise TypeError(job.id)
    expires = job.payload.get("expires")
    kept = job.payload.get("kept", True)
    until = datetime.fromisoformat(str(expires)) if expires else None
    name, key = str(job.payload["name"]), str(job.payload["key"])
    messages.deliver(work, job.id, name, key, payload, until, _narrowed(job), kept=bool(kept))


def _narrowed(job: models.Outbox) -> messages.To:
    """To whom a message goes: to one case of each process, unless it is for every case, one process or one case."""
    process, case = (str(job.payload[name]) if name in job.payload else None for name in ("process", "case"))
    return messages.To(process, case, everyone=bool(job.payload.get("everyone")))


def _early_message(work: Work, job: models.Outbox) -> None:
    messages.try_again(work, str(job.payload["message"]))


def _effect(work: Work, job: models.Outbox) -> None:
    case = work.session.get_one(models.Case, job.case_id)
    authorisations.follow_calendar(work, case, str(job.payload["authorisation_id"]))


def _give_back(work: Work, job: models.Outbox) -> None:
    tasks.give_back(work, str(job.case_id), str(job.payload["account_id"]))


JOBS: Final[Mapping[str, Callable[[Work, models.Outbox], None]]] = {
    "message": _message,
    "early message": _early_message,
    "signal": signals.spread,
    "signal to case": signals.reach,
    "signal start": signals.begin,
    notifications.JOB: notifications.perform,
    conflicts.GIVE_BACK: _give_back,
    "effect": _effect,
    calls.JOB: retries.again,
    upgrades.JOB: upgrades.perform,
    recounts.JOB: recounts.perform,
}


def _guarded(act: Callable[[], bool], rest: Callable[[Exception], None], failed: str) -> bool:
    """Does `act`; what fails must not block the others: it rests, and becomes an incident."""
    try:
        return insist(act)
    except Exception as error:
        log.exception(failed)
        reason = error
    insist(lambda: rest(reason))
    return True


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
