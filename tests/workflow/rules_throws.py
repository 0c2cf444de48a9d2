"""What is thrown within an activity, and what that ends, begins or undoes (BPMN 2.0.2, 13.5.3 to 13.5.6)."""

from collections.abc import Callable

from tests.workflow.blocks import Block
from tests.workflow.rules_activities import within
from tests.workflow.rules_events import joined_after
from tests.workflow.token_game import Done, Game, Record, Region, Scope, Standing, rule


@rule("error")
def failed(game: Game, block: Block, region: Region, done: Done) -> None:
    """An error ends the activity at whose boundary it is caught, however deep it was thrown (13.5.3).

    Each sub-process that it leaves is undone first, for it has no handler of its own (13.5.5.3).
    """
    guard = Scope(region, lambda: None)
    joined = joined_after(game, block, done)

    def thrown(inner: Scope) -> None:
        game.stand(block.names["bad"], inner)
        leave(inner)

    def leave(scope: Scope) -> None:
        if scope is guard:
            game.note("fired", block.names["caught"])
            game.kill(guard)
            game.later(region.scope, lambda: game.enter(block.parts[1], region, joined))
            return
        around = scope.parent
        assert around is not None
        if records := _taken(scope):
            game.kill(scope)
            game.undo(records, Scope(around, lambda: None), lambda: leave(around))
        else:
            leave(around)

    def over() -> None:
        game.kill(guard)
        game.later(region.scope, joined)

    _decided(game, block, guard, over, thrown)


@rule("service failed")
def service_failed(game: Game, block: Block, region: Region, done: Done) -> None:
    """A service that fails leads to the error event at its boundary."""
    joined = joined_after(game, block, done)
    one = game.stand(block.name, region.scope)
    if region.scope.variables[f"{block.name}_0"]:
        game.note("fired", block.names["caught"])
        game.gone(one)
        game.enter(block.parts[0], region, joined)
    else:
        game.leave(one)
        joined()


@rule("heard")
def heard_beside(game: Game, block: Block, region: Region, done: Done) -> None:
    """One branch waits for a signal, the other one throws it; it reaches everybody who waits for it (13.5.3)."""
    names, scope = block.names, region.scope
    arrived = 0
    region.add(1)
    game.passed(block.name)

    def arrive() -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 2:
            region.add(-1)
            game.passed(names["join"])
            done()

    def caught() -> None:
        game.note("fired", names["wait"])
        game.gone(arm)
        game.later(scope, on)

    def on() -> None:
        game.leave(one)
        arrive()

    def throw() -> None:
        throwing = game.stand(names["throw"], scope)
        game.thrown["signal", names["wait"]] += 1
        for arm in [arm for arm in game.waits() if arm.kind == "signal" and arm.element == names["wait"]]:
            arm.go_on()
        game.leave(throwing)
        arrive()

    one = game.stand(names["wait"], scope)
    arm = game.armed(names["wait"], scope, "signal", caught, block)
    game.enter(block.parts[0], region, throw)


@rule("escalation")
def escalated(game: Game, block: Block, region: Region, done: Done) -> None:
    """An escalation ends the activity at whose boundary it is caught, or begins something beside it (13.5.3)."""
    guard, scope = Scope(region, lambda: None), region.scope
    joined = joined_after(game, block, done)

    def thrown(inner: Scope) -> None:
        one = game.stand(block.names["bad"], inner)
        game.note("fired", block.names["caught"])
        if block.how == "interrupting":
            game.kill(guard)
            game.later(scope, lambda: game.enter(block.parts[1], region, joined))
        else:
            scope.add(1)
            game.later(scope, lambda: game.enter(block.parts[1], scope, beside))
            game.leave(one)
            game.passed(block.names["good"])
            inner.drop()

    def beside() -> None:
        game.passed(block.names["side"])
        scope.drop()

    def over() -> None:
        game.kill(guard)
        game.later(scope, joined)

    _decided(game, block, guard, over, thrown)


def _decided(game: Game, block: Block, guard: Scope, over: Done, thrown: Callable[[Scope], None]) -> None:
    """An activity that does its part, and then throws or ends well; `deep` does so in a sub-process within."""
    names = block.names
    outer = Scope(guard, lambda: finished(), keeps=True)  # noqa: PLW0108 - it is known further below
    host = game.stand(block.name, guard)
    inner, deep = outer, None
    if block.how == "deep":
        game.passed(names["outer begin"])
        deep = game.stand(names["deep"], outer)
        inner = Scope(outer, lambda: risen(), keeps=True)  # noqa: PLW0108 - as above

    def risen() -> None:
        assert deep is not None
        game.over(deep, inner, outer)
        game.passed(names["outer end"])
        outer.drop()

    def finished() -> None:
        game.over(host, outer, guard)
        over()

    def reached() -> None:
        game.passed(names["choice"])
        if inner.variables[f"{block.name}_0"]:
            thrown(inner)
        else:
            game.passed(names["good"])
            inner.drop()

    game.passed(names["begin"])
    game.enter(block.parts[0], inner, reached)


@rule("terminate")
def all_ended(game: Game, block: Block, region: Region, done: Done) -> None:
    """A terminate end event ends all else in its sub-process, which is then complete (13.5.6)."""
    names = block.names

    def over() -> None:
        game.over(host, scope, region.scope)
        done()

    def first() -> None:
        game.passed(names["end"])
        scope.drop()

    def second() -> None:
        game.passed(names["choice"])
        if not scope.variables[f"{block.name}_0"]:
            game.passed(names["good"])
            scope.drop()
            return
        game.passed(names["stop"])
        over()

    scope = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    game.passed(names["begin"])
    game.passed(names["fork"])
    scope.add(1)
    game.enter(block.parts[0], scope, first)
    game.enter(block.parts[1], scope, second)


@rule("handled")
def handled_inside(game: Game, block: Block, region: Region, done: Done) -> None:
    """An event sub-process takes what is thrown beside it: an error, or an escalation that ends all else or not."""
    names, heard = block.names, block.names["heard"]

    def over() -> None:
        game.over(host, current, region.scope)
        done()

    def decide() -> None:
        nonlocal current
        scope = current
        game.passed(names["choice"])
        if not scope.variables[f"{block.name}_0"]:
            game.passed(names["good"])
            scope.drop()
            return
        bad = game.stand(names["bad"], scope)
        game.note("fired", f"{block.name}_s")
        if block.how == "beside":
            scope.add(1)
            game.later(scope, lambda: within(game, heard, block.parts[1], scope, scope.drop))
            game.leave(bad)
            game.passed(names["good"])
            scope.drop()
            return
        game.kill(scope)
        current = instead = Scope(region, over, keeps=True, records=scope.records)
        game.later(instead, lambda: within(game, heard, block.parts[1], instead, instead.drop))

    current = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    game.passed(names["begin"])
    game.enter(block.parts[0], current, decide)


def _compensable(game: Game, scope: Scope, name: str, done: Done) -> None:
    """A task that another one undoes."""

    def completed() -> None:
        game.leave(one)
        scope.keeper.records.append(Record(name, undo))
        game.later(scope, done)

    def undo(around: Scope, undone: Done) -> None:
        def completed() -> None:
            game.leave(one)
            undone()

        one = game.stand(f"undo_{name}", around, "task", completed)

    one = game.stand(name, scope, "task", completed)


def _taken(scope: Scope, element: str = "") -> list[Record]:
    """What is to be undone is taken away: nothing is undone twice."""
    taken = [record for record in scope.records if not element or record.element == element]
    scope.records = [record for record in scope.records if record not in taken]
    return taken


@rule("undo")
def compensated(game: Game, block: Block, region: Region, done: Done) -> None:
    """Two tasks that can be undone, with a part between; both are undone, or the first, or both while it goes on."""
    names = block.names
    first, second = names["first"], names["second"]

    def over() -> None:
        game.over(host, scope, region.scope)
        done()

    def decide() -> None:
        game.passed(names["choice"])
        if not scope.variables[f"{block.name}_0"]:
            ended()
            return
        throw = game.stand(names["bad"], scope)
        records = _taken(scope, first if block.how == "one" else "")
        if block.how == "apart":
            scope.add(1)
            game.undo(records, scope, scope.drop)
            game.leave(throw)
            ended()
        else:
            game.undo(records, scope, lambda: undone(throw))

    def undone(throw: Standing) -> None:
        game.leave(throw)
        ended()

    def ended() -> None:
        game.passed(names["good"])
        scope.drop()

    scope = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    game.passed(names["begin"])
    _compensable(
        game,
        scope,
        first,
        lambda: game.enter(block.parts[0], scope, lambda: _compensable(game, scope, second, decide)),
    )


@rule("transaction")
def cancelled(game: Game, block: Block, region: Region, done: Done) -> None:
    """A cancel ends what goes on in the transaction and undoes what was completed; then it is left (10.3.5, 13.5.6)."""
    names = block.names
    guard = Scope(region, lambda: None)
    joined = joined_after(game, block, done)

    def over() -> None:
        game.over(host, scope, region.scope)
        game.kill(guard)
        game.later(region.scope, joined)

    def decide() -> None:
        game.passed(names["choice"])
        if not scope.variables[f"{block.name}_0"]:
            game.passed(names["good"])
            scope.drop()
            return
        game.stand(names["bad"], scope)
        game.kill(scope)
        game.undo(_taken(scope), Scope(guard, lambda: None), undone)

    def undone() -> None:
        game.note("fired", names["caught"])
        game.kill(guard)
        game.later(region.scope, lambda: game.enter(block.parts[1], region, joined))

    scope = Scope(guard, over, keeps=True)
    host = game.stand(block.name, guard)
    game.passed(names["begin"])
    _compensable(game, scope, names["first"], lambda: game.enter(block.parts[0], scope, decide))
