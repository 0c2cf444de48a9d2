"""Imports between files: which file each import means, and at which place of the tree its names are seen (DMN 1.5, 6.3.3)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from lxml import etree

from engine import xml
from engine.decisions import boxes
from engine.decisions.boxes import Place
from engine.decisions.model import Type
from engine.domain.errors import Invalid, Problem

MOST_ELEMENTS: Final = 60_000  # a table of 2,000 rules and ten columns, each cell an element with its text
MOST_PLACES: Final = 200  # files in the tree of imports, each counted as often as it is imported
MOST_DEEP: Final = 20
_FAMILY: Final = "www.omg.org/spec/DMN/"
_UNREADABLE: Final = "No decision could be read from this file."


@dataclass(frozen=True)
class File:
    """A file at one place of the tree; `key` goes before the ids of what stands in it."""

    root: etree._Element
    key: str
    path: tuple[str, ...]
    imported: tuple[tuple[str, "File"], ...]

    @cached_property
    def namespace(self) -> str:
        """The namespace that the file gives to its elements."""
        return str(self.root.get("namespace", ""))

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The types that the file can name: its own, and under the names of its imports those of other files."""
        found: dict[str, Type] = {}
        for name, inner in self.imported:
            for key, one in inner.types.items():
                moved = _moved(one, name, inner.types)
                found[_under(name, key)] = moved
                found.setdefault(f"{{{inner.namespace}}}{key}", moved)
        for node in boxes.children(self.root, "itemDefinition"):
            key = boxes.words(node.get("name"))
            found[key] = found[f"{{{self.namespace}}}{key}"] = _type(node)
        return found

    def id(self, own: str) -> str:
        """The id by which the model knows an element of this file."""
        return f"{self.key}{own}"

    def meant(self, href: str) -> str | None:
        """The id by which the model knows what a reference means; None where it means a file that is not imported."""
        namespace, _hash, own = href.strip().rpartition("#")
        if namespace in {"", self.namespace}:
            return self.id(own)
        return next((file.id(own) for file in self.all() if file.namespace == namespace), None)

    def all(self) -> Iterator["File"]:
        """This file and all that it imports, the nearest first."""
        level = [self]
        while level:
            yield from level
            level = [inner for file in level for _name, inner in file.imported]


def tree(root: etree._Element, beside: Iterable[etree._Element], place: Place) -> File:
    """The file with all that it imports; what cannot be imported is noted as a problem."""
    known = {str(one.get("namespace", "")): one for one in beside}
    return _Growing(known, place).grown(root, "", (), ())


class _Growing:
    """A tree that is being made: the files by namespace, and how many places it has so far."""

    def __init__(self, known: Mapping[str, etree._Element], place: Place) -> None:
        self._known = known
        self._place = place
        self._places = 0

    def grown(self, root: etree._Element, key: str, path: tuple[str, ...], above: tuple[str, ...]) -> File:
        """The file of this root at that place; `above` are the namespaces on the way to it."""
        self._places += 1
        if self._places > MOST_PLACES or len(above) > MOST_DEEP:
            message = "The file imports more than %(limit)s files, through one another; import less."
            raise Invalid(_UNREADABLE, [Problem("", message, {"limit": MOST_PLACES})])
        above = (*above, str(root.get("namespace", "")))
        imported = []
        for number, node in enumerate(boxes.children(root, "import"), 1):
            if (other := self._other(node, above)) is not None:
                name = boxes.words(node.get("name"))
                inner = self.grown(other, f"{key}{name or number}/", (*path, name) if name else path, above)
                imported.append((name, inner))
        return File(root, key, path, tuple(imported))

    def _other(self, node: etree._Element, above: tuple[str, ...]) -> etree._Element | None:
        namespace, said = node.get("namespace", ""), {"line": boxes.line(node)}
        if _FAMILY not in node.get("importType", _FAMILY):
            kind = node.get("importType", "")
            self._place.refuse("Line %(line)s imports %(kind)s, which does not run; import DMN.", kind=kind, **said)
        elif namespace in above:
            message = "Line %(line)s imports %(namespace)s, which imports this file again; remove one of the imports."
            self._place.refuse(message, namespace=namespace, **said)
        elif namespace not in self._known:
            message = "Line %(line)s imports %(namespace)s, and no file of that namespace is beside it; add it."
            self._place.refuse(message, namespace=namespace, **said)
        else:
            return self._known[namespace]
        return None


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of itself before its decisions: its namespace, and the line and namespace of each file it imports."""

    namespace: str
    imports: tuple[tuple[int, str], ...]


def heading(data: bytes) -> Heading:
    """The heading of a DMN file; raises Invalid where it cannot be read.

    What is imported in another language than DMN is no file of decisions: reading the whole file refuses it.
    """
    root = xml.parse(data, MOST_ELEMENTS)
    wanted = (one for one in boxes.children(root, "import") if _FAMILY in one.get("importType", _FAMILY))
    return Heading(
        str(root.get("namespace", "")), tuple((boxes.line(one), str(one.get("namespace", ""))) for one in wanted)
    )


def _under(name: str, key: str) -> str:
    return key if not name or key.startswith("{") else f"{name}.{key}"


def _moved(one: Type, name: str, known: Mapping[str, Type]) -> Type:
    """The type as a file that imports it names it."""
    return replace(
        one,
        base=_under(name, one.base) if one.base in known else one.base,
        parts={key: _moved(part, name, known) for key, part in one.parts.items()},
        parameters=tuple(_under(name, each) if each in known else each for each in one.parameters),
        result=_under(name, one.result) if one.result in known else one.result,
    )


def _type(node: etree._Element) -> Type:
    base = next(boxes.children(node, "typeRef"), None)
    allowed = next(boxes.children(node, "allowedValues"), None)
    constraint = next(boxes.children(node, "typeConstraint"), None)
    function = next(boxes.children(node, "functionItem"), None)
    parameters = boxes.children(function, "parameters") if function is not None else ()
    return Type(
        base=boxes.plain_type(base.text or "", base) if base is not None else "",
        parts={boxes.words(part.get("name")): _type(part) for part in boxes.children(node, "itemComponent")},
        several=node.get("isCollection") in {"true", "1"},
        allowed=boxes.text_in(allowed) if allowed is not None else "",
        constraint=boxes.text_in(constraint) if constraint is not None else "",
        function=function is not None,
        parameters=tuple(boxes.type_of(each) for each in parameters),
        result=boxes.plain_type(function.get("outputTypeRef", ""), function) if function is not None else "",
    )
