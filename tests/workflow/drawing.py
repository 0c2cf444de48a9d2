"""Small diagrams for tests, written as the BPMN elements that matter and nothing else."""

from itertools import pairwise

from engine.workflow.checks import Known, check
from engine.workflow.diagram import read

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'targetNamespace="https://example.org/permit"'
)


def drawn(body: str, *, root: str = "", said: str = "", process: str = "permit") -> bytes:
    """A file with one executable process: `body` inside it, `root` beside it, `said` in its extension elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions id="file" {NAMESPACES}>{root}'
        f'<process id="{process}" name="Permiso" isExecutable="true"><extensionElements><zeebe:properties>'
        f'<zeebe:property name="name_en" value="Permit"/></zeebe:properties>{said}</extensionElements>'
        f"{body}</process></definitions>"
    ).encode()


def node(kind: str, name: str, said: str = "", inner: str = "", attributes: str = "") -> str:
    """A flow node with the id `name`, named in both languages; `said` goes into its extension elements."""
    return (
        f'<{kind} id="{name}" name="{name} es" {attributes}><extensionElements>{said}'
        f"{properties(name_en=name)}</extensionElements>{inner}</{kind}>"
    )


def properties(**values: str) -> str:
    """The `zeebe:properties` of an element."""
    lines = (f'<zeebe:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<zeebe:properties>{''.join(lines)}</zeebe:properties>"


def task(name: str, form: str = "review", role: str = "analyst", said: str = "", inner: str = "") -> str:
    """A user task that nothing is wrong with."""
    facts = f'<zeebe:formDefinition formId="{form}"/><zeebe:assignmentDefinition candidateGroups="{role}"/>'
    return node("userTask", name, facts + said, inner)


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow with the id `source__target`."""
    text = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">{text}</sequenceFlow>'


def path(*names: str) -> str:
    """The flows that lead from each name to the next."""
    return "".join(flow(one, two) for one, two in pairwise(names))


def plain(*middle: str, names: str, ends: str = "") -> str:
    """A start event `begin`, the elements in `middle`, an end event `done`, one after the other as `names` says.

    `ends` is written after the names of the two events, for a second such process beside the first.
    """
    begin, done = f"begin{ends}", f"done{ends}"
    elements = (node("startEvent", begin), *middle, node("endEvent", done))
    return "".join(elements) + path(begin, *names.split(), done)


def known() -> Known:
    """Surroundings in which the forms, roles, services and processes of these tests exist."""
    return Known(
        services={
            "applications.accept": {"application_id"},
            "authorisations.grant": {"application_id", "decided_by"},
            "letters.issue": {"template", "facts"},
        },
        optional={"authorisations.grant": {"decided_by"}},
        forms={"review", "new_permit"},
        processes={"validation": read(drawn(plain(task("visit"), names="visit", ends="v"), process="validation"))},
        roles={"preparer", "analyst", "director"},
        letters={"D03_admission"},
        clocks={"acceptance"},
        decisions={"risk"},
    )


def refused(data: bytes, surroundings: Known | None = None) -> dict[str, str]:
    """The errors of a diagram by element; several at one element in one text."""
    found: dict[str, str] = {}
    for complaint in check(read(data), surroundings or known()):
        if complaint.severity == "error":
            found[complaint.where] = found.get(complaint.where, "") + str(complaint)
    return found
