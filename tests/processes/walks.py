"""Walking a shipped process by hand: tasks are done, time passes, messages come; services answer as told here."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from engine.workflow import Definition, Run, ServiceCall, Thrown

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

Answer = Callable[[Mapping[str, object]], Mapping[str, object]]


def period(name: str, days: int) -> dict[str, object]:
    """What a service says of a period that ends in so many days: its last day, and the instant when that is over."""
    end = MORNING + timedelta(days=days)
    return {f"{name}_due": end.date().isoformat(), f"{name}_due_at": end.isoformat()}


class Walk:
    """One case on its way. Each command saves it and takes it up again, as the house does between two people."""

    def __init__(self, process: str, data: Mapping[str, object], message: str | None = None) -> None:
        self._definition = _definition(process)
        self.calls: list[ServiceCall] = []
        self.thrown: list[Thrown] = []
        self._now = MORNING
        self._run = Run.start(self._definition, data, self._now, message=message)
        self._rest()

    def do(self, element: str, **answers: object) -> "Walk":
        """Does the open task of that id."""
        (task,) = [task for task in self._run.open_tasks() if task.element == element]
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
                result = _answered(call)
        except StopIteration:
            self.thrown += self._run.take_thrown()
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
    called = {"suspension": ("revocation",), "application": ("validation", "granting")}.get(process, ())
    return Definition.build(_bytes(process), {name: _bytes(name) for name in called})


def _bytes(process: str) -> bytes:
    return (ROOT / "bpmn" / f"{process}.bpmn").read_bytes()


def _answered(call: ServiceCall) -> Mapping[str, object]:
    answer = _ANSWERS.get(call.service, {})
    return answer(call.arguments) if callable(answer) else answer


def _letter(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Issues nothing, but insists that the diagram hands over what the letter needs."""
    template, facts = arguments["template"], arguments["facts"]
    assert isinstance(template, str)
    assert isinstance(facts, Mapping)
    assert {name for name in needs(template) if facts.get(name) is None} == set()
    return {"letter_id": "l1", "letter_number": f"DGA-{template}"}


def _recorded(arguments: Mapping[str, object]) -> Mapping[str, object]:
    findings = arguments["findings"]
    assert isinstance(findings, list)
    numbered = [{**finding, "id": f"f{number}", "state": "open"} for number, finding in enumerate(findings)]
    return {"findings": numbered, "open_findings": sum(finding["severity"] != "observation" for finding in numbered)}


def _verified(arguments: Mapping[str, object]) -> Mapping[str, object]:
    results = arguments["verifications"]
    assert isinstance(results, list)
    return {"open_findings": sum(result["result"] != "corrected" for result in results)}


def _heard(arguments: Mapping[str, object]) -> Mapping[str, object]:
    put_forward = arguments["arguments"] or []
    assert isinstance(put_forward, list)
    return {"unanswered": len(put_forward), "argument_answers": [{**one, "answer": ""} for one in put_forward]}


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
    "applications.start_hearing": {**period("hearing", 90), **period("decision", 190)},
    "applications.refuse": {"refused_on": "2026-11-01"},
    "applications.withdraw": {"withdrawn_on": "2026-08-01"},
    "findings.record": _recorded,
    "findings.verify": _verified,
    "authorisations.grant": AUTHORISATION,
    "authorisations.next_review": period("review", 365),
    "authorisations.intend": period("hearing", 60),
    "authorisations.end_hearing": _heard,
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
    "letters.issue_together": _letters,
}
