"""The process under load: people, timers, messages to itself, signals, many at once, loops, calls, and undoing."""

from typing import Final

from engine.store.database import Database
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, flow, publish, user_task

PROCESS: Final = "soak"
PEOPLE: Final = ("ana", "berta", "carla")
AGAIN: Final = {"type": "checkbox", "key": "again", "id": "again", "label": "Otra vez"}
REMARK: Final = {"type": "textfield", "key": "remark", "id": "remark", "label": "Nota"}

_ROOT: Final = (
    '<bpmn:message id="ping_m" name="ping"><bpmn:extensionElements><zeebe:subscription correlationKey="=case_number"/>'
    '</bpmn:extensionElements></bpmn:message><bpmn:message id="word_m" name="word"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case_number"/></bpmn:extensionElements></bpmn:message>'
    '<bpmn:signal id="go_s" name="go"/>'
)
_EACH: Final = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item" outputCollection="items" '
    'outputElement="=item"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'
)


def publish_all(database: Database) -> None:
    """The process, what it calls, its forms, and the people who work on it."""
    publish(database, ("form", "note", a_form("note", REMARK, AGAIN)))
    publish(
        database,
        (
            "process",
            "inner",
            a_diagram(
                a_line(("deep", user_task("deep"))).replace("begun", "inner_begun").replace("ended", "inner_ended"),
                "inner",
            ),
        ),
    )
    publish(database, ("process", PROCESS, a_diagram(_body(), PROCESS, root=_ROOT)))
    for person in PEOPLE:
        an_actor(database, person, "analyst", "administrator")
    an_operator(database)


def _body() -> str:
    nodes = (
        '<bpmn:startEvent id="begun"/><bpmn:exclusiveGateway id="turn"/><bpmn:parallelGateway id="fork"/>',
        user_task("write"),
        user_task("check"),
        _timer("boundaryEvent", "remind", "R3/PT2S", "timeCycle", ' attachedToRef="check" cancelActivity="false"'),
        _timer("boundaryEvent", "late", "PT15S", "timeDuration", ' attachedToRef="check"'),
        '<bpmn:endEvent id="reminded"/><bpmn:exclusiveGateway id="checked"/>',
        (
            '<bpmn:intermediateThrowEvent id="say" name="say"><bpmn:extensionElements><zeebe:properties>'
            '<zeebe:property name="correlationKey" value="=case_number"/></zeebe:properties></bpmn:extensionElements>'
            '<bpmn:messageEventDefinition messageRef="ping_m"/></bpmn:intermediateThrowEvent>'
        ),
        (
            '<bpmn:intermediateCatchEvent id="hear" name="hear"><bpmn:messageEventDefinition messageRef="ping_m"/>'
            "</bpmn:intermediateCatchEvent>"
        ),
        user_task("each").replace("</bpmn:userTask>", _EACH),
        '<bpmn:parallelGateway id="join"/><bpmn:eventBasedGateway id="choice"/>',
        (
            '<bpmn:intermediateCatchEvent id="word" name="word"><bpmn:messageEventDefinition messageRef="word_m"/>'
            "</bpmn:intermediateCatchEvent>"
        ),
        (
            '<bpmn:intermediateCatchEvent id="go" name="go"><bpmn:signalEventDefinition signalRef="go_s"/>'
            "</bpmn:intermediateCatchEvent>"
        ),
        _timer("intermediateCatchEvent", "wait", "PT8S", "timeDuration", ""),
        '<bpmn:exclusiveGateway id="met"/><bpmn:exclusiveGateway id="enough" name="enough" default="enough_to_last"/>',
        (
            '<bpmn:callActivity id="last" name="last"><bpmn:extensionElements><zeebe:calledElement processId="inner"/>'
            '</bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="ended"/>'
        ),
    )
    ways = (
        "begun turn write fork check checked join choice word met enough last ended",
        "fork say hear join",
        "fork each join",
        "choice go met",
        "choice wait met",
        "late checked",
        "remind reminded",
    )
    flows = {flow(one, two): None for way in ways for one, two in zip(way.split(), way.split()[1:], strict=False)}
    return "".join((*nodes, *flows, flow("enough", "turn", "=again = true")))


def _timer(kind: str, element: str, text: str, tag: str, attributes: str) -> str:
    return (
        f'<bpmn:{kind} id="{element}" name="{element}"{attributes}><bpmn:timerEventDefinition>'
        f"<bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition></bpmn:{kind}>"
    )
