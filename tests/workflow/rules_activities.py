"""What people, scripts and services do, once or for each of several; sub-processes and calls (BPMN 2.0.2, 13.3)."""

from collections.abc import Callable
from typing import Any

from tests.workflow.blocks import INSTANCES, Block
from tests.workflow.token_game import Done, Game, Region, Scope, Standing, Values, rule


@rule("task")
def task(game: Game, block: Block, region: Region, done: Done) -> None:
    def completed() -> None:
        game.leave(one)
        game.later(region.scope, done)

    one = game.stand(block.name, region.scope, "task", completed)


@rule("script")
@rule("service")
def count_up(game: Game, block: Block, region: Region, done: Done) -> None:
    """Adds one to a variable; the service is told the variable and answers with the next."""
    region.scope.variables[f"{block.name}_n"] += 1
    game.passed(block.name)
    done()


@rule("mapped")
def task_with_mappings(game: Game, block: Block, region: Region, done: Done) -> None:
    """Sees one more value than there is outside; of what the person answers only the mapped sum is kept."""
    scope = Scope(region, lambda: None, local={f"{block.name}_in": 10})

    def answered(values: Values) -> None:
        region.scope.variables[f"{block.name}_n"] += 10 + values[f"{block.name}_answer"]

    def completed() -> None:
        game.leave(one)
        game.later(region.scope, done)

    one = game.stand(block.name, scope, "task", completed, take=answered)


@rule("local")
def with_a_value_of_its_own(game: Game, block: Block, region: Region, done: Done) -> None:
    """What is mapped into a sub-process belongs to it; what is mapped out adds to the data outside."""
    inner: list[Scope] = []

    def counted() -> None:
        inner[0].local[f"{block.name}_in"] += 1
        game.passed(block.names["script"])
        game.passed(block.names["good"])
        inner[0].drop()

    def over() -> None:
        region.scope.variables[f"{block.name}_n"] += scope.local[f"{block.name}_in"]
        game.over(host, scope, region.scope)
        done()

    scope = Scope(region, over, local={f"{block.name}_in": 10}, keeps=True)
    inner.append(scope)
    host = game.stand(block.name, region.scope)
    game.passed(block.names["begin"])
    game.enter(block.parts[0], scope, counted)


@rule("ad hoc")
def in_any_order(game: Game, block: Block, region: Region, done: Done) -> None:
    """A task and a sub-process, each as often as people want, until the condition is true after one of them (13.3.5).

    A person does the task, or begins the sub-process, of which several may run; one at a time, nothing else is offered.
    """
    names, offers = block.names, dict[str, Standing]()

    def offer() -> None:
        for name, chosen in ((names["one"], one_done), (names["other"], begun)):
            offers[name] = offers.get(name) or game.stand(name, scope, "task", chosen, told=name == names["one"])

    def one_done() -> None:
        game.leave(offers.pop(names["one"]))
        after()

    def begun() -> None:
        game.leave(offers.pop(names["other"]))
        if block.how == "Sequential":
            game.gone(offers.pop(names["one"]))
        within(game, names["other"], block.parts[0], scope, after)
        if block.how == "Parallel":
            game.later(scope, offer)

    def after() -> None:
        if scope.variables[f"{block.name}_0"]:
            scope.emptied()
        else:
            game.later(scope, offer)

    def over() -> None:
        game.over(host, scope, region.scope)
        done()

    scope = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    offer()


@rule("turns")
def turn_by_turn(game: Game, block: Block, region: Region, done: Done) -> None:
    def turn(around: Scope, local: Values, finished: Done) -> None:
        _instance(game, block, Scope(around, lambda: None, local=local), finished)

    _turns(game, block, region, done, turn)


@rule("turns inside")
def turn_by_turn_inside(game: Game, block: Block, region: Region, done: Done) -> None:
    def turn(around: Scope, local: Values, finished: Done) -> None:
        within(game, block.name, block.parts[0], around, finished, told=False, local=local)

    _turns(game, block, region, done, turn)


def _turns(game: Game, block: Block, region: Region, done: Done, turn: Callable[[Scope, Values, Done], None]) -> None:
    """A standard loop: as long as its condition is true, asked before or after each turn; or twice (13.3.6)."""
    around = Scope(region, lambda: None, keeps=True)
    whole = game.stand(block.name, region.scope)
    count = 0

    def again() -> bool:
        return count < 2 if block.how == "most" else bool(region.scope.variables[f"{block.name}_0"])

    def following() -> None:
        if count and not again():
            region.scope.keeper.records.extend(around.records)
            game.leave(whole)
            game.later(region.scope, done)
        else:
            turn(around, {"loopCounter": count + 1}, finished)

    def finished() -> None:
        nonlocal count
        count += 1
        following()

    if block.how == "before" and not again():
        game.leave(whole)
        done()
    else:
        following()


@rule("say")
def say(game: Game, block: Block, _region: Region, done: Done) -> None:
    """Sends a message away."""
    game.thrown["message", block.name] += 1
    game.passed(block.name)
    done()


@rule("sub")
def inside(game: Game, block: Block, region: Region, done: Done) -> None:
    within(game, block.name, block.parts[0], region, done)


@rule("call")
def called(game: Game, block: Block, region: Region, done: Done) -> None:
    """Works on a copy of all that it sees, or on what is mapped, or on both; what comes back is mapped, or nothing."""
    visible = region.scope.visible
    inner = block.parts[0]
    names = {*inner.decisions, *inner.counts} if block.how == "mapped" else visible.keys()
    own: Values = {name: visible[name] for name in names}
    if block.how == "added":
        own[f"{block.name}_in"] = 10

    def back() -> None:
        if block.how == "mapped":
            region.scope.variables[f"{block.name}_got"] = sum(own[name] for name in inner.counts)
        done()

    within(game, block.name, inner, region, back, own=own)


def within(game: Game, name: str, body: Block, region: Region, done: Done, *, told: bool = True, **more: Any) -> Scope:
    """A token in a sub-process: it goes on when no token is left there (13.3.4). An instance of several is not told."""

    def over() -> None:
        game.over(host, scope, region.scope)
        done()

    scope = Scope(region, over, keeps=True, **more)
    host = game.stand(name, region.scope, told=told)
    game.run(body, scope)
    return scope


@rule("each sub")
def each_inside(game: Game, block: Block, region: Region, done: Done) -> None:
    def instance(index: int, around: Scope, finished: Done) -> None:
        within(game, block.name, block.parts[0], around, finished, told=False, local=_item(block, index))

    _each(game, block, region, done, instance)


@rule("each")
def each_task(game: Game, block: Block, region: Region, done: Done) -> None:
    def instance(index: int, around: Scope, finished: Done) -> None:
        _instance(game, block, Scope(around, lambda: None, local=_item(block, index)), finished)

    _each(game, block, region, done, instance)


@rule("gather")
def each_with_a_result(game: Game, block: Block, region: Region, done: Done) -> None:
    """The results stand in the order of the items, nothing where an instance was not done (13.3.7)."""
    results: list[object] = [None] * INSTANCES

    def instance(index: int, around: Scope, finished: Done) -> None:
        def keep() -> None:
            results[index] = scope.local[f"answer_{block.name}"]
            finished()

        scope = Scope(around, lambda: None, local=_item(block, index) | {f"answer_{block.name}": None})
        _instance(game, block, scope, keep)

    def all_in() -> None:
        region.scope.variables[f"results_{block.name}"] = results
        done()

    _each(game, block, region, all_in, instance, enough=2 if block.how.endswith("enough") else INSTANCES)


def _item(block: Block, index: int) -> Values:
    return {f"of_{block.name}": index + 1, "loopCounter": index + 1}


def _instance(game: Game, block: Block, scope: Scope, finished: Done) -> None:
    def completed() -> None:
        game.leave(one)
        finished()

    one = game.stand(block.name, scope, "task", completed, told=False)


def _each(
    game: Game,
    block: Block,
    region: Region,
    done: Done,
    instance: Callable[[int, Scope, Done], None],
    enough: int = INSTANCES,
) -> None:
    """All instances at once or one after the other; when enough are done, the others end (13.3.7)."""
    all_of_them = Scope(region, lambda: None, keeps=True)
    whole = game.stand(block.name, region.scope)
    count = 0

    def finished() -> None:
        nonlocal count
        count += 1
        if count == enough:
            game.kill(all_of_them)
            region.scope.keeper.records.extend(all_of_them.records)
            game.leave(whole)
            game.later(region.scope, done)
        elif block.how.startswith("sequential"):
            instance(count, all_of_them, finished)

    for index in range(1 if block.how.startswith("sequential") else INSTANCES):
        instance(index, all_of_them, finished)
