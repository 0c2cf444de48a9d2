"""Finds the expressions of a diagram that are written in another language than FEEL."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine import xml
from engine.workflow.elements import Foreign
from engine.workflow.extensions import ZEEBE
from engine.workflow.legal import BPMN

_EXPRESSIONS: Final = {
    "activationCondition", "completionCondition", "condition", "conditionExpression", "loopCardinality", "loopCondition",
    "timeCycle", "timeDate", "timeDuration", "from", "to",
}  # fmt: skip
_LITERALS: Final = {"loopCardinality", "timeCycle", "timeDate", "timeDuration"}  # numbers and ISO 8601, in any language
_UNIFIED: Final = re.compile(r"\s*[#$]\{")
UNIFIED: Final = "${…}"


def foreign(process: etree._Element, root: etree._Element) -> Iterator[Foreign]:
    """Every such expression, with the id of the element or flow that it stands in.

    An expression says its language itself, else the file says it for all; what begins with "=" is FEEL, as Camunda 8
    writes it, and what begins with "${" or "#{" is that of Camunda 7, Activiti and others.
    """
    general = root.get("expressionLanguage", "")
    for node in process.iter(f"{{{BPMN}}}*"):
        name, text = xml.local(node), (node.text or "").strip()
        if name in _EXPRESSIONS and text and (language := _language(node, name, text, general)):
            yield Foreign(_place(node, process), text, language)
    for node in process.iter(f"{{{ZEEBE}}}*"):
        texts = (str(value).strip() for value in node.attrib.values())
        yield from (Foreign(_place(node, process), text, UNIFIED) for text in texts if _UNIFIED.match(text))


def _language(node: etree._Element, name: str, text: str, general: str) -> str:
    own = node.get("language", "").strip()
    if own and "feel" not in own.lower():
        return own.rstrip("/").rpartition("/")[2]
    if _UNIFIED.match(text):
        return UNIFIED
    if own or text.startswith("=") or name in _LITERALS or "feel" in general.lower():
        return ""
    return general.strip().rstrip("/").rpartition("/")[2]


def _place(node: etree._Element, process: etree._Element) -> str:
    """The id of the flow, or of the flow node, that the expression is a part of."""
    containers = {"process", "subProcess", "transaction", "adHocSubProcess"}
    for above in node.iterancestors():
        parent = above.getparent()
        if above.get("id") and (parent is None or xml.local(parent) in containers):
            return above.get("id", "")
    return process.get("id", "")
