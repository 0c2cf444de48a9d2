"""What waits for events, and what events end or begin (BPMN 2.0.2, 13.5)."""

from collections.abc import Callable

from tests.workflow.blocks import Block
from tests.workflow.rules_activities import each_task, within
from tests.workflow.token_game import Done, Game, Region, Scope, Standing, Values, rule


@rule("wait")
def wait(game: Game, block: Block, region: Region, done: Done) -> None:
    scope = region.scope

    def fired() -> None:
        game.kill(guard)
        game.later(scope, go_on)

    def go_on() -> None:
        game.leave(one)
        done()

    one, guard = game.stand(block.name, scope), Scope(region, lambda: None)
    watch(game, block, block.name, guard, fired)


@rule("condition")
def wait_for_a_condition(game: Game, block: Block, region: Region, done: Done) -> None:
    """One branch waits until a variable is set, by the task in the other branch, here or anywhere before (13.5.1)."""
    names, scope = block.names, region.scope
    arrived = 0

    def arrive() -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 2:
            region.add(-1)
            game.passed(names["join"])
            done()

    def true() -> None:
        game.note("fired", names["wait"])
        game.gone(arm)
        game.leave(one)
        game.later(scope, arrive)

    def completed() -> None:
        game.leave(setting)
        game.later(scope, arrive)

    region.add(1)
    game.passed(block.name)
    one = game.stand(names["wait"], scope)
    arm = game.stand(names["wait"], scope, "condition", true, told=False, key=f"{block.name}_n")
    setting = game.stand(names["set"], scope, "task", completed)


def watch(game: Game, block: Block, event: str, scope: Scope, fired: Done) -> None:
    """Something waits as long as the scope lives, for one thing, for any of two, or for both (13.5.1, 13.5.3).

    Each time it happens, `fired`; a timer comes but once, a cycle here twice, everything else any number of times.
    """
    if block.how == "all":
        _watch_both(game, block, event, scope, fired)
        return
    for how in ("signal", "timer") if block.how == "any" else (block.how,):
        _watch_one(game, block, event, scope, how, fired)


def _watch_one(game: Game, block: Block, event: str, scope: Scope, how: str, fired: Done) -> None:
    left = {"timer": 1, "cycle": 2}.get(how, 0)

    def happened() -> None:
        nonlocal left
        left -= 1
        one.due += block.length
        if not left:
            game.gone(one)
        game.note("fired", event)
        fired()

    one = game.armed(event, scope, how, happened, block)


def _watch_both(game: Game, block: Block, event: str, scope: Scope, fired: Done) -> None:
    """What has happened is waited for no longer until both have; only then the event brings its values."""
    values: Values = {}
    arms: list[Standing] = []

    def arm(kind: str) -> None:
        def happened() -> None:
            one.kind = ""
            if any(other.kind for other in arms):
                return
            scope.variables.update(values)
            values.clear()
            for other, waits_for in zip(arms, ("message", "signal"), strict=True):
                other.kind = waits_for
            game.note("fired", event)
            fired()

        one = game.armed(event, scope, kind, happened, block)
        one.take = values.update
        arms.append(one)

    arm("message")
    arm("signal")


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


@rule("each interrupted")
def several_ended_by_an_event(game: Game, block: Block, region: Region, done: Done) -> None:
    """The event is at the boundary of all instances together (13.3.7)."""
    _interrupted(game, block, region, done, lambda guard, over: each_task(game, block, guard, over))


@rule("each accompanied")
def several_with_something_beside(game: Game, block: Block, region: Region, done: Done) -> None:
    _accompanied(game, block, region, done, lambda guard, over: each_task(game, block, guard, over))


Host = Callable[[Scope, Done], object]


def _task(game: Game, block: Block, guard: Scope, over: Done) -> None:
    def completed() -> None:
        game.leave(one)
        over()

    one = game.stand(block.name, guard, "task", completed)


def joined_after(game: Game, block: Block, done: Done) -> Done:
    def joined() -> None:
        game.passed(block.names["join"])
        done()

    return joined


def _interrupted(game: Game, block: Block, region: Region, done: Done, host: Host) -> None:
    """The event ends the activity and all in it, and takes its token over (13.5.3)."""
    guard = Scope(region, lambda: None)
    joined = joined_after(game, block, done)

    def over() -> None:
        game.kill(guard)
        game.later(region.scope, joined)

    def fired() -> None:
        game.kill(guard)
        game.later(region.scope, lambda: game.enter(block.parts[-1], region, joined))

    watch(game, block, f"{block.name}_s", guard, fired)
    host(guard, over)


def _accompanied(game: Game, block: Block, region: Region, done: Done, host: Host) -> None:
    """Each time, a token of its own begins beside the activity (13.5.3); it ends at an end event of its own."""
    guard, scope = Scope(region, lambda: None, keeps=True), region.scope
    joined = joined_after(game, block, done)
    before: int | None = None

    def over() -> None:
        game.kill(guard)
        records = scope.keeper.records
        records[len(records) if before is None else before : 0] = guard.records
        game.later(scope, joined)

    def fired() -> None:
        nonlocal before
        before = len(scope.keeper.records) if before is None else before
        scope.add(1)
        game.later(scope, lambda: game.enter(block.parts[-1], scope, ended))

    def ended() -> None:
        game.passed(block.names["end"])
        scope.drop()

    watch(game, block, f"{block.name}_s", guard, fired)
    host(guard, over)


@rule("listening")
def with_an_event_sub_process(game: Game, block: Block, region: Region, done: Done) -> None:
    """Each time, another event sub-process runs in the sub-process around it (13.5.4)."""
    heard = block.names["heard"]

    def over() -> None:
        game.over(host, scope, region.scope)
        done()

    def fired() -> None:
        scope.add(1)
        game.later(scope, lambda: within(game, heard, block.parts[1], scope, scope.drop))

    scope = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    watch(game, block, f"{block.name}_s", scope, fired)
    game.run(block.parts[0], scope)


@rule("taken over")
def replaced_by_an_event_sub_process(game: Game, block: Block, region: Region, done: Done) -> None:
    """The event sub-process runs instead of all else in the sub-process around it (13.5.4)."""

    def over() -> None:
        game.over(host, current, region.scope)
        done()

    def fired() -> None:
        nonlocal current
        game.kill(current)
        current = instead = Scope(region, over, keeps=True, records=current.records)
        game.later(instead, lambda: within(game, block.names["heard"], block.parts[1], instead, instead.drop))

    current = Scope(region, over, keeps=True)
    host = game.stand(block.name, region.scope)
    watch(game, block, f"{block.name}_s", current, fired)
    game.run(block.parts[0], current)
