"""Small diagrams for tests, written as the BPMN elements that matter and nothing else."""

from itertools import pairwise

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


def plain(*middle: str, names: str) -> str:
    """The elements in `middle`, between a start event and an end event, one after the other as `names` says."""
    ends = node("startEvent", "begin"), node("endEvent", "done")
    return ends[0] + "".join(middle) + ends[1] + path("begin", *names.split(), "done")
