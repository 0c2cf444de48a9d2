"""Draws a tree of blocks as BPMN: one function for each kind, which gives the text and where tokens go in and out."""

from collections.abc import Callable
from itertools import count, pairwise
from typing import Final

from tests.workflow.blocks import INSTANCES, Block
from tests.workflow.drawing import drawn, flow, node, path, task

Drawn = tuple[str, str, str]
SEVERAL: Final = {"any": ("signal", "timer"), "all": ("message", "signal")}


class Drawing:
    """The BPMN of a block; names come from one counter."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.root = ""
        self.called: dict[str, bytes] = {}
        self.items: list[str] = []

    def file(self, block: Block, process: str = "permit") -> bytes:
        """A whole file, with those of the processes it calls in `called`; names the blocks on the way."""
        outer, self.root = self.root, ""
        inner = self.inside(block)
        file, self.root = drawn(inner, root=self.root, process=process), outer
        return file

    def inside(self, block: Block, begin: str = "") -> str:
        """A block between a start and an end event; `begin` is the text of another start event."""
        text, first, last = self.draw(block)
        start, end = block.names.setdefault("start", self.name("begin")), self.named(block, "end", "finish")
        begin = begin or node("startEvent", start)
        return begin + text + node("endEvent", end) + flow(start, first) + flow(last, end)

    def name(self, kind: str) -> str:
        return f"{kind.replace(' ', '_')}{next(self.numbers)}"

    def named(self, block: Block, kind: str, what: str = "") -> str:
        """A new name, remembered in the block as `what`."""
        name = self.name(kind)
        block.names[what or kind] = name
        return name

    def draw(self, block: Block) -> Drawn:
        """The text of a block, and the elements by which tokens come in and go out."""
        block.number = next(self.numbers)
        block.name = f"{block.kind.replace(' ', '_')}{block.number}"
        return DRAW[block.kind](self, block)

    def event(self, block: Block, name: str, how: str) -> str:
        """The definition of what an event named so waits for."""
        block.names["key"] = " ".join(self.items)
        if how in SEVERAL:
            return "".join(self.event(block, name, one) for one in SEVERAL[how])
        if how in {"timer", "cycle"}:
            text = f"<timeDuration>PT{block.length}S</timeDuration>"
            if how == "cycle":
                text = f"<timeCycle>R2/PT{block.length}S</timeCycle>"
            return f"<timerEventDefinition>{text}</timerEventDefinition>"
        key = " + ".join(['="k"', *(f"string({item})" for item in self.items)])
        said = f"<zeebe:subscription correlationKey='{key}'/>" if how == "message" else ""
        said = f"<extensionElements>{said}</extensionElements>" if said else ""
        self.root += f'<{how} id="{how}_{name}" name="{name}">{said}</{how}>'
        return f'<{how}EventDefinition {how}Ref="{how}_{name}"/>'


Draw = Callable[[Drawing, Block], Drawn]
DRAW: dict[str, Draw] = {}


def draws(kind: str) -> Callable[[Draw], Draw]:
    """Makes a function the drawing of a kind of block."""

    def known(function: Draw) -> Draw:
        DRAW[kind] = function
        return function

    return known


@draws("task")
def _task(_drawing: Drawing, block: Block) -> Drawn:
    return task(block.name), block.name, block.name


@draws("script")
def _script(_drawing: Drawing, block: Block) -> Drawn:
    said = f'<zeebe:script expression="={block.name}_n + 1" resultVariable="{block.name}_n"/>'
    return node("scriptTask", block.name, said), block.name, block.name


@draws("service")
def _service(_drawing: Drawing, block: Block) -> Drawn:
    lines = (
        f'<zeebe:input source="={block.name}_n" target="value"/><zeebe:output source="=next" target="{block.name}_n"/>'
    )
    said = f'<zeebe:taskDefinition type="count"/><zeebe:ioMapping>{lines}</zeebe:ioMapping>'
    return node("serviceTask", block.name, said), block.name, block.name


@draws("mapped")
def _mapped(_drawing: Drawing, block: Block) -> Drawn:
    name = block.name
    lines = f'<zeebe:input source="=10" target="{name}_in"/>'
    lines += f'<zeebe:output source="={name}_n + {name}_in + {name}_answer" target="{name}_n"/>'
    return task(name, said=f"<zeebe:ioMapping>{lines}</zeebe:ioMapping>"), name, name


@draws("local")
def _local(drawing: Drawing, block: Block) -> Drawn:
    begin, script, good = (drawing.named(block, kind) for kind in ("begin", "script", "good"))
    text, first, last = drawing.draw(block.parts[0])
    own = f"{block.name}_in"
    said = f'<zeebe:script expression="={own} + 1" resultVariable="{own}"/>'
    text += node("startEvent", begin) + node("scriptTask", script, said) + node("endEvent", good)
    lines = f'<zeebe:input source="=10" target="{own}"/>'
    lines += f'<zeebe:output source="={block.name}_n + {own}" target="{block.name}_n"/>'
    mapping = f"<zeebe:ioMapping>{lines}</zeebe:ioMapping>"
    inner = text + path(begin, first) + path(last, script, good)
    return node("subProcess", block.name, mapping, inner), block.name, block.name


def _turning(block: Block) -> str:
    marks = {"before": 'testBefore="true"', "most": 'loopMaximum="2"'}.get(block.how, "")
    condition = "" if block.how == "most" else f"<loopCondition>={block.name}_0 = 1</loopCondition>"
    return f"<standardLoopCharacteristics {marks}>{condition}</standardLoopCharacteristics>"


@draws("turns")
def _turns(_drawing: Drawing, block: Block) -> Drawn:
    return task(block.name, inner=_turning(block)), block.name, block.name


@draws("turns inside")
def _turns_inside(drawing: Drawing, block: Block) -> Drawn:
    inner = drawing.inside(block.parts[0]) + _turning(block)
    return node("subProcess", block.name, inner=inner), block.name, block.name


@draws("ad hoc")
def _ad_hoc(drawing: Drawing, block: Block) -> Drawn:
    one, other = drawing.named(block, "one"), drawing.named(block, "other")
    said = '<zeebe:formDefinition formId="review"/><zeebe:assignmentDefinition candidateGroups="analyst"/>'
    inner = task(one) + node("subProcess", other, said, drawing.inside(block.parts[0]))
    inner += f"<completionCondition>={block.name}_0 = 1</completionCondition>"
    marks = f'ordering="{block.how}"'
    return node("adHocSubProcess", block.name, inner=inner, attributes=marks), block.name, block.name


@draws("say")
def _say(drawing: Drawing, block: Block) -> Drawn:
    drawing.root += f'<message id="message_{block.name}" name="{block.name}"/>'
    inner = f'<messageEventDefinition messageRef="message_{block.name}"/>'
    return node("intermediateThrowEvent", block.name, inner=inner), block.name, block.name


@draws("wait")
def _wait(drawing: Drawing, block: Block) -> Drawn:
    event = drawing.event(block, block.name, block.how)
    marks = _all_of(block)
    return node("intermediateCatchEvent", block.name, inner=event, attributes=marks), block.name, block.name


def _all_of(block: Block) -> str:
    return 'parallelMultiple="true"' if block.how == "all" else ""


@draws("condition")
def _condition(drawing: Drawing, block: Block) -> Drawn:
    wait, setting, join = (drawing.named(block, kind) for kind in ("wait", "set", "join"))
    definition = f"<conditionalEventDefinition><condition>={block.name}_n = 1</condition></conditionalEventDefinition>"
    text = node("parallelGateway", block.name) + node("parallelGateway", join) + task(setting)
    text += node("intermediateCatchEvent", wait, inner=definition)
    return text + path(block.name, wait, join) + path(block.name, setting, join), block.name, join


@draws("seq")
def _seq(drawing: Drawing, block: Block) -> Drawn:
    made = [drawing.draw(part) for part in block.parts]
    links = "".join(flow(one[2], two[1]) for one, two in pairwise(made))
    return "".join(text for text, _, _ in made) + links, made[0][1], made[-1][2]


def _split(drawing: Drawing, block: Block, kind: str, conditions: list[str], default: int | None = None) -> Drawn:
    join = drawing.named(block, "join")
    made = [drawing.draw(part) for part in block.parts]
    mark = f'default="{block.name}__{made[default][1]}"' if default is not None else ""
    text = node(kind, block.name, attributes=mark) + node(kind, join) + "".join(text for text, _, _ in made)
    for n, (_, first, last) in enumerate(made):
        text += flow(block.name, first, conditions[n] if n != default else "")
        text += _early_end(drawing, block, n, last, join) if n != default else flow(last, join)
    return text, block.name, join


def _early_end(drawing: Drawing, block: Block, n: int, last: str, join: str) -> str:
    """Behind a part of `or ends`, its branch may end instead of coming to the join."""
    if block.kind != "or ends":
        return flow(last, join)
    early = f"{block.name}_{len(block.parts) - 1 + n}"
    choice = drawing.named(block, "choice", early)
    text = node("exclusiveGateway", choice, attributes=f'default="{choice}__{join}"') + node(
        "endEvent", f"{choice}_end"
    )
    return text + flow(last, choice) + flow(choice, f"{choice}_end", f"={early} = 1") + flow(choice, join)


@draws("and")
def _and(drawing: Drawing, block: Block) -> Drawn:
    return _split(drawing, block, "parallelGateway", [""] * len(block.parts))


@draws("xor")
def _xor(drawing: Drawing, block: Block) -> Drawn:
    return _split(drawing, block, "exclusiveGateway", [f"={block.name}_0 = 1", ""], default=1)


@draws("or")
@draws("or ends")
def _or(drawing: Drawing, block: Block) -> Drawn:
    """No condition true: the default flow leads to a task of its own."""
    block.parts.append(Block("task"))
    conditions = [f"={block.name}_{n} = 1" for n in range(len(block.parts))]
    return _split(drawing, block, "inclusiveGateway", conditions, default=len(block.parts) - 1)


@draws("loop")
def _loop(drawing: Drawing, block: Block) -> Drawn:
    again, out = drawing.named(block, "again"), drawing.named(block, "out")
    text, first, last = drawing.draw(block.parts[0])
    text += node("exclusiveGateway", block.name) + flow(block.name, first) + flow(last, again)
    text += node("exclusiveGateway", again, attributes=f'default="{again}__{out}"') + node("exclusiveGateway", out)
    return text + flow(again, block.name, f"={block.name}_0 = 1") + flow(again, out), block.name, out


@draws("choice")
def _choice(drawing: Drawing, block: Block) -> Drawn:
    join, text = drawing.named(block, "join"), node("eventBasedGateway", block.name)
    for n, (part, how) in enumerate(zip(block.parts, ("signal", block.how), strict=True)):
        inner, first, last = drawing.draw(part)
        event = f"{block.name}_s{n}"
        text += inner + node("intermediateCatchEvent", event, inner=drawing.event(block, event, how))
        text += flow(block.name, event) + flow(event, first) + flow(last, join)
    return text + node("exclusiveGateway", join), block.name, join


@draws("link")
def _link(drawing: Drawing, block: Block) -> Drawn:
    here = drawing.named(block, "here")
    link = f'<linkEventDefinition name="{here}"/>'
    text = node("exclusiveGateway", block.name, attributes='default="{}"') + node(
        "intermediateCatchEvent", here, inner=link
    )
    for n, part in enumerate(block.parts):
        inner, first, last = drawing.draw(part)
        away = drawing.named(block, "away", f"away{n}")
        text += inner + node("intermediateThrowEvent", away, inner=link) + flow(last, away)
        text += flow(block.name, first, f"={block.name}_0 = 1" if n == 0 else "")
        text = text.replace('default="{}"', f'default="{block.name}__{first}"') if n else text
    return text, block.name, here


@draws("sub")
def _sub(drawing: Drawing, block: Block) -> Drawn:
    return node("subProcess", block.name, inner=drawing.inside(block.parts[0])), block.name, block.name


@draws("call")
def _call(drawing: Drawing, block: Block) -> Drawn:
    process, inner = f"process_{block.name}", block.parts[0]
    outer = drawing.items
    drawing.items = [] if block.how == "mapped" else outer
    drawing.called[process] = drawing.file(inner, process)
    drawing.items = outer
    alone = 'propagateAllParentVariables="false" ' if block.how == "mapped" else ""
    said = f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false" {alone}/>'
    if block.how == "mapped":
        lines = "".join(f'<zeebe:input source="={x}" target="{x}"/>' for x in (*inner.decisions, *inner.counts))
        back = " + ".join(inner.counts) or "0"
        said += f'<zeebe:ioMapping>{lines}<zeebe:output source="={back}" target="{block.name}_got"/></zeebe:ioMapping>'
    if block.how == "added":
        said += f'<zeebe:ioMapping><zeebe:input source="=10" target="{block.name}_in"/></zeebe:ioMapping>'
    return node("callActivity", block.name, said), block.name, block.name


def _repeat(block: Block) -> str:
    items = [n + 1 for n in range(INSTANCES)]
    results, until = "", ""
    if block.kind == "gather":
        results = f'outputCollection="results_{block.name}" outputElement="=answer_{block.name}"'
    if block.how.endswith("enough"):
        until = "<completionCondition>=numberOfCompletedInstances &gt;= 2</completionCondition>"
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(block.how.startswith("sequential")).lower()}">'
        f'<extensionElements><zeebe:loopCharacteristics inputCollection="={items}" inputElement="of_{block.name}" '
        f"{results}/></extensionElements>{until}</multiInstanceLoopCharacteristics>"
    )


@draws("each sub")
def _each_sub(drawing: Drawing, block: Block) -> Drawn:
    drawing.items = [*drawing.items, f"of_{block.name}"]
    inner = drawing.inside(block.parts[0])
    drawing.items = drawing.items[:-1]
    return node("subProcess", block.name, inner=inner + _repeat(block)), block.name, block.name


@draws("each")
@draws("gather")
def _each(_drawing: Drawing, block: Block) -> Drawn:
    return task(block.name, inner=_repeat(block)), block.name, block.name


@draws("interrupted")
@draws("accompanied")
def _bounded(drawing: Drawing, block: Block) -> Drawn:
    return _guarded(drawing, block, _sub(drawing, block)[0])


@draws("task interrupted")
@draws("task accompanied")
def _bounded_task(drawing: Drawing, block: Block) -> Drawn:
    block.parts = [Block("task")]
    return _guarded(drawing, block, task(block.name))


@draws("each interrupted")
@draws("each accompanied")
def _bounded_each(drawing: Drawing, block: Block) -> Drawn:
    block.parts = [Block("task")]
    return _guarded(drawing, block, task(block.name, inner=_repeat(block)))


def _guarded(drawing: Drawing, block: Block, text: str) -> Drawn:
    """A boundary event with the last part behind it."""
    interrupting = block.kind.endswith("interrupted")
    join, event = drawing.named(block, "join"), f"{block.name}_s"
    side, first, last = drawing.draw(block.parts[-1])
    marks = f'attachedToRef="{block.name}" cancelActivity="{str(interrupting).lower()}" {_all_of(block)}'
    definition = drawing.event(block, event, block.how)
    text += side + node("boundaryEvent", event, inner=definition, attributes=marks) + flow(event, first)
    text += node("exclusiveGateway", join) + flow(block.name, join)
    if interrupting:
        return text + flow(last, join), block.name, join
    end = drawing.named(block, "end")
    return text + node("endEvent", end) + flow(last, end), block.name, join


@draws("taken over")
@draws("listening")
def _heard(drawing: Drawing, block: Block) -> Drawn:
    definition = drawing.event(block, f"{block.name}_s", block.how)
    handler = event_sub_process(drawing, block, definition, interrupting=block.kind == "taken over")
    return node("subProcess", block.name, inner=drawing.inside(block.parts[0]) + handler), block.name, block.name


def event_sub_process(drawing: Drawing, block: Block, definition: str, *, interrupting: bool) -> str:
    """The second part, begun by an event."""
    event, body = f"{block.name}_s", block.parts[1]
    marks = f'isInterrupting="{str(interrupting).lower()}" {_all_of(block)}'
    body.names["start"] = event
    inner = drawing.inside(body, node("startEvent", event, inner=definition, attributes=marks))
    return node("subProcess", drawing.named(block, "heard"), inner=inner, attributes='triggeredByEvent="true"')
