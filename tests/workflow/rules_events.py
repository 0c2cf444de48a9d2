"""What waits for events, and what events end or begin (BPMN 2.0.2, 13.5)."""

from collections.abc import Callable

from tests.workflow.blocks import Block
from tests.workflow.rules_activities import within
from tests.workflow.token_game import Done, Game, Region, Scope, Standing, rule


@rule("wait")
def wait(game: Game, block: Block, region: Region, done: Done) -> None:
    def fired() -> None:
        one.kind = ""
        game.later(region.scope, go_on)

    def go_on() -> None:
        game.leave(one)
        done()

    one = game.wait(block.name, region.scope, block.how, fired, block)


@rule("interrupted")
def ended_by_an_event(game: Game, block: Block, region: Region, done: Done) -> None:
    _interrupted(game, block, region, done, lambda guard, over: within(game, block.name, block.parts[0], guard, over))


@rule("task interrupted")
def task_ended_by_an_event(game: Game, block: Block, region: Region, done: Done) -> None:
    _interrupted(game, block, region, done, lambda guard, over: _task(game, block, guard, over))


@rule("accompanied")
def with_something_beside(game: Game, block: Block, region: Region, done: Done) -> None:
    _accompanied(game, block, region, done, lambda guard, over: within(game, block.name, block.parts[0], guard, over))


@rule("task accompanied")
def task_with_something_beside(game: Game, block: Block, region: Region, done: Done) -> None:
    _accompanied(game, block, region, done, lambda guard, over: _task(game, block, guard, over))


Host = Callable[[Scope, Done], object]


def _task(game: Game, block: Block, guard: Scope, over: Done) -> None:
    def completed() -> None:
        game.leave(one)
        over()

    one = game.stand(block.name, guard, "task", completed)


def _joined(game: Game, block: Block, done: Done) -> Done:
    def joined() -> None:
        game.passed(block.names["join"])
        done()

    return joined


def _interrupted(game: Game, block: Block, region: Region, done: Done, host: Host) -> None:
    """The event ends the activity and all in it, and takes its token over (13.5.3)."""
    guard = Scope(region, lambda: None)
    joined = _joined(game, block, done)

    def over() -> None:
        game.kill(guard)
        game.later(region.scope, joined)

    def fired() -> None:
        game.kill(guard)
        game.later(region.scope, lambda: game.enter(block.parts[-1], region, joined))

    game.wait(f"{block.name}_s", guard, block.how, fired, block, told=False)
    host(guard, over)


def _accompanied(game: Game, block: Block, region: Region, done: Done, host: Host) -> None:
    """Each time, a token of its own begins beside the activity (13.5.3); it ends at an end event of its own."""
    guard, scope = Scope(region, lambda: None), region.scope
    joined = _joined(game, block, done)
    left = 2 if block.how == "cycle" else 1

    def over() -> None:
        game.kill(guard)
        game.later(scope, joined)

    def fired() -> None:
        nonlocal left
        scope.add(1)
        game.later(scope, lambda: game.enter(block.parts[-1], scope, ended))
        _once_more(game, one, block, left)
        left -= 1

    def ended() -> None:
        game.passed(block.names["end"])
        scope.drop()

    one = game.wait(f"{block.name}_s", guard, block.how, fired, block, told=False)
    host(guard, over)


def _once_more(game: Game, one: Standing, block: Block, left: int) -> None:
    """A timer is over when it has fired as often as it says; everything else may happen any number of times."""
    if one.kind == "timer" and left == 1:
        game.gone(one)
    one.due += block.length


@rule("listening")
def with_an_event_sub_process(game: Game, block: Block, region: Region, done: Done) -> None:
    """Each time, another event sub-process runs in the sub-process around it (13.5.4)."""
    heard = block.names["heard"]

    def over() -> None:
        game.kill(scope)
        game.leave(host)
        done()

    def fired() -> None:
        scope.add(1)
        game.later(scope, lambda: within(game, heard, block.parts[1], scope, scope.drop))
        _once_more(game, one, block, 1)

    scope = Scope(region, over)
    host = game.stand(block.name, region.scope)
    one = game.wait(f"{block.name}_s", scope, block.how, fired, block, told=False)
    game.run(block.parts[0], scope)


@rule("taken over")
def replaced_by_an_event_sub_process(game: Game, block: Block, region: Region, done: Done) -> None:
    """The event sub-process runs instead of all else in the sub-process around it (13.5.4)."""

    def over() -> None:
        game.kill(current)
        game.leave(host)
        done()

    def fired() -> None:
        nonlocal current
        game.kill(current)
        current = instead = Scope(region, over)
        game.later(instead, lambda: within(game, block.names["heard"], block.parts[1], instead, instead.drop))

    current = Scope(region, over)
    host = game.stand(block.name, region.scope)
    game.wait(f"{block.name}_s", current, block.how, fired, block, told=False)
    game.run(block.parts[0], current)


@rule("error")
def failed(game: Game, block: Block, region: Region, done: Done) -> None:
    """An error ends the activity at whose boundary it is caught, however deep it was thrown (13.5.3)."""
    guard = Scope(region, lambda: None)
    joined = _joined(game, block, done)

    def thrown(inner: Scope) -> None:
        game.stand(block.names["bad"], inner)
        game.note("fired", block.names["caught"])
        game.kill(guard)
        game.later(region.scope, lambda: game.enter(block.parts[1], region, joined))

    def over() -> None:
        game.kill(guard)
        game.later(region.scope, joined)

    _decided(game, block, guard, over, thrown)


@rule("escalation")
def escalated(game: Game, block: Block, region: Region, done: Done) -> None:
    """An escalation ends the activity at whose boundary it is caught, or begins something beside it (13.5.3)."""
    guard, scope = Scope(region, lambda: None), region.scope
    joined = _joined(game, block, done)

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
    outer = Scope(guard, lambda: finished())  # noqa: PLW0108 - it is known further below
    host = game.stand(block.name, guard)
    inner, deep = outer, None
    if block.how == "deep":
        game.passed(names["outer begin"])
        deep = game.stand(names["deep"], outer)
        inner = Scope(outer, lambda: risen())  # noqa: PLW0108 - as above

    def risen() -> None:
        assert deep is not None
        game.leave(deep)
        game.passed(names["outer end"])
        outer.drop()

    def finished() -> None:
        game.leave(host)
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
        game.kill(scope)
        game.leave(host)
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

    scope = Scope(region, over)
    host = game.stand(block.name, region.scope)
    game.passed(names["begin"])
    game.passed(names["fork"])
    scope.add(1)
    game.enter(block.parts[0], scope, first)
    game.enter(block.parts[1], scope, second)
