"""The processes that are measured, drawn twice: in our dialect, and for the plain library (conditions in Python)."""

from dataclasses import dataclass
from typing import Final

from tests.factories import a_diagram, a_form, flow, user_task

PERMIT: Final = "permit"
LOOP: Final = "loop"
AGAIN: Final = "correct_1"  # the one task of the loop
BLOCKS: Final = 17
EXTRA: Final = 3  # every third block decides whether one more person looks at it; here always
FIELDS: Final = ("remark", "amount", "verdict")
_TEXT: Final = "The applicant shows that the records agree with the goods, and the officer has seen it on site. "


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a diagram says a condition and a computed value; `{0}` stands for the number of the block."""

    large: str
    again: str
    script: str


OURS: Final = Dialect(
    large="=score_{0} &gt; 100",
    again="=verdict_1 = &quot;yes&quot;",
    script='<bpmn:extensionElements><zeebe:script expression="=amount_{0} * 2" resultVariable="score_{0}"/>'
    "</bpmn:extensionElements>",
)
PLAIN: Final = Dialect(
    large="score_{0} &gt; 100",
    again="verdict_1 == 'yes'",
    script="<bpmn:script>score_{0} = amount_{0} * 2</bpmn:script>",
)


def permit(dialect: Dialect) -> bytes:
    """A case of some fifty elements: people, computed values and decisions, one after the other."""
    return a_diagram(_chain(dialect), PERMIT)


def loop(dialect: Dialect) -> bytes:
    """One task that somebody does again and again: the case that grows old."""
    return a_diagram(_loop(dialect), LOOP)


def answers(element: str) -> dict[str, object]:
    """What somebody writes into the form of a task: 300 bytes or so."""
    number = element.rpartition("_")[2]
    return {f"remark_{number}": _TEXT * 2, f"amount_{number}": 80, f"verdict_{number}": "yes"}


def form_of(element: str) -> tuple[str, bytes]:
    """The form of a task, by its name: a long text, an amount, a choice."""
    number = element.rpartition("_")[2]
    remark, amount, verdict = (f"{name}_{number}" for name in FIELDS)
    choice = [{"value": value, "label": value} for value in ("yes", "no")]
    return f"form_{number}", a_form(
        f"form_{number}",
        {"type": "textarea", "key": remark, "id": remark, "label": "Nota"},
        {"type": "number", "key": amount, "id": amount, "label": "Monto"},
        {"type": "radio", "key": verdict, "id": verdict, "label": "Resultado", "values": choice},
    )


def people() -> list[str]:
    """The user tasks of the permit, in order."""
    return [name for block in range(1, BLOCKS + 1) for name in _people(block)]


def _people(block: int) -> list[str]:
    return [f"check_{block}", *([f"approve_{block}"] if block % EXTRA == 0 else [])]


def _chain(dialect: Dialect) -> str:
    nodes, flows, last = ['<bpmn:startEvent id="begun"/>'], [], "begun"
    for block in range(1, BLOCKS + 1):
        inner, links, last = _block(block, last, dialect)
        nodes += inner
        flows += links
    return "".join([*nodes, '<bpmn:endEvent id="ended"/>', *flows, flow(last, "ended")])


def _block(block: int, before: str, dialect: Dialect) -> tuple[list[str], list[str], str]:
    check, score = f"check_{block}", f"compute_{block}"
    form = form_of(check)[0]
    computed = f'<bpmn:scriptTask id="{score}" name="{score}">{dialect.script.format(block)}</bpmn:scriptTask>'
    nodes, flows = [user_task(check, form=form), computed], [flow(before, check), flow(check, score)]
    if block % EXTRA:
        return nodes, flows, score
    split, extra, merge = f"large_{block}", f"approve_{block}", f"merge_{block}"
    nodes += [
        f'<bpmn:exclusiveGateway id="{split}" name="{split}" default="{split}_to_{merge}"/>',
        user_task(extra, form=form),
        f'<bpmn:exclusiveGateway id="{merge}" name="{merge}"/>',
    ]
    more = dialect.large.format(block)
    flows += [flow(score, split), flow(split, extra, more), flow(split, merge), flow(extra, merge)]
    return nodes, flows, merge


def _loop(dialect: Dialect) -> str:
    nodes = (
        '<bpmn:startEvent id="begun"/><bpmn:exclusiveGateway id="turn" name="turn"/>',
        user_task(AGAIN, form="form_1"),
        '<bpmn:exclusiveGateway id="enough" name="enough" default="enough_to_ended"/><bpmn:endEvent id="ended"/>',
    )
    flows = (
        flow("begun", "turn"),
        flow("turn", AGAIN),
        flow(AGAIN, "enough"),
        flow("enough", "turn", dialect.again),
        flow("enough", "ended"),
    )
    return "".join((*nodes, *flows))
