"""How tokens take their way: sequences, gateways and loops (BPMN 2.0.2, 13.2, 13.4)."""

from tests.workflow.blocks import Block
from tests.workflow.token_game import Done, Game, Region, Standing, rule


@rule("seq")
def in_turn(game: Game, block: Block, region: Region, done: Done) -> None:
    parts = list(block.parts)

    def following() -> None:
        if parts:
            game.enter(parts.pop(0), region, following)
        else:
            done()

    following()


@rule("and")
def all_at_once(game: Game, block: Block, region: Region, done: Done) -> None:
    game.passed(block.name)
    region.add(len(block.parts) - 1)
    arrived = 0

    def arrive() -> None:
        nonlocal arrived
        arrived += 1
        if arrived == len(block.parts):
            region.add(1 - arrived)
            game.passed(block.names["join"])
            done()

    for part in block.parts:
        game.enter(part, region, arrive)


@rule("or")
def some_at_once(game: Game, block: Block, region: Region, done: Done) -> None:
    """The last part is for when no condition is true."""
    *parts, otherwise = block.parts
    chosen = [part for n, part in enumerate(parts) if region.scope.variables[f"{block.name}_{n}"]]
    game.passed(block.name)
    _branches(game, block, [(part, None) for part in chosen or [otherwise]], region, done)


@rule("or ends")
def some_that_may_end(game: Game, block: Block, region: Region, done: Done) -> None:
    """As `or`; behind each part its branch may end, and then the join waits for it no longer."""
    *parts, otherwise = block.parts
    count = len(parts)
    chosen = [n for n in range(count) if region.scope.variables[f"{block.name}_{n}"]]
    game.passed(block.name)
    branches = [(parts[n], f"{block.name}_{count + n}") for n in chosen] or [(otherwise, None)]
    _branches(game, block, branches, region, done)


def _branches(game: Game, block: Block, branches: list[tuple[Block, str | None]], region: Region, done: Done) -> None:
    """Goes on when no token is under way to the join any more, and at least one has come (13.4.3)."""
    region.add(len(branches) - 1)
    arrived, under_way = 0, len(branches)

    def settle() -> None:
        if not under_way and arrived:
            region.add(1 - arrived)
            game.passed(block.names["join"])
            done()

    def start(part: Block, early: str | None) -> None:
        def ended() -> None:
            nonlocal under_way
            under_way -= 1
            settle()

        branch = Region(region, ended)

        def out() -> None:
            nonlocal arrived, under_way
            if early is not None:
                choice = block.names[early]
                game.passed(choice)
                if region.scope.variables[early]:
                    game.passed(f"{choice}_end")
                    branch.drop()
                    return
            branch.tokens -= 1
            arrived, under_way = arrived + 1, under_way - 1
            settle()

        game.enter(part, branch, out)

    for part, early in branches:
        start(part, early)


@rule("xor")
def one_of_two(game: Game, block: Block, region: Region, done: Done) -> None:
    game.passed(block.name)

    def joined() -> None:
        game.passed(block.names["join"])
        done()

    game.enter(block.parts[0 if region.scope.variables[f"{block.name}_0"] else 1], region, joined)


@rule("loop")
def again_and_again(game: Game, block: Block, region: Region, done: Done) -> None:
    def turn() -> None:
        game.passed(block.name)
        game.enter(block.parts[0], region, decide)

    def decide() -> None:
        game.passed(block.names["again"])
        if region.scope.variables[f"{block.name}_0"]:
            turn()
        else:
            game.passed(block.names["out"])
            done()

    turn()


@rule("choice")
def what_comes_first(game: Game, block: Block, region: Region, done: Done) -> None:
    """The first event takes the token; the other one is waited for no longer (13.4.4)."""
    scope = region.scope
    gateway = game.stand(block.name, scope)
    waiting: list[tuple[Standing, Standing]] = []

    def joined() -> None:
        game.passed(block.names["join"])
        done()

    def wait(part: Block, event: str, how: str) -> None:
        def fired() -> None:
            game.note("fired", event)
            game.leave(gateway)
            for other, arm in waiting:
                game.gone(arm)
                if other is not one:
                    game.gone(other)
            game.later(scope, go_on)

        def go_on() -> None:
            game.leave(one)
            game.enter(part, region, joined)

        one = game.stand(event, scope)
        waiting.append((one, game.armed(event, scope, how, fired, block)))

    wait(block.parts[0], f"{block.name}_s0", "signal")
    wait(block.parts[1], f"{block.name}_s1", block.how)


@rule("link")
def by_a_link(game: Game, block: Block, region: Region, done: Done) -> None:
    """A choice; behind each part, a link leads to the same place (13.5.2)."""
    game.passed(block.name)
    chosen = 0 if region.scope.variables[f"{block.name}_0"] else 1

    def away() -> None:
        game.passed(block.names[f"away{chosen}"])
        game.passed(block.names["here"])
        done()

    game.enter(block.parts[chosen], region, away)
