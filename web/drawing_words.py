"""What the parts of a diagram are called where its changes are told in words."""

from typing import Final

from web.i18n import N_

ELEMENTS: Final = {
    "process": N_("process"),
    "userTask": N_("task of a person"),
    "serviceTask": N_("task of a service"),
    "scriptTask": N_("computed value"),
    "businessRuleTask": N_("task of a decision"),
    "sendTask": N_("task that sends"),
    "receiveTask": N_("task that waits for a message"),
    "callActivity": N_("call of a process"),
    "subProcess": N_("sub-process"),
    "startEvent": N_("start"),
    "endEvent": N_("end"),
    "intermediateCatchEvent": N_("event that waits"),
    "intermediateThrowEvent": N_("event that tells"),
    "boundaryEvent": N_("event at the edge of a task"),
    "exclusiveGateway": N_("exclusive gateway"),
    "parallelGateway": N_("parallel gateway"),
    "inclusiveGateway": N_("inclusive gateway"),
    "eventBasedGateway": N_("event gateway"),
    "sequenceFlow": N_("way"),
}
PARTS: Final = {
    "name": N_("Name"),
    "name_en": N_("Name in English"),
    "documentation": N_("Explanation"),
    "documentation_en": N_("Explanation in English"),
    "kind": N_("Kind"),
    "role": N_("Role"),
    "form": N_("Form"),
    "service": N_("Service"),
    "called": N_("Process that it calls"),
    "assignee": N_("Assigned to"),
    "due": N_("Last day"),
    "script": N_("Expression"),
    "result": N_("Name of the result"),
    "inputs": N_("Inputs"),
    "outputs": N_("Outputs"),
    "events": N_("What it waits for or tells"),
    "attached_to": N_("Stands at"),
    "default": N_("Way where no condition holds"),
    "loop": N_("Repetition"),
    "clock": N_("Legal period"),
    "phase": N_("Phase"),
    "not_by": N_("Not by whoever did"),
    "series": N_("Letters of the case numbers"),
    "phases": N_("Phases"),
    "start_roles": N_("Roles that may start it"),
}
