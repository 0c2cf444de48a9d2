"""The only evaluator that a running diagram has: FEEL. Whatever SpiffWorkflow would hand to Python ends here."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NoReturn
from zoneinfo import ZoneInfo

from engine import feel
from engine.domain.worktime import WorkingTime
from engine.workflow.elements import Element
from engine.workflow.faults import Fault


class FeelEngine:
    """Evaluates the texts of one command, at one moment; `now()` and `today()` are the office's."""

    def __init__(
        self, now: datetime, zone: ZoneInfo, offices: Mapping[str, WorkingTime] = MappingProxyType({})
    ) -> None:
        self.now = now
        self.zone = zone
        self._offices = offices
        self._local = now.astimezone(zone)

    def office(self, element: Element, scope: Mapping[str, object]) -> WorkingTime | None:
        """Whose working time the element's periods count in: that of the case's programme; None for calendar time."""
        if element.properties.get("days", "calendar") != "working":
            return None
        programme = self.programme(scope)
        if programme is None:
            raise Fault(element.id, "The case has no programme whose working days could be counted.")
        return self._offices[programme]

    def programme(self, scope: Mapping[str, object]) -> str | None:
        """The programme by whose office working days are counted: the case's, or the only one that its release has."""
        said = str(scope.get("programme"))
        if said in self._offices:
            return said
        return next(iter(self._offices)) if len(self._offices) == 1 else None

    def value(self, element: str, text: str, scope: Mapping[str, object]) -> object:
        """The FEEL value of a text of the diagram: an expression where it begins with "=", else the text itself."""
        return self.expression(element, text, scope) if text.lstrip().startswith("=") else text

    def expression(self, element: str, text: str, scope: Mapping[str, object]) -> object:
        """The FEEL value of a text that is always an expression (conditions, keys)."""
        try:
            return feel.compile(text)(scope, now=self._local)
        except feel.FeelError as error:
            raise _fault(element, text, error) from error

    def json(self, element: str, text: str, scope: Mapping[str, object]) -> object:
        """The value as it is stored: plain JSON, sharing nothing with the scope."""
        value = self.value(element, text, scope)
        try:
            return feel.to_json(value)
        except feel.FeelError as error:
            raise _fault(element, text, error) from error

    def evaluate(self, task: object, *_: object, **__: object) -> NoReturn:
        """SpiffWorkflow's door for expressions; nothing built from a diagram knocks here."""
        raise Fault(str(task), "Only FEEL is evaluated.")

    execute = call_service = evaluate


def _fault(element: str, text: str, error: feel.FeelError) -> Fault:
    return Fault(element, "The expression %(text)s failed: %(reason)s", {"text": text[:200], "reason": error.told})
