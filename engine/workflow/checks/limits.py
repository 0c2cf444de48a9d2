"""How large a diagram may be: beyond that nobody can read it, and no other rule is asked."""

from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.checks.expressions import expression_texts
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, is_scope

MAX_ELEMENTS = 300
MAX_FLOWS = 3 * MAX_ELEMENTS
MAX_LEVELS = 5
MAX_MAPPINGS = 1_000
MAX_TEXTS = 200_000


def size(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A diagram has no more than 300 elements and 900 flows."""
    for count, limit in ((len(diagram.elements), MAX_ELEMENTS), (len(diagram.flows), MAX_FLOWS)):
        if count > limit:
            message = "The process has %(count)s elements or flows of at most %(limit)s; make parts of it processes."
            yield error(diagram.process_id, message, count=count, limit=limit)


def levels(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Sub-processes stand no more than five levels deep."""
    for element in diagram.elements.values():
        if is_scope(element) and _level(diagram, element) == MAX_LEVELS + 1:
            message = "%(id)s stands more than %(limit)s sub-processes deep; make it a process of its own."
            yield error(element.id, message, id=element.id, limit=MAX_LEVELS)


def mappings(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A diagram maps no more than 1,000 values."""
    count = 0
    for element in diagram.elements.values():
        count += len(element.inputs) + len(element.outputs)
        if count > MAX_MAPPINGS:
            message = "The process has more than %(limit)s input and output mappings; hand on contexts instead."
            yield error(element.id, message, limit=MAX_MAPPINGS)
            return


def texts(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """The expressions of a diagram are no longer, all together, than a book's chapter."""
    length = sum(len(text) for _, _, text in expression_texts(diagram))
    if length > MAX_TEXTS:
        message = "The expressions of the process have %(length)s characters (at most %(limit)s); use services."
        yield error(diagram.process_id, message, length=length, limit=MAX_TEXTS)


def _level(diagram: Diagram, element: Element) -> int:
    depth = 0
    current: Element | None = element
    while current is not None:
        depth += is_scope(current)
        current = diagram.elements.get(current.scope)
    return depth


RULES: tuple[Rule, ...] = (size, levels, mappings, texts)
