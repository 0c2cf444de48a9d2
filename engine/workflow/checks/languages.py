"""Expressions are FEEL: what is written in the language of another engine is refused, and translated where it can be."""

import re
from collections.abc import Iterator
from typing import Final

from engine import feel
from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Foreign

_SPELLED: Final = (  # from the unified expression language, JavaScript and Java to FEEL
    (re.compile(r"&&|\band\b"), " and "),
    (re.compile(r"\|\||\bor\b"), " or "),
    (re.compile(r"===?|\beq\b"), " = "),
    (re.compile(r"!==?|\bne\b"), " != "),
    (re.compile(r"\bgt\b"), " > "),
    (re.compile(r"\blt\b"), " < "),
    (re.compile(r"\bge\b"), " >= "),
    (re.compile(r"\ble\b"), " <= "),
    (re.compile(r"(?:!|\bnot\b)\s*([A-Za-z_][\w.]*)"), r"not(\1)"),
    (re.compile(r"'([^'\"]*)'"), r'"\1"'),
)


def expressions_are_feel(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """No expression is in another language."""
    for one in diagram.foreign:
        if instead := _in_feel(one):
            message = "The expression %(text)s of %(id)s is not FEEL (%(language)s); write %(feel)s instead."
            yield error(one.where, message, text=one.text, id=one.where, language=one.language, feel=instead)
        else:
            message = (
                'The expression %(text)s of %(id)s is not FEEL (%(language)s); write it in FEEL, beginning with "=".'
            )
            yield error(one.where, message, text=one.text, id=one.where, language=one.language)


def _in_feel(one: Foreign) -> str:
    """The same in FEEL, where the two languages differ in spelling only."""
    text = re.sub(r"^[#$]\{(.*)\}$", r"\1", one.text, flags=re.DOTALL)
    for spelled, instead in _SPELLED:
        text = spelled.sub(instead, text)
    text = "=" + " ".join(text.split())
    if re.search(r"\w\s*\(", text.replace("not(", "")):
        return ""  # a call: what it does there nobody can tell from here
    try:
        feel.compile(text)
    except feel.FeelError:
        return ""
    return text


RULES: tuple[Rule, ...] = (expressions_are_feel,)
