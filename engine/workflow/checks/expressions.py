"""Every FEEL text of a diagram compiles; what does not is shown with the place of the fault."""

from collections.abc import Iterator

from engine import feel
from engine.domain.wording import Phrase
from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, Loop

MAX_TEXT = 4_000


def expression_texts(diagram: Diagram) -> Iterator[tuple[str, str, str]]:
    """Where, what and the text of each expression; FEEL is what begins with "=", and every condition."""
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, Phrase("condition"), flow.condition
    for element in diagram.elements.values():
        for what, text in _of_element(element):
            if text and text.startswith("="):
                yield element.id, what, text
        for event in element.events:
            if event.text and event.timer is None:
                yield element.id, Phrase("condition"), event.text
        yield from ((element.id, what, text) for what, text in _conditions(element) if text)


def expressions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Conditions, mappings, scripts, due dates, timers, keys and collections are FEEL that can be read."""
    foreign = {(one.where, one.text) for one in diagram.foreign}
    for where, what, text in expression_texts(diagram):
        if (where, text) in foreign:
            continue  # said in better words
        if len(text) > MAX_TEXT:
            message = "The %(what)s has more than %(limit)s characters; use a service or several steps."
            yield error(where, message, what=what, limit=MAX_TEXT)
            continue
        try:
            feel.compile(text)
        except feel.FeelError as fault:
            yield _complaint(where, what, text, fault)


def computed_values(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What must be computed begins with "=": without it, it would be plain text."""
    for element in diagram.elements.values():
        texts = [(Phrase("script"), element.script), (Phrase("collection"), element.loop and element.loop.collection)]
        texts += [(Phrase("collection"), element.adhoc.active)]
        texts += [(Phrase("correlation key"), event.key) for event in element.events]
        for what, text in texts:
            if text and not text.startswith("="):
                message = 'The %(what)s of %(id)s is FEEL; begin it with "=".'
                yield error(element.id, message, what=what, id=element.id)


def _of_element(element: Element) -> Iterator[tuple[str, str | None]]:
    yield Phrase("assignee"), element.assignee
    yield Phrase("due date"), element.due
    yield Phrase("script"), element.script
    yield Phrase("number of tries"), element.retries
    for line in element.inputs:
        yield Phrase("input %(name)s", {"name": line.target}), line.source
    for line in element.outputs:
        yield Phrase("output %(name)s", {"name": line.target}), line.source
    for event in element.events:
        yield Phrase("correlation key"), event.key
        if event.timer is not None:
            yield Phrase("timer"), event.text
    yield Phrase("collection"), element.adhoc.active
    if element.loop is not None:
        yield Phrase("collection"), element.loop.collection
        yield Phrase("output element"), element.loop.result


def _conditions(element: Element) -> Iterator[tuple[str, str]]:
    """What is FEEL also without "="."""
    yield Phrase("completion condition"), element.adhoc.until
    yield Phrase("activation condition"), element.activation or ""
    if element.loop is not None:
        yield from _of_loop(element.loop)


def _of_loop(loop: Loop) -> Iterator[tuple[str, str]]:
    yield Phrase("completion condition"), loop.until
    yield Phrase("loop condition"), loop.condition
    yield Phrase("number of instances"), loop.cardinality
    for said in loop.announced:
        yield Phrase("condition"), said.when


def _complaint(where: str, what: str, text: str, fault: feel.FeelError) -> Complaint:
    if fault.position is None:
        message = "The %(what)s %(text)s is not FEEL: %(reason)s"
        return error(where, message, what=what, text=text, reason=fault.reason)
    message = "The %(what)s %(text)s is not FEEL in line %(line)s, column %(column)s: %(reason)s"
    at = fault.position
    return error(where, message, what=what, text=text, line=at.line, column=at.column, reason=fault.reason)


RULES: tuple[Rule, ...] = (expressions, computed_values)
