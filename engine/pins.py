"""What a release uses: exactly the versions it pinned, loaded once per process of the server and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, Generic, TypeVar

from sqlalchemy import select

from engine import calendars, forms, offices
from engine.decisions import Model, library
from engine.domain.errors import NotFound
from engine.domain.programme import Programme
from engine.forms import Form
from engine.store import models
from engine.work import Work
from engine.workflow import Definition

Value = TypeVar("Value")
KEPT: Final = 200  # releases or forms; a definition takes about 110 kB


class Kept(Generic[Value]):
    """The values used last, by key; a release never changes, so nothing in here can be out of date."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under the key, made first if need be (two threads may both make it; one is kept)."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True)
class Pinned:
    """A file of decisions: the id and the number of the version that a release pinned."""

    model: Model
    version: str
    number: int


@dataclass(frozen=True, slots=True)
class _Built:
    """A definition, with the programmes by whose offices it counts working days."""

    definition: Definition
    rules: Mapping[str, Programme]


_definitions: Final = Kept[_Built](KEPT)
_forms: Final = Kept[Form](KEPT)
_asked: Final = Kept[Form](KEPT // 4)  # of single cases: few are open at the same time
_decisions: Final = Kept[Pinned](KEPT)
_ids: Final = Kept[str](KEPT * 10)


def version(work: Work, release_id: str, kind: str, key: str) -> models.ResourceVersion:
    """The version of a resource that the release pinned; NotFound if it pinned none of that name."""
    query = (
        select(models.ResourceVersion)
        .join(models.Pin, models.Pin.version_id == models.ResourceVersion.id)
        .where(models.Pin.release_id == release_id, models.Pin.kind == kind, models.Pin.key == key)
    )
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("This release has no %(kind)s named %(key)s.", kind=kind, key=key)
    return found


def version_id(work: Work, release_id: str, kind: str, key: str) -> str:
    """The id of the version that the release pinned; NotFound if it pinned none of that name."""
    return _ids.get((release_id, kind, key), lambda: version(work, release_id, kind, key).id)


def contents(work: Work, release_id: str, kind: str) -> dict[str, bytes]:
    """All resources of a kind that the release pinned, by key."""
    query = (
        select(models.Pin.key, models.ResourceVersion.content)
        .join(models.ResourceVersion, models.Pin.version_id == models.ResourceVersion.id)
        .where(models.Pin.release_id == release_id, models.Pin.kind == kind)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def definition(work: Work, release_id: str) -> Definition:
    """The process of the release with all it calls, ready to run and shared by all its cases.

    Where something in it counts working days, its offices work by the calendars that are in force for this work.
    """

    def make() -> _Built:
        process = work.session.get_one(models.Release, release_id).process
        called = contents(work, release_id, "process")
        rules = {key: offices.read(content) for key, content in contents(work, release_id, "programme").items()}
        built = Definition.build(called.pop(process), called, process=process, zone=work.zone)
        return _Built(built, rules if built.in_working_time else {})

    kept = _definitions.get(release_id, make)
    return replace(kept.definition, offices=calendars.Offices(work, kept.rules)) if kept.rules else kept.definition


def form(work: Work, release_id: str, key: str) -> Form:
    """A form as the release pinned it, its criteria filled in."""

    def make() -> Form:
        source = version(work, release_id, "form", key).content
        return forms.read(source, contents(work, release_id, "criteria"))

    return _forms.get((release_id, key), make)


def asked_form(work: Work, release_id: str, key: str, asked: forms.Asked) -> Form:
    """A form as the release pinned it, with the criteria that the release's programme asks of somebody."""

    def make() -> Form:
        source = version(work, release_id, "form", key).content
        return forms.read(source, contents(work, release_id, "criteria"), asked)

    return _asked.get((release_id, key, asked), make)


def decision(work: Work, release_id: str, id_: str) -> Pinned:
    """The file with a decision as the release pinned it; NotFound if it pinned none of that id."""

    def make() -> Pinned:
        row = version(work, release_id, "decision", id_)
        return Pinned(library.model(_with_imports(work, release_id, row.content), ""), row.id, row.number or 0)

    return _decisions.get((release_id, id_), make)


def of_namespace(namespace: str) -> str:
    """The name under which a release pins a file of decisions that another one imports; no decision has such an id."""
    return f"{{{namespace}}}"


def _with_imports(work: Work, release_id: str, content: bytes) -> dict[str, bytes]:
    """The content of a file, under no name, and of all that it imports as the release pinned it, by namespace."""
    found, todo = {"": content}, [content]
    while todo:
        for _line, namespace in library.heading(todo.pop()).imports:
            if namespace not in found:
                found[namespace] = version(work, release_id, "decision", of_namespace(namespace)).content
                todo.append(found[namespace])
    return found


def current(work: Work, process: str) -> models.Release:
    """The release that new cases of the process take; NotFound while none is published."""
    query = select(models.Release).where(models.Release.process == process, models.Release.current)
    release = work.session.scalar(query)
    if release is None:
        raise NotFound("The process %(process)s is not published.", process=process)
    return release
