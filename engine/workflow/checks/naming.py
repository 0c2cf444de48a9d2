"""People read names in two languages; history and addresses carry ids, so ids are words."""

import re
from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, warning
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, Flow

_FIRST = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
)
_FIRST += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_POSSIBLE = re.compile(f"[{_FIRST}][{_FIRST}0-9.\u00b7\u0300-\u036f\u203f\u2040\\-]*")  # XML's NCName, which ids are
_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def possible_ids(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An id is what XML takes for one: a name without spaces and signs."""
    for id_ in (diagram.process_id, *diagram.elements, *diagram.flows):
        if not _POSSIBLE.fullmatch(id_):
            yield error(id_, "%(id)s cannot be an id; use letters, digits and underscores.", id=id_)


def ids_are_words(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Ids say what the element is: they stand in the history and in addresses."""
    for id_ in (diagram.process_id, *diagram.elements):
        if not _WORD.fullmatch(id_):
            yield warning(id_, "Give %(id)s an id that says what it is, such as check_remedy.", id=id_)


def names_in_both_languages(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What people see has a name in Spanish and, as the property `name_en`, in English."""
    things = [(diagram.process_id, diagram.name, diagram.name_en)]
    things += [(lane.id, lane.name, lane.name_en) for lane in diagram.lanes.values()]
    things += [(e.id, e.name, e.name_en) for e in diagram.elements.values() if _is_named(e)]
    things += [(flow.id, flow.name, flow.name_en) for flow in diagram.flows.values() if flow.name]
    for where, name, name_en in things:
        if not name:
            yield warning(where, "%(id)s has no name; give it one in Spanish.", id=where)
        if not name_en:
            yield warning(where, "%(id)s has no English name; enter it as name_en.", id=where)


def phases(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Phases are written `id|Español|English`, each once; elements name phases of this process or of its callers."""
    seen: set[str] = set()
    for phase in diagram.phases:
        if not (_WORD.fullmatch(phase.id) and phase.name and phase.name_en) or phase.id in seen:
            message = "The phase %(phase)s must be written once, as id|Español|English."
            yield error(diagram.process_id, message, phase=phase.id or phase.name)
        seen.add(phase.id)
    seen.update(phase.id for process in known.processes.values() for phase in process.phases)
    for element in diagram.elements.values():
        if element.phase is not None and element.phase not in seen:
            message = "No process has a phase %(phase)s; correct it, or add it to the phases of the process."
            yield error(element.id, message, phase=element.phase)


def drawn(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What runs can be seen: no element or flow without a shape in a diagram that has shapes."""
    things: list[Element | Flow] = [*diagram.elements.values(), *diagram.flows.values()]
    if any(thing.has_shape for thing in things):
        for thing in things:
            if not thing.has_shape:
                yield error(thing.id, "%(id)s runs but is not drawn; draw it or remove it.", id=thing.id)
    else:
        yield warning(diagram.process_id, "The process has no drawing; lay it out, so that people can read it.")


def _is_named(element: Element) -> bool:
    if element.kind.endswith("Gateway"):
        return len(element.outgoing) > 1 and element.kind not in {"parallelGateway", "eventBasedGateway"}
    return True


RULES: tuple[Rule, ...] = (possible_ids, ids_are_words, names_in_both_languages, phases, drawn)
