"""Making what a decision requires: functions and services first, then decision after decision, each seeing only what it requires."""

from collections.abc import Iterable, Mapping, Sequence

from engine import feel
from engine.decisions import order, telling
from engine.decisions.bench import Hearing, Making
from engine.decisions.book import Book, Made
from engine.decisions.model import Service, Table, named

Values = dict[str, object]  # by id


class Served(feel.Function):
    """A decision service as a function: its parameters are its inputs (input data, then decisions; DMN 1.5, 10.4)."""

    __slots__ = ("_book", "_service")

    def __init__(self, service: Service, book: Book) -> None:
        self._service = service
        self._book = book

    @property
    def arity(self) -> int:
        """The number of its inputs."""
        return len(self._service.inputs)

    def call(self, run: feel.Run, arguments: Sequence[object]) -> object:
        """What its output decisions find, one value or a context of several; null when the number is wrong."""
        if len(arguments) != self.arity:
            return None
        run.enter()
        value = served(self._book, self._service, dict(zip(self._service.inputs, arguments, strict=True)), run)
        run.leave()
        return value

    def call_named(self, run: feel.Run, arguments: Mapping[str, object]) -> object:
        """As `call`; every input must be named, and nothing else."""
        names = [named(self._book.model.element(id_)) for id_ in self._service.inputs]
        if set(names) != set(arguments):
            return None
        return self.call(run, [arguments[name] for name in names])


def served(book: Book, service: Service, given: Mapping[str, object], run: feel.Run) -> object:
    """What a service finds on its inputs, by id; each is brought to its type, and what is not given is null."""
    model, types = book.model, book.types
    values: Values = {}
    for id_ in service.inputs:
        one = model.element(id_)
        values[id_] = types[one.home].coerced(given.get(id_), one.type, run)
    make(book, order.needed(model, *service.outputs, given=service.inputs), values, run)
    found = {named(model.element(id_)): values.get(id_) for id_ in service.outputs}
    value = next(iter(found.values())) if len(found) == 1 else found
    return types[service.home].returned(value, service.type, run)


def make(book: Book, ids: Iterable[str], values: Values, run: feel.Run) -> None:
    """Adds the value of each of these, which are in order, to the values; `run` hears of it, if it listens."""
    model = book.model
    scopes: dict[str, Values] = {}
    todo = []
    for id_ in ids:
        if id_ in model.services:
            values[id_] = Served(model.services[id_], book)
        elif model.decisions[id_].knowledge:
            scopes[id_] = {}
            values[id_] = book.made[id_].code(feel.Frame.of_values(run, scopes[id_], book.made[id_].types.fits_named))
        else:
            todo.append(id_)
    for id_, scope in scopes.items():
        scope.update(seen(book.made[id_], values))
    for id_ in todo:
        values[id_] = _decided(book, id_, values, run)


def seen(made: Made, values: Mapping[str, object]) -> Values:
    """What a decision sees, by name: what it requires, and of what is imported the contexts on the way."""
    scope: Values = {}
    for id_, way in made.sees:
        inner = scope
        for name in way[:-1]:
            found = inner.get(name)
            inner[name] = inner = found if isinstance(found, dict) else {}
        inner[way[-1]] = values.get(id_)
    return scope


def _decided(book: Book, id_: str, values: Mapping[str, object], run: feel.Run) -> object:
    drawn, made = book.model.decisions[id_], book.made[id_]
    scope = seen(made, values)
    if isinstance(run, Making):
        scope = {**run.loose.get(drawn.home, {}), **scope}
    run.spend(1 + (len(scope) >> 5))
    if isinstance(run, Hearing):
        run.watched, run.entries = drawn.logic, {}
    value = made.code(feel.Frame.of_values(run, scope, made.types.fits_named))
    kept = made.types.coerced(value, made.type, run)
    if isinstance(run, Hearing) and not isinstance(drawn.logic, Table):
        run.tell(telling.found(run, drawn, made.names, scope, kept))
    return kept
