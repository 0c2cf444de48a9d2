"""XML from outside is read here only: no DOCTYPE, no entities, no network, and limits on size, depth and number."""

from lxml import etree

from engine.domain.errors import Invalid, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 50
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 50

_UNREADABLE = "This file could not be read as an XML diagram."


def parse(data: bytes, elements: int = MAX_ELEMENTS) -> etree._Element:
    """The root element of `data`, in any encoding that XML allows; raises Invalid with the line or the element.

    `elements` is how many it may have: a diagram has fewer than a large table has cells.

    The file is read twice: first past a guard that keeps nothing and stops at the first forbidden thing, so
    that no hostile structure is ever built; then into a tree that knows its line numbers.
    """
    return _parsed(data, _parser(), elements)


def parse_whole(data: bytes) -> etree._Element:
    """Like `parse`, with the comments and instructions that a person wrote into the file."""
    return _parsed(data, _parser(whole=True), MAX_ELEMENTS)


def written(root: etree._Element) -> str:
    """The tree as text, declared as the file that it was read from."""
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    whole = etree.tostring(root.getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{whole}\n'


def _parsed(data: bytes, parser: etree.XMLParser, elements: int) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise _refused(
            "", "The file has %(size)s bytes; save a diagram of at most %(limit)s.", size=len(data), limit=MAX_BYTES
        )
    if not data.strip(b"\0 \t\r\n"):
        raise _refused("", "The file is empty; choose the saved diagram.")
    try:
        etree.fromstring(data, _parser(_Guard(elements)))
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(
            f"line {error.lineno or 1}",
            "Line %(line)s is not well-formed XML (%(reason)s); save the diagram again with a modeler.",
            line=error.lineno or 1,
            reason=_words(error),
        ) from error
    except (ValueError, LookupError) as error:
        raise _refused("line 1", "The encoding of the file is not readable; save the diagram as UTF-8.") from error


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def namespace(node: etree._Element) -> str:
    """The namespace of the tag, or nothing."""
    return str(node.tag).rpartition("}")[0].removeprefix("{")


def _parser(guard: "_Guard | None" = None, *, whole: bool = False) -> etree.XMLParser:
    """A parser of its own for each reading: parsers are not shared between threads."""
    return etree.XMLParser(
        target=guard,  # type: ignore[arg-type]  # the stubs ask for callbacks that lxml itself does without
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
        remove_comments=not whole,
        remove_pis=not whole,
    )


class _Guard:
    """A parser target that builds nothing and raises Invalid at the first thing no diagram needs."""

    def __init__(self, elements: int) -> None:
        self._most = elements
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        where = attributes.get("id") or f"<{tag.rpartition('}')[2]}>"
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise _refused(
                where, "Elements stand more than %(limit)s levels deep; draw fewer nested parts.", limit=MAX_DEPTH
            )
        if self._count > self._most:
            raise _refused(
                where, "The file has more than %(limit)s XML elements; divide the diagram.", limit=self._most
            )
        if len(attributes) > MAX_ATTRIBUTES:
            raise _refused(where, "An element has more than %(limit)s attributes; remove them.", limit=MAX_ATTRIBUTES)

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise _refused(
            "<!DOCTYPE>", "The file declares a DOCTYPE, which no diagram needs and which can do harm; remove it."
        )

    def close(self) -> None:
        """The end of the file; there is nothing to hand over."""


def _words(error: etree.XMLSyntaxError) -> str:
    reason, _, _ = (error.msg or "unknown fault").partition(", line ")
    return " ".join(reason.replace("\0", " ").split())[:200]


def _refused(where: str, message: str, **params: object) -> Invalid:
    return Invalid(_UNREADABLE, [Problem(where, message, params)])
