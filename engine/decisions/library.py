"""Files of decisions beside one another: which of them a file imports, by namespace, and the model that comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from engine.decisions import imports, reading
from engine.decisions.imports import Heading
from engine.decisions.model import Model
from engine.domain.errors import Invalid, Problem

KEPT: Final = 256
Files = Mapping[str, bytes]  # the content of each file by its name

_MISSING: Final = (
    "Line %(line)s imports %(namespace)s, and no decision in force has that namespace; correct it, or put that decision to"
    " work first. There are: %(known)s."
)
_AMBIGUOUS: Final = (
    "Line %(line)s imports %(namespace)s, which is the namespace of %(files)s; give all but one of them another."
)
_CIRCLE: Final = "These decisions import one another in a circle: %(circle)s. Remove one of the imports."


def model(files: Files, name: str) -> Model:
    """The model of a file with all that it imports from the files beside it.

    Raises Invalid with what is wrong with the file, or with its imports.
    """
    if wrong := problems(files, name):
        raise Invalid("No decision could be read from this file.", wrong)
    return _read(files[name], tuple(files[other] for other in imported(files, name)))


def imported(files: Files, name: str) -> tuple[str, ...]:
    """The names of the files that a file imports, directly or through others; those that cannot be told are left out."""
    return tuple(_imported(_homes(files), files, name))


def problems(files: Files, name: str) -> Sequence[Problem]:
    """What is wrong with the imports of a file and of all that it imports: missing, ambiguous, or in a circle."""
    homes = _homes(files)
    if circle := _circle(homes, files, name, ()):
        return [Problem("", _CIRCLE, {"circle": " → ".join(circle)})]
    return [one for each in (name, *_imported(homes, files, name)) for one in _unclear(homes, heading(files[each]))]


def namespace(content: bytes) -> str:
    """The namespace that a file gives to its elements; empty where it cannot be read."""
    return heading(content).namespace


@lru_cache(KEPT)
def heading(content: bytes) -> Heading:
    """The namespace of a file and what it imports; of one that cannot be read, nothing."""
    try:
        return imports.heading(content)
    except Invalid:
        return Heading("", ())


@lru_cache(KEPT)
def _read(content: bytes, beside: tuple[bytes, ...]) -> Model:
    return reading.parse(content, beside)


def _homes(files: Files) -> Mapping[str, Sequence[str]]:
    """The names of the files of each namespace."""
    found: dict[str, list[str]] = {}
    for name in sorted(files):
        found.setdefault(namespace(files[name]), []).append(name)
    return found


def _direct(homes: Mapping[str, Sequence[str]], files: Files, name: str) -> Iterator[str]:
    """The files that a file imports itself."""
    for _line, wanted in heading(files[name]).imports:
        if len(named := homes.get(wanted, ())) == 1:
            yield named[0]


def _imported(homes: Mapping[str, Sequence[str]], files: Files, name: str) -> Sequence[str]:
    found: dict[str, None] = {}
    todo = [name]
    while todo:
        for other in _direct(homes, files, todo.pop()):
            if other not in found:
                found[other] = None
                todo.append(other)
    found.pop(name, None)
    return tuple(found)


def _circle(homes: Mapping[str, Sequence[str]], files: Files, name: str, way: tuple[str, ...]) -> tuple[str, ...]:
    """The names on the first way that leads back to where it was before; none where no way does."""
    if name in way:
        return (*way[way.index(name) :], name)
    ways = (_circle(homes, files, other, (*way, name)) for other in _direct(homes, files, name))
    return next((found for found in ways if found), ())


def _unclear(homes: Mapping[str, Sequence[str]], said: Heading) -> Iterator[Problem]:
    """The imports of a file that mean no file, or more than one."""
    for line, wanted in said.imports:
        named = homes.get(wanted, ())
        if not named:
            known = ", ".join(sorted(one for one in homes if one and one != said.namespace)) or "—"
            yield Problem("", _MISSING, {"line": line, "namespace": wanted, "known": known})
        elif len(named) > 1:
            yield Problem("", _AMBIGUOUS, {"line": line, "namespace": wanted, "files": ", ".join(named)})
