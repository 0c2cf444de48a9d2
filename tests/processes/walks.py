"""Walking a shipped process by hand: tasks are done, time passes, messages come; services answer as told here."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from engine.workflow import Definition, Run, ServiceCall, Thrown, read

ROOT: Final = Path(__file__).parents[2]
MORNING: Final = datetime(2026, 7, 1, 15, tzinfo=UTC)
OPERATOR: Final = {"operator_id": "o1", "operator_name": "Exportadora Lempa", "programme": "sv", "types": ["exporter"]}
APPLICATION: Final = {"application_id": "a1", "application_number": "SOL-2026-0001"}
AUTHORISATION: Final = {
    "authorisation_id": "z1",
    "certificate_number": "OC-SV-2026-0030",
    "granted_on": "2026-11-01",
    "effective_on": "2026-11-01",
}

SILENCE: Final = "applications.apply_silence"
Answer = Callable[[Mapping[str, object]], Mapping[str, object]]


def period(name: str, days: int) -> dict[str, object]:
    """What a service says of a period that ends in so many days: its last day, and the instant when that is over."""
    end = MORNING + timedelta(days=days)
    return {f"{name}_due": end.date().isoformat(), f"{name}_due_at": end.isoformat()}


class Walk:
    """One case on its way. Each command saves it and takes it up again, as the house does between two people."""

    def __init__(
        self, process: str, data: Mapping[str, object], message: str | None = None, silence: str = "none"
    ) -> None:
        self._definition, self._silence = _definition(process), silence
        self.calls: list[ServiceCall] = []
        self.passed: set[str] = set()  # every element that a token has gone through
        self.thrown: list[Thrown] = []
        self._now = MORNING
        self._run = Run.start(self._definition, data, self._now, message=message)
        self._rest()

    def do(self, element: str, **answers: object) -> "Walk":
        """Does the open task of that id."""
        task = next(task for task in self._run.open_tasks() if task.element == element)
        self._run.complete(task.id, answers)
        return self._rest()

    def wait(self, element: str) -> "Walk":
        """Lets time pass until the timer of that id has run out."""
        (timer,) = [wait for wait in self._run.waits() if wait.element == element]
        assert timer.due is not None
        self._now = max(self._now, timer.due)
        self._run = Run.load(self._definition, self._run.dump(), self._now)
        self._run.fire_due()
        return self._rest()

    def hear(self, message: str, key: str, **payload: object) -> "Walk":
        """Gives the case a message that it waits for."""
        assert self._run.deliver(message, key, payload)
        return self._rest()

    @property
    def open(self) -> list[str]:
        """The ids of the open tasks."""
        return [task.element for task in self._run.open_tasks()]

    @property
    def ends(self) -> tuple[str, ...]:
        """The end events reached; empty while the case goes on."""
        return self._run.ends if self._run.finished else ()

    @property
    def data(self) -> Mapping[str, object]:
        """What the case knows."""
        return self._run.data

    def letters(self) -> list[str]:
        """The codes of the letters sent so far, in order."""
        return [
            str(call.arguments["template"]).partition("_")[0] for call in self.calls if call.service == "letters.issue"
        ]

    def _rest(self) -> "Walk":
        moves = self._run.advance()
        result: Mapping[str, object] | None = None
        try:
            while True:
                call = next(moves) if result is None else moves.send(result)
                self.calls.append(call)
                result = _kept_silent(self._silence) if call.service == SILENCE else _answered(call)
        except StopIteration:
            self.thrown += self._run.take_thrown()
        self.passed |= {step.element for step in self._run.take_steps() if step.kind == "completed"}
        self._run = Run.load(self._definition, self._run.dump(), self._now)
        return self


def needs(template: str) -> frozenset[str]:
    """The facts without which the letter refuses to be written."""
    text = (ROOT / "forms" / "letters" / f"{template}.typ").read_text()
    found = re.search(r"needs(?::| =) \(([^)]*)\)", text)
    assert found is not None
    return frozenset(re.findall(r'"(\w+)"', found[1]))


@cache
def _definition(process: str) -> Definition:
    return Definition.build(_bytes(process), {name: _bytes(name) for name in _called(process)})


def _called(process: str) -> set[str]:
    """The processes that a process calls, and those that these call."""
    own = {element.called for element in read(_bytes(process)).elements.values() if element.called}
    return own.union(*(_called(one) for one in own))


def _bytes(process: str) -> bytes:
    return (ROOT / "bpmn" / f"{process}.bpmn").read_bytes()


def _answered(call: ServiceCall) -> Mapping[str, object]:
    answer = _ANSWERS.get(call.service, {})
    return answer(call.arguments) if callable(answer) else answer


def _kept_silent(effect: str) -> Mapping[str, object]:
    """What silence does at the end of a period, with all that comes of it."""
    made = {**AUTHORISATION, "authorisations": [{**AUTHORISATION, "type": "exporter", "expires_on": None}]}
    answers: Mapping[str, Mapping[str, object]] = {
        "accepted": {"accepted_on": "2026-07-01", **period("decision", 120)},
        "granted": made,
        "refused": {"refused_on": "2026-11-01"},
    }
    return {"silence": effect, **answers.get(effect, {})}


def _letter(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Issues nothing, but insists that the diagram hands over what the letter needs."""
    template, facts = arguments["template"], arguments["facts"]
    assert isinstance(template, str)
    assert isinstance(facts, Mapping)
    assert {name for name in needs(template) if facts.get(name) is None} == set()
    return {"letter_id": "l1", "letter_number": f"DGA-{template}"}


def _unanswered(arguments: object) -> Mapping[str, object]:
    assert isinstance(arguments, list)
    return {"unanswered": len(arguments), "argument_answers": [{**one, "answer": ""} for one in arguments]}


def _recorded(arguments: Mapping[str, object]) -> Mapping[str, object]:
    findings = arguments["findings"]
    assert isinstance(findings, list)
    numbered = [{**finding, "id": f"f{number}", "state": "open"} for number, finding in enumerate(findings)]
    return {"findings": numbered, "open_findings": sum(finding["severity"] != "observation" for finding in numbered)}


def _verified(arguments: Mapping[str, object]) -> Mapping[str, object]:
    results = arguments["verifications"]
    assert isinstance(results, list)
    return {"open_findings": sum(result["result"] != "corrected" for result in results)}


def _letters(arguments: Mapping[str, object]) -> Mapping[str, object]:
    parts = arguments["letters"]
    assert isinstance(parts, list)
    return {"letter_ids": ["l1"], "letter_numbers": [_letter(part)["letter_number"] for part in parts]}


_ANSWERS: Final[Mapping[str, Mapping[str, object] | Answer]] = {
    "applications.open": APPLICATION,
    "applications.submit": {"submitted_on": "2026-07-01", **period("acceptance", 30)},
    "applications.request_completion": period("reply", 14),
    "applications.receive_completion": period("acceptance", 40),
    "applications.accept": {"accepted_on": "2026-07-10", **period("decision", 130)},
    "applications.request_information": {**period("information", 30), **period("decision", 160)},
    "applications.start_hearing": lambda given: {
        "stated_grounds": given["grounds"],
        **period("hearing", 90),
        **period("decision", 190),
    },
    "grounds.gather": {"possible_grounds": None},
    "applications.outline": {
        "open_types": [{"value": "exporter", "label": "Exportador", "label_en": "Exporter"}],
        "operator_kind": "exporter",
    },
    "applications.end_hearing": lambda given: _unanswered(given["arguments"]),
    "applications.refuse": {"refused_on": "2026-11-01", "argument_answers": []},
    "applications.withdraw": {"withdrawn_on": "2026-08-01"},
    "committees.convene": {
        "committee_exists": True,
        "committee_seats": [1, 2, 3],
        "committee_quorum": 2,
        "committee_binding": False,
    },
    "committees.close": {
        "opinion": "favourable",
        **dict.fromkeys(("votes_for", "votes_against", "votes_abstained"), 1),
        "committee_votes": [],
        "minority": [],
    },
    "consents.missing": {"consents_missing": 0, "publication": True, "mutual_recognition": True},
    "consents.record": {"publication": True, "mutual_recognition": False},
    "consultations.plan": lambda given: {"authorities": given["authorities"] or []},
    "consultations.silence": {"silence_closes": True},
    "consultations.ask": {"consultation_id": "c1", "reply_due": "2026-08-10", **period("consultation", 40)},
    "consultations.receive": {"replied_on": "2026-08-01", "result": "fulfilled"},
    "consultations.close_unanswered": {"replied_on": "2026-08-10", "result": "no_reply"},
    "applications.extend": {"former_due": "2026-11-08", **period("decision", 190)},
    "bars.check": {"barred": False, "bar_until": None, "bar_cause": None, "bar_basis": None},
    "clocks.additions": {"decision_additions": [{"value": "extension", "label": "Prórroga"}]},
    "clocks.start": period("annual_answer", 395),
    "clocks.last_day": {"day": (MORNING + timedelta(days=900)).date().isoformat()},
    "clocks.day_over": {"day_over_at": (MORNING + timedelta(days=900)).isoformat()},
    "authorisations.look_up": {"renews": False},
    "clocks.due": {"decision_days_left": 30, **period("decision", 130)},
    "clocks.reminders": {
        "decision_next_reminder_at": (MORNING + timedelta(days=100)).isoformat(),
        "consultation_next_reminder_at": (MORNING + timedelta(days=20)).isoformat(),
    },
    "findings.record": _recorded,
    "findings.verify": _verified,
    "authorisations.grant": {**AUTHORISATION, "authorisations": [{**AUTHORISATION, "type": "exporter"}]},
    "authorisations.next_review": period("review", 365),
    "authorisations.intend": period("hearing", 60),
    "authorisations.end_hearing": lambda given: _unanswered(given["arguments"] or []),
    "authorisations.revoke": {"revoked_on": "2026-11-01", "bar_until": "2029-11-01"},
    "clocks.end_of_suspension": lambda arguments: {
        "suspension_outcome": "revoke" if arguments["verified"] == "no" else "goes_on",
        "verification_due_at": (MORNING + timedelta(days=60)).isoformat(),
    },
    "measures.open_suspension": {
        "measure_id": "m1",
        "suspended_on": "2026-07-01",
        "suspension_extendable": True,
        **period("suspension", 30),
    },
    "measures.lift": {"lifted_on": "2026-07-20"},
    "appeals.lodge": {
        "appeal_id": "r1",
        "act_challenged": "revoked",
        "lodged_on": "2026-07-01",
        "effect": "continues",
    },
    "appeals.uphold": {
        "outcome": "reinstated",
        "decided_on": "2026-08-01",
        "effect_from": "2026-07-01",
        "act_challenged": "revoked",
    },
    "appeals.dismiss": {"outcome": "dismissed", "decided_on": "2026-08-01", "act_challenged": "revoked"},
    "letters.issue": _letter,
    "hearings.answer": {"unanswered": 0, "argument_answers": []},
    "letters.issue_together": _letters,
}
