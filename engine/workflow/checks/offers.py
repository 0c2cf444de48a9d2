"""What an editor of diagrams may offer: the elements that the checks do not refuse for their kind alone.

It is asked of the checks themselves, with a minimal diagram for each candidate, so that nobody keeps a second list.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from engine.workflow.checks import starts, support
from engine.workflow.checks.complaints import Complaint, Known
from engine.workflow.diagram import read
from engine.workflow.elements import EventKind
from engine.workflow.legal import BPMN

ID: Final = "e"
_ACTIVITIES: Final = (
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
    "callActivity", "subProcess", "transaction", "adHocSubProcess",
)  # fmt: skip
_GATEWAYS: Final = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
_NOT_INTERRUPTING: Final = {"startEvent": 'isInterrupting="false"', "boundaryEvent": 'cancelActivity="false"'}
_PROCESS: Final = f'<definitions xmlns="{BPMN}"><process id="p" isExecutable="true">{{}}</process></definitions>'
_DATA: Final = '<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/>'
_PLACES: Final = {  # where a start event stands
    "": "{}",
    " in subProcess": '<subProcess id="s">{}</subProcess>',
    " in eventSubProcess": '<subProcess id="s" triggeredByEvent="true">{}</subProcess>',
}


def offers() -> frozenset[str]:
    """The names of what runs.

    `userTask`; `endEvent` for a plain event and `endEvent signal` for one with a definition; `startEvent timer in
    eventSubProcess` where the place matters; ` not interrupting` behind it; `loop standard`, `loop multiInstance`,
    `eventSubProcess`, `compensation` for what marks an activity; `data` for a data object joined to one.
    """
    return frozenset(name for name, wrong in verdicts().items() if not wrong)


@cache
def verdicts() -> Mapping[str, Sequence[Complaint]]:
    """By those names, what the checks have against each candidate; its id is `ID`."""
    candidates = {kind: f'<{kind} id="{ID}"/>' for kind in (*_ACTIVITIES, *_GATEWAYS)}
    candidates |= {
        "loop standard": f'<userTask id="{ID}"><standardLoopCharacteristics/></userTask>',
        "loop multiInstance": f'<userTask id="{ID}"><multiInstanceLoopCharacteristics/></userTask>',
        "data": f'{_DATA}<userTask id="{ID}"><dataInputAssociation><sourceRef>r</sourceRef></dataInputAssociation></userTask>',
        "compensation": f'<userTask id="{ID}" isForCompensation="true"/>',
        "eventSubProcess": f'<subProcess id="{ID}" triggeredByEvent="true"/>',
        "instantiating eventBasedGateway": f'<eventBasedGateway id="{ID}" instantiate="true"/>',
    }
    for kind in ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent", "boundaryEvent"):
        candidates |= _events(kind)
    return MappingProxyType({name: tuple(_errors(body)) for name, body in candidates.items()})


def _events(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, around in _PLACES.items() if kind == "startEvent" else (("", "{}"),):
        for how, attribute in (("", ""), (" not interrupting", _NOT_INTERRUPTING.get(kind))):
            if attribute is not None:
                event = f'<{kind} id="{ID}" {attribute}>{{}}</{kind}>'
                found |= {
                    f"{kind} {definition}{place}{how}": around.format(event.format(f"<{definition}EventDefinition/>"))
                    for definition in EventKind
                }
                found[f"{kind}{place}{how}"] = around.format(event.format(""))
    return found


def _errors(body: str) -> Iterator[Complaint]:
    diagram = read(_PROCESS.format(body).encode())
    complaints = (one for rule in (*support.RULES, *starts.RULES) for one in rule(diagram, Known()))
    return (one for one in complaints if one.severity == "error")
