"""Draws blocks in which something is thrown: errors, escalations, terminate ends, compensation, cancelled transactions."""

from tests.workflow.block_drawing import Drawing, Drawn, draws, event_sub_process
from tests.workflow.blocks import Block
from tests.workflow.drawing import flow, node, path, task


def _decided(drawing: Drawing, block: Block, bad: str) -> str:
    """A part, then a choice between `bad` (a whole element) and a good end."""
    begin, choice, good = (drawing.named(block, kind) for kind in ("begin", "choice", "good"))
    text, first, last = drawing.draw(block.parts[0])
    text += node("startEvent", begin) + flow(begin, first) + flow(last, choice) + bad + node("endEvent", good)
    text += node("exclusiveGateway", choice, attributes=f'default="{choice}__{good}"') + flow(choice, good)
    return text + flow(choice, block.names["bad"], f"={block.name}_0 = 1")


@draws("error")
def _error(drawing: Drawing, block: Block) -> Drawn:
    bad = drawing.named(block, "bad")
    drawing.root += f'<error id="{block.name}_e" name="{block.name}" errorCode="{block.name}"/>'
    definition = f'<errorEventDefinition errorRef="{block.name}_e"/>'
    inner = _decided(drawing, block, node("endEvent", bad, inner=definition))
    if block.how == "deep":
        begin, end = drawing.named(block, "begin", "outer begin"), drawing.named(block, "end", "outer end")
        deep = drawing.named(block, "deep")
        inner = node("startEvent", begin) + node("subProcess", deep, inner=inner) + node("endEvent", end)
        inner += flow(begin, deep) + flow(deep, end)
    return _caught(drawing, block, inner, "<errorEventDefinition/>" if block.how == "any" else definition)


@draws("service failed")
def _service_failed(drawing: Drawing, block: Block) -> Drawn:
    drawing.root += f'<error id="{block.name}_e" name="{block.name}" errorCode="{block.name}"/>'
    definition = (
        f'<errorEventDefinition errorRef="{block.name}_e"/>' if block.how == "named" else "<errorEventDefinition/>"
    )
    line = f'<zeebe:input source="={block.name}_0" target="fail"/>'
    said = f'<zeebe:taskDefinition type="fail"/><zeebe:ioMapping>{line}</zeebe:ioMapping>'
    join, caught = drawing.named(block, "join"), drawing.named(block, "caught")
    side, first, last = drawing.draw(block.parts[0])
    marks = f'attachedToRef="{block.name}"'
    text = node("serviceTask", block.name, said) + node("boundaryEvent", caught, inner=definition, attributes=marks)
    text += side + node("exclusiveGateway", join) + path(block.name, join) + path(caught, first) + path(last, join)
    return text, block.name, join


@draws("heard")
def _heard(drawing: Drawing, block: Block) -> Drawn:
    wait, throw, join = (drawing.named(block, kind) for kind in ("wait", "throw", "join"))
    signal = drawing.event(block, wait, "signal")
    text, first, last = drawing.draw(block.parts[0])
    text += node("parallelGateway", block.name) + node("parallelGateway", join)
    text += node("intermediateCatchEvent", wait, inner=signal) + node("intermediateThrowEvent", throw, inner=signal)
    return text + path(block.name, wait, join) + path(block.name, first) + path(last, throw, join), block.name, join


@draws("escalation")
def _escalation(drawing: Drawing, block: Block) -> Drawn:
    bad = drawing.named(block, "bad")
    drawing.root += f'<escalation id="{block.name}_e" name="{block.name}" escalationCode="{block.name}"/>'
    definition = f'<escalationEventDefinition escalationRef="{block.name}_e"/>'
    inner = _decided(drawing, block, node("intermediateThrowEvent", bad, inner=definition))
    inner += flow(bad, block.names["good"])
    return _caught(drawing, block, inner, definition)


def _caught(drawing: Drawing, block: Block, inner: str, definition: str) -> Drawn:
    join, event = drawing.named(block, "join"), drawing.named(block, "caught")
    side, first, last = drawing.draw(block.parts[1])
    beside = block.how == "beside"
    marks = f'attachedToRef="{block.name}" cancelActivity="{str(not beside).lower()}"'
    text = node("subProcess", block.name, inner=inner) + side + node("exclusiveGateway", join) + flow(block.name, join)
    if block.how == "both":  # what catches every error stands first, and yet what names this one catches it
        other, never = drawing.name("other"), drawing.name("never")
        text += node("boundaryEvent", other, inner="<errorEventDefinition/>", attributes=marks)
        text += node("endEvent", never) + flow(other, never)
    text += node("boundaryEvent", event, inner=definition, attributes=marks) + flow(event, first)
    if not beside:
        return text + flow(last, join), block.name, join
    end = drawing.named(block, "end", "side")
    return text + node("endEvent", end) + flow(last, end), block.name, join


@draws("terminate")
def _terminate(drawing: Drawing, block: Block) -> Drawn:
    one, two = (drawing.draw(part) for part in block.parts)
    begin, fork, choice = (drawing.named(block, kind) for kind in ("begin", "fork", "choice"))
    end, good, stop = (drawing.named(block, kind) for kind in ("end", "good", "stop"))
    text = node("startEvent", begin) + node("parallelGateway", fork) + one[0] + two[0]
    text += node("endEvent", end) + node("endEvent", good) + node("endEvent", stop, inner="<terminateEventDefinition/>")
    text += node("exclusiveGateway", choice, attributes=f'default="{choice}__{good}"')
    text += flow(begin, fork) + flow(fork, one[1]) + flow(fork, two[1]) + flow(one[2], end) + flow(two[2], choice)
    text += flow(choice, stop, f"={block.name}_0 = 1") + flow(choice, good)
    return node("subProcess", block.name, inner=text), block.name, block.name


@draws("handled")
def _handled(drawing: Drawing, block: Block) -> Drawn:
    kind = "error" if block.how == "error" else "escalation"
    drawing.root += f'<{kind} id="{block.name}_e" name="{block.name}" {kind}Code="{block.name}"/>'
    definition = f'<{kind}EventDefinition {kind}Ref="{block.name}_e"/>'
    bad = drawing.named(block, "bad")
    tag = "intermediateThrowEvent" if block.how == "beside" else "endEvent"
    inner = _decided(drawing, block, node(tag, bad, inner=definition))
    inner += flow(bad, block.names["good"]) if block.how == "beside" else ""
    inner += event_sub_process(drawing, block, definition, interrupting=block.how != "beside")
    return node("subProcess", block.name, inner=inner), block.name, block.name


def _compensable(drawing: Drawing, block: Block, what: str) -> str:
    """A task with another one that undoes it."""
    name = drawing.named(block, "task", what)
    undo = task(f"undo_{name}").replace("<userTask", '<userTask isForCompensation="true"')
    marks = f'attachedToRef="{name}"'
    event = node("boundaryEvent", f"{name}_c", inner="<compensateEventDefinition/>", attributes=marks)
    return task(name) + undo + event + f'<association id="{name}_a" sourceRef="{name}_c" targetRef="undo_{name}"/>'


@draws("undo")
def _undo(drawing: Drawing, block: Block) -> Drawn:
    begin, choice, good, bad = (drawing.named(block, kind) for kind in ("begin", "choice", "good", "bad"))
    inner = _compensable(drawing, block, "first") + _compensable(drawing, block, "second")
    text, first, last = drawing.draw(block.parts[0])
    marks = {"all": "", "one": f'activityRef="{block.names["first"]}"', "apart": 'waitForCompletion="false"'}[block.how]
    inner += text + node("startEvent", begin) + node("endEvent", good)
    inner += node("intermediateThrowEvent", bad, inner=f"<compensateEventDefinition {marks}/>") + flow(bad, good)
    inner += node("exclusiveGateway", choice, attributes=f'default="{choice}__{good}"')
    inner += path(begin, block.names["first"], first) + path(last, block.names["second"], choice, good)
    inner += flow(choice, bad, f"={block.name}_0 = 1")
    return node("subProcess", block.name, inner=inner), block.name, block.name


@draws("transaction")
def _transaction(drawing: Drawing, block: Block) -> Drawn:
    begin, choice, good, bad = (drawing.named(block, kind) for kind in ("begin", "choice", "good", "bad"))
    join, caught = drawing.named(block, "join"), drawing.named(block, "caught")
    inner = _compensable(drawing, block, "first") + node("startEvent", begin) + node("endEvent", good)
    text, first, last = drawing.draw(block.parts[0])
    inner += text + node("endEvent", bad, inner="<cancelEventDefinition/>")
    inner += node("exclusiveGateway", choice, attributes=f'default="{choice}__{good}"')
    inner += path(begin, block.names["first"], first) + path(last, choice, good)
    inner += flow(choice, bad, f"={block.name}_0 = 1")
    side, first, last = drawing.draw(block.parts[1])
    marks = f'attachedToRef="{block.name}"'
    whole = node("transaction", block.name, inner=inner) + side + node("exclusiveGateway", join)
    whole += node("boundaryEvent", caught, inner="<cancelEventDefinition/>", attributes=marks)
    return whole + path(block.name, join) + path(caught, first) + path(last, join), block.name, join
