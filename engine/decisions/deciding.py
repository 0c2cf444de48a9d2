"""Making a decision: all that it requires first, each seeing what it requires, within one budget."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine import feel
from engine.decisions import making, order
from engine.decisions.bench import Hearing, Lenient, Making
from engine.decisions.book import Book, book
from engine.decisions.model import Element, Fact, Model, named
from engine.decisions.told import Decided, Explained, plain
from engine.domain.errors import Invalid, NotFound, Problem


def decide(model: Model, decision: str, inputs: Mapping[str, object], now: datetime | None) -> Decided:
    """Decides on JSON inputs at a moment of the office's clock; names that the file does not know do no harm.

    `decision` is the id of a decision or of a decision service. An input of a file that is imported is looked for under
    the names on the way to it: `{"fees": {"score": 3}}`.
    Raises NotFound for a decision that the file does not have, Invalid (with the decision) where none can be made.
    """
    return _decided(model, decision, inputs, Making(now))


def explain(model: Model, decision: str, inputs: Mapping[str, object], now: datetime | None) -> Explained:
    """Decides as `decide` does, and says how: every table, expression and context on the way, in bounded size."""
    hearing = Hearing(now)
    decided = _decided(model, decision, inputs, hearing)
    ids = [id_ for id_ in _steps(model, decision) if id_ in model.decisions]
    requires = {id_: tuple(one for one in model.decisions[id_].requires if one in ids) for id_ in ids}
    return Explained(decided.value, decided.inputs, tuple(hearing.steps_told), requires, hearing.more)


def evaluate(model: Model, id_: str, inputs: Mapping[str, object], now: datetime | None) -> object:
    """The FEEL value of a decision, service or function as the standard has it: what cannot be made is null.

    `inputs` are FEEL values by name, for a function its arguments. What is wrong in one part of the file does not hinder
    the others. Raises NotFound for what the file does not have, FeelError when the budget is used up.
    """
    made, run = book(model), Lenient(now)
    given = {name: feel.from_json(value) for name, value in inputs.items()}
    if id_ in model.services:
        service = model.services[id_]
        return making.served(made, service, {each: _input(model, each, given) for each in service.inputs}, run)
    if id_ not in model.decisions:
        raise NotFound("There is no decision %(decision)s.", decision=id_)
    values = _given(made, given, run)
    making.make(made, order.needed(model, id_), values, run)
    found = values[id_]
    if model.decisions[id_].knowledge and isinstance(found, feel.Function):
        return found.call_named(run, given)
    return found


def _decided(model: Model, id_: str, inputs: Mapping[str, object], run: Making) -> Decided:
    if model.asked(id_) is None:
        raise NotFound("There is no decision %(decision)s.", decision=id_)
    made = book(model)
    if made.problems:
        raise Invalid("This decision cannot be made as it is written.", made.problems)
    try:
        given = {name: feel.from_json(value) for name, value in inputs.items()}
        values = _given(made, given, run)
        value = feel.to_json(_value(made, id_, given, values, run))
    except feel.FeelError as error:
        raise Invalid("The decision cannot be made.", [Problem(id_, error.message, error.params)]) from error
    used = frozenset().union(*(made.made[one].names for one in _steps(model, id_) if one in made.made))
    return Decided(value, {name: plain(found) for name, found in _named(made, values, run) if name in used & {*inputs}})


def _steps(model: Model, id_: str) -> tuple[str, ...]:
    """All that is made for a decision or a service, in order."""
    if id_ in model.services:
        return order.needed(model, *model.services[id_].outputs, given=model.services[id_].inputs)
    return order.needed(model, id_)


def _value(made: Book, id_: str, given: Mapping[str, object], values: making.Values, run: Making) -> object:
    service = made.model.services.get(id_)
    if service is None:
        making.make(made, _steps(made.model, id_), values, run)
        return values[id_]
    inputs = {each: values.get(each, _input(made.model, each, given)) for each in service.inputs}
    return making.served(made, service, inputs, run)


def _named(made: Book, values: Mapping[str, object], run: Making) -> list[tuple[str, object]]:
    facts = [(one.name, values.get(id_)) for id_, one in made.model.facts.items() if not one.home]
    return [*run.loose[""].items(), *facts]


def _given(made: Book, given: Mapping[str, object], run: feel.Run) -> making.Values:
    """The value of every input by id, and in a `Making` what nobody drew: there it is seen by all decisions of the file."""
    model, values = made.model, making.Values()
    for id_, fact in model.facts.items():
        values[id_] = _fitting(made, fact, _input(model, id_, given), run)
    if isinstance(run, Making):
        run.loose = {key: dict(_loose(model, key, given)) for key in model.homes}
    return values


def _loose(model: Model, home: str, given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What was given to a file under names that nothing in it has."""
    found: object = given
    for name in model.homes[home].path:
        found = found.get(name) if isinstance(found, dict) else None
    drawn = {named(one) for one in model.elements() if one.home == home}
    yield from ((name, one) for name, one in found.items() if name not in drawn) if isinstance(found, dict) else ()


def _input(model: Model, id_: str, given: Mapping[str, object]) -> object:
    """The value of an input, under the names on the way to it; an imported one also under its name with dots, or alone."""
    one: Element = model.element(id_)
    way = (*model.homes[one.home].path, named(one))
    value: object = given
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None and one.home:
        value = given.get(".".join(way), given.get(named(one)))
    return value


def _fitting(made: Book, fact: Fact, value: object, run: feel.Run) -> object:
    types = made.types[fact.home]
    if isinstance(run, Lenient):
        return types.coerced(value, fact.type, run)
    value = types.given(value, fact.type, run)
    fitting = types.coerced(value, fact.type, run)
    if value is not None and fitting is None:
        message = "The input %(input)s is %(value)s, which is no %(type)s."
        params = {"input": fact.name, "value": plain(value), "type": fact.type}
        raise Invalid("The decision cannot be made.", [Problem(fact.id, message, params)])
    return fitting
