"""What a new version of a diagram changes, said of elements instead of lines of XML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final

from engine.domain.errors import Invalid
from engine.workflow import Diagram, Element, read_all

NOT_SAID: Final = frozenset({"id", "line", "scope", "process", "has_shape", "attributes", "candidate_groups", "lane"})
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """An element (or the whole, or a flow) that is new, gone or different; `parts` are what of it differs: before, after."""

    how: str
    id: str
    kind: str
    name: str
    name_en: str
    parts: Sequence[tuple[str, str, str]] = ()


def between(before: bytes, after: bytes) -> Sequence[Change]:
    """The changes from one text to another, process by process; none where one of them cannot be read."""
    try:
        old = {one.process_id: one for one in read_all(before)}
        new = {one.process_id: one for one in read_all(after)}
    except Invalid:
        return []
    found = [_presence(ADDED, one) for id_, one in new.items() if id_ not in old]
    found += [_presence(REMOVED, one) for id_, one in old.items() if id_ not in new]
    for id_ in [one for one in new if one in old]:
        found += [*_of_whole(old[id_], new[id_]), *_of_elements(old[id_], new[id_]), *_of_flows(old[id_], new[id_])]
    return found


def _presence(how: str, one: Diagram) -> Change:
    return Change(how, one.process_id, "process", one.name, one.name_en)


def _of_whole(old: Diagram, new: Diagram) -> Iterator[Change]:
    pairs = [("name", old.name, new.name), ("documentation", old.documentation, new.documentation)]
    names = sorted({*old.properties, *new.properties})
    pairs += [(name, old.properties.get(name, ""), new.properties.get(name, "")) for name in names]
    parts = [pair for pair in pairs if pair[1] != pair[2]]
    if parts:
        yield Change(CHANGED, new.process_id, "process", new.name, new.name_en, parts)


def _of_elements(old: Diagram, new: Diagram) -> Iterator[Change]:
    for element in new.elements.values():
        before = old.elements.get(element.id)
        parts = _parts(before, element) if before else []
        if before is None or parts:
            how = CHANGED if before else ADDED
            yield Change(how, element.id, element.kind, element.name, element.name_en, parts)
    for element in old.elements.values():
        if element.id not in new.elements:
            yield Change(REMOVED, element.id, element.kind, element.name, element.name_en)


def _parts(before: Element, after: Element) -> list[tuple[str, str, str]]:
    names = [one.name for one in fields(Element) if one.name not in {*NOT_SAID, "incoming", "outgoing"}]
    pairs = [(name, _written(getattr(before, name)), _written(getattr(after, name))) for name in names]
    known = {"name_en", "documentation_en", "phase", "clock", "not_by"}
    extra = sorted({*before.properties, *after.properties} - known)
    pairs += [(name, before.properties.get(name, ""), after.properties.get(name, "")) for name in extra]
    return [pair for pair in pairs if pair[1] != pair[2] and pair[0] != "properties"]


def _of_flows(old: Diagram, new: Diagram) -> Iterator[Change]:
    before = {(f.source, f.target, f.name, f.condition): f for f in old.flows.values()}
    after = {(f.source, f.target, f.name, f.condition): f for f in new.flows.values()}
    for how, some, others, diagram in ((ADDED, after, before, new), (REMOVED, before, after, old)):
        for key, flow in some.items():
            if key not in others:
                ends = [
                    diagram.elements[end].name or end for end in (flow.source, flow.target) if end in diagram.elements
                ]
                said = " → ".join(ends) + (f" ({flow.name or flow.condition})" if flow.name or flow.condition else "")
                yield Change(how, flow.id, "sequenceFlow", said, "")


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(_written(one) for one in value)
    if isinstance(value, bool) or not hasattr(value, "__dataclass_fields__"):
        return str(value)
    return " ".join(_written(getattr(value, one.name)) for one in fields(value) if getattr(value, one.name))  # type: ignore[arg-type]  # a dataclass, says the caller
