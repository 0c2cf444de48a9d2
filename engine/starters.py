"""What a new resource begins with: the least that the checks accept, so that its author changes instead of inventing."""

import json
from collections.abc import Callable, Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

_PROCESS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="{key}_definitions" targetNamespace="https://marchamo.example/bpmn/{key}" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:collaboration id="{key}_collaboration">
    <bpmn:participant id="{key}_pool" name={title} processRef="{key}">
      <bpmn:extensionElements><zeebe:properties><zeebe:property name="name_en" value={title_en} /></zeebe:properties></bpmn:extensionElements>
    </bpmn:participant>
  </bpmn:collaboration>
  <bpmn:process id="{key}" name={title} isExecutable="true">
    <bpmn:extensionElements>
      <zeebe:properties>
        <zeebe:property name="name_en" value={title_en} />
        <zeebe:property name="series" value="{series}" />
        <zeebe:property name="start_roles" value="analyst" />
      </zeebe:properties>
    </bpmn:extensionElements>
    <bpmn:laneSet id="{key}_lanes">
      <bpmn:lane id="analyst" name="Analista">
        <bpmn:extensionElements><zeebe:properties><zeebe:property name="name_en" value="Analyst" /></zeebe:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>begun</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ended</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begun" name="Inicio">
      <bpmn:extensionElements><zeebe:properties><zeebe:property name="name_en" value="Start" /></zeebe:properties></bpmn:extensionElements>
      <bpmn:outgoing>begun_to_ended</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="ended" name="Fin">
      <bpmn:extensionElements><zeebe:properties><zeebe:property name="name_en" value="End" /></zeebe:properties></bpmn:extensionElements>
      <bpmn:incoming>begun_to_ended</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="begun_to_ended" sourceRef="begun" targetRef="ended" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_diagram">
    <bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}_collaboration">
      <bpmndi:BPMNShape id="{key}_pool_di" bpmnElement="{key}_pool" isHorizontal="true"><dc:Bounds x="160" y="80" width="900" height="220" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="analyst_di" bpmnElement="analyst" isHorizontal="true"><dc:Bounds x="190" y="80" width="870" height="220" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="begun_di" bpmnElement="begun"><dc:Bounds x="252" y="172" width="36" height="36" /><bpmndi:BPMNLabel><dc:Bounds x="256" y="215" width="29" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_di" bpmnElement="ended"><dc:Bounds x="932" y="172" width="36" height="36" /><bpmndi:BPMNLabel><dc:Bounds x="943" y="215" width="15" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="begun_to_ended_di" bpmnElement="begun_to_ended"><di:waypoint x="288" y="190" /><di:waypoint x="932" y="190" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_DECISION: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="{key}_definitions" name={title} namespace="https://marchamo.example/dmn/{key}" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <extensionElements><zeebe:properties><zeebe:property name="name_en" value={title_en} /></zeebe:properties></extensionElements>
  <decision id="{key}" name={title}>
    <extensionElements><zeebe:properties><zeebe:property name="name_en" value={title_en} /></zeebe:properties></extensionElements>
    <variable id="{key}_result" name="{key}" />
    <decisionTable id="{key}_table" hitPolicy="FIRST">
      <input id="{key}_score" label="score"><inputExpression id="{key}_score_text" typeRef="number"><text>score</text></inputExpression></input>
      <output id="{key}_band" label="band" name="band" typeRef="string" />
      <rule id="{key}_rule_1">
        <inputEntry id="{key}_test_1"><text>&gt;= 50</text></inputEntry>
        <outputEntry id="{key}_answer_1"><text>"high"</text></outputEntry>
      </rule>
      <rule id="{key}_rule_2">
        <inputEntry id="{key}_test_2"><text>-</text></inputEntry>
        <outputEntry id="{key}_answer_2"><text>"low"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{key}_diagram"><dmndi:DMNShape id="{key}_shape" dmnElementRef="{key}"><dc:Bounds x="160" y="100" width="180" height="80" /></dmndi:DMNShape></dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""
_LETTER: Final = """// título: {title} | {title_en}
#import "_letter.typ": fact, letter, listed, prose, rows, written

#letter(
  code: {code},
  needs: (),
  es: (title: {quoted}, body: [
    Escriba aquí el texto de la carta.
  ]),
  en: (title: {quoted_en}, body: [
    Write the text of the letter here.
  ]),
)
"""
SERIES_LENGTH: Final = 3


def content(kind: str, key: str, title: str, title_en: str) -> bytes:
    """The first content of a resource that did not exist; its title in Spanish and in English."""
    return STARTERS[kind](key, title, title_en).encode()


def _process(key: str, title: str, title_en: str) -> str:
    series = key.replace("_", "")[:SERIES_LENGTH].upper()
    return _PROCESS.format(key=key, title=quoteattr(title), title_en=quoteattr(title_en), series=series)


def _decision(key: str, title: str, title_en: str) -> str:
    return _DECISION.format(key=key, title=quoteattr(title), title_en=quoteattr(title_en))


def _form(key: str, title: str, title_en: str) -> str:
    question = {
        "type": "textarea",
        "id": "remarks",
        "key": "remarks",
        "label": "Observaciones",
        "properties": {"label_en": "Remarks"},
    }
    schema = {
        "schemaVersion": 19,
        "type": "default",
        "id": key,
        "properties": {"title_es": title, "title_en": title_en},
        "components": [question],
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _letter(key: str, title: str, title_en: str) -> str:
    texts = {"code": key.split("_", maxsplit=1)[0], "quoted": title, "quoted_en": title_en}
    quoted = {name: json.dumps(text, ensure_ascii=False) for name, text in texts.items()}
    line, line_en = (" ".join(text.replace("|", " ").split()) for text in (title, title_en))
    return _LETTER.format(title=line, title_en=line_en, **quoted)


STARTERS: Final[Mapping[str, Callable[[str, str, str], str]]] = {
    "process": _process,
    "decision": _decision,
    "form": _form,
    "letter": _letter,
}
