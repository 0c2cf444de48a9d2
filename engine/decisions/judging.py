"""The rules of a table seen together: which meet, which are never reached, and what no rule answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine import feel
from engine.decisions import comparing
from engine.decisions.axes import Axis, Reading, axes
from engine.decisions.bench import place
from engine.decisions.covering import MOST_STEPS, Box, Judge, TooMuch, numbers
from engine.decisions.findings import Finding, Severity
from engine.decisions.lines import EMPTY
from engine.decisions.mistakes import answer
from engine.decisions.model import Decision, Policy, Table
from engine.decisions.types import Types
from engine.feel import printing
from engine.feel.nodes import UnaryTests

MOST_CELLS: Final = 40_000  # of a table: more are not judged
MOST_SAID: Final = 10  # findings of one kind for one table
MOST_NAMED: Final = 20  # rules named in one sentence
ANSWERS_ALWAYS: Final = frozenset({Policy.UNIQUE, Policy.ANY, Policy.PRIORITY, Policy.FIRST})
_TOO_LARGE: Final = (
    "The table is too large to judge: not everything was looked at for overlaps, gaps and rules without effect."
)


@dataclass(frozen=True, slots=True)
class Case:
    """A table before its judge."""

    drawn: Decision
    table: Table
    reading: Reading
    types: Types
    judge: Judge
    wrong: frozenset[int]  # rules of which a cell is wrong already

    def say(self, at: int | None, message: str, severity: Severity, **said: object) -> Finding:
        """A finding at a rule (counted from 0) or at the whole table."""
        where = self.drawn.id if at is None else place(self.drawn.id, self.table.rules[at].id)
        return Finding(where, message, said, severity)


def judged(drawn: Decision, table: Table, reading: Reading, types: Types, wrong: frozenset[int]) -> Iterator[Finding]:
    """What the rules of a table say against each other, and against what may come."""
    if not table.rules:
        yield Finding(drawn.id, "The table has no rules; add one.", {}, "warning")
        return
    if len(table.rules) * max(1, len(table.inputs)) > MOST_CELLS:
        yield Finding(drawn.id, _TOO_LARGE, {}, "note")
        return
    case = Case(drawn, table, reading, types, Judge(axes(table, reading), len(table.rules)), wrong)
    too_much = False
    for part in (_idle, _together, _twice, _gaps):
        case.judge.steps = MOST_STEPS
        try:
            yield from part(case)
        except TooMuch:
            too_much = True
    if too_much:
        yield case.say(None, _TOO_LARGE, "note")
    if table.policy in ANSWERS_ALWAYS:
        yield from _unjudged(case)


def _few(findings: Iterable[Finding]) -> Iterator[Finding]:
    found: list[Finding] = []
    for one in islice(findings, MOST_SAID + 1):
        found.append(one)
        if len(found) <= MOST_SAID:
            yield one
    if len(found) > MOST_SAID:
        message = "There is more of the same kind; mend these first."
        yield Finding(found[0].where.partition("/")[0], message, {}, found[0].severity)


def _idle(case: Case) -> Iterator[Finding]:
    yield from _few(_never(case))


def _never(case: Case) -> Iterator[Finding]:
    """Rules that can never match, and tests in a cell that never hold."""
    for number, rule in enumerate(case.table.rules):
        for axis in case.judge.axes:
            if number in case.wrong or not axis.known >> number & 1:
                continue
            texts = [rule.tests[column] for column in axis.columns]
            said = {"rule": number + 1, "column": axis.label}
            if not axis.accepts[number]:
                message = (
                    "Rule %(rule)s can never match: in the column %(column)s, nothing that may come fits %(text)s."
                )
                yield case.say(number, message, "warning", **said, text="; ".join(texts))
                continue
            for part in (one for text in texts for one in _parts(text, case.reading) if not axis.takes(one)):
                message = "Rule %(rule)s, column %(column)s: nothing that may come fits %(text)s."
                yield case.say(number, message, "warning", **said, text=printing.text_of(part.tests[0]))


def _parts(text: str, reading: Reading) -> list[UnaryTests]:
    """Each of several tests in a cell, alone."""
    cell = reading.cell(text)
    node = cell.tests.node if cell else None
    if not isinstance(node, UnaryTests) or node.negated or len(node.tests) < 2:  # noqa: PLR2004 - several
        return []
    return [UnaryTests(node.at, (one,)) for one in node.tests]


def _together(case: Case) -> Iterator[Finding]:
    if case.table.policy is Policy.UNIQUE:
        yield from _few(_overlaps(case))
    if case.table.policy is Policy.ANY:
        yield from _few(_contradictions(case))
    if case.table.policy is Policy.FIRST:
        yield from _few(_unreached(case))
    if case.table.policy is Policy.PRIORITY:
        yield from _few(_outranked(case))


def _pairs(case: Case, others: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    """The pairs of a rule and one of the others below it that match something both."""
    judge, known = case.judge, case.judge.known
    for one in numbers(known):
        later = judge.meeting(one, others(one) & known & ~((2 << one) - 1))
        for other in numbers(later):
            judge.spend(len(judge.axes))
            yield one, other


def _shared(judge: Judge, one: int, other: int) -> Box:
    return tuple(axis.accepts[one] & axis.accepts[other] for axis in judge.axes)


def _may_come(judge: Judge, box: Box) -> bool | None:
    """Whether some inputs lie in a box; of what is computed, nobody can say (None), least where axes hang together."""
    narrow = [axis for axis, places in zip(judge.axes, box, strict=True) if not axis.free and places != axis.domain]
    if not narrow:
        return True
    return None if all(axis.alone for axis in narrow) else False


def _overlaps(case: Case) -> Iterator[Finding]:
    for one, other in _pairs(case, lambda _rule: case.judge.all):
        shared = _shared(case.judge, one, other)
        message = "Rules %(one)s and %(other)s match at once where %(values)s, and the table allows one rule (U); narrow one of them."
        perhaps = (
            "Rules %(one)s and %(other)s match at once if it can be that %(values)s, and the table allows one rule (U)."
        )
        certain = _may_come(case.judge, shared)
        if certain is False:
            continue
        said = {"one": one + 1, "other": other + 1, "values": _where(case.judge, shared)}
        yield case.say(other, message if certain else perhaps, "error" if certain else "warning", **said)


def _contradictions(case: Case) -> Iterator[Finding]:
    alike: dict[tuple[str, ...], int] = {}
    for at, rule in enumerate(case.table.rules):
        alike[rule.answers] = alike.get(rule.answers, 0) | 1 << at
    for one, other in _pairs(case, lambda rule: ~alike[case.table.rules[rule].answers]):
        differ, shared = _differ(case, one, other), _shared(case.judge, one, other)
        certain = _may_come(case.judge, shared)
        if differ is not False and certain is not False:
            sure = differ is True and certain is True
            message = "Rules %(one)s and %(other)s match at once where %(values)s and answer differently, which A does not allow."
            perhaps = "Rules %(one)s and %(other)s may match at once where %(values)s and answer differently, which A does not allow."
            said = {"one": one + 1, "other": other + 1, "values": _where(case.judge, shared)}
            yield case.say(other, message if sure else perhaps, "error" if sure else "warning", **said)


def _differ(case: Case, one: int, other: int) -> bool | None:
    """Whether two rules answer differently; None where that hangs on the inputs."""
    left, right = case.table.rules[one].answers, case.table.rules[other].answers
    answers: list[bool | None] = []
    for text, same in zip(left, right, strict=True):
        found = answer(text, case.reading), answer(same, case.reading)
        if text == same or found[0] is None or found[1] is None:
            answers.append(False if text == same else None)
        else:
            answers.append(feel.equal(found[0][0], found[1][0], feel.Run(None).spend) is not True)
    return True if True in answers else None if None in answers else False


def _unreached(case: Case) -> Iterator[Finding]:
    judge, known = case.judge, case.judge.known
    for rule in range(judge.rules):
        others = _takers(judge, rule, known & ((1 << rule) - 1))
        if len(others) == 1:
            message = "Rule %(rule)s is never reached: rule %(earlier)s above it takes all that it would."
            yield case.say(rule, message, "warning", rule=rule + 1, earlier=others[0] + 1)
        elif others:
            message = "Rule %(rule)s is never reached: the rules %(earlier)s above it take together all that it would."
            yield case.say(rule, message, "warning", rule=rule + 1, earlier=_numbers(others))


def _outranked(case: Case) -> Iterator[Finding]:
    judge, known = case.judge, case.judge.known
    ranks = [_rank(case, rule) for rule in range(judge.rules)]
    for rule, mine in enumerate(ranks):
        if mine is None:
            continue
        before = sum(
            1 << at
            for at, rank in enumerate(ranks)
            if rank is not None and (rank < mine or (rank == mine and at < rule))
        )
        others = _takers(judge, rule, known & before)
        if others:
            message = "Rule %(rule)s never answers: wherever it matches, one of the rules %(others)s does too and ranks before it."
            yield case.say(rule, message, "warning", rule=rule + 1, others=_numbers(others))


def _takers(judge: Judge, rule: int, others: int) -> list[int]:
    """Of these rules, one or several that together match wherever this one does; none where they do not."""
    box = judge.box(rule)
    if not all(box):
        return []
    alone = judge.covering(rule, others)
    if alone:
        return [next(numbers(alone))]
    near = judge.meeting(rule, others)
    return list(numbers(near)) if near.bit_count() > 1 and next(judge.left(box, near), None) is None else []


def _rank(case: Case, rule: int) -> tuple[int, ...] | None:
    """The places of a rule's answers among the possible ones; None where an answer hangs on the inputs."""
    found = []
    for text, output in zip(case.table.rules[rule].answers, case.table.outputs, strict=True):
        value = answer(text, case.reading)
        allowed = output.allowed or case.types.allowed(output.type)
        node = feel.tests(allowed, case.reading.known).node if allowed else None
        if not isinstance(node, UnaryTests):
            found.append(0)
        elif value is None:
            return None
        else:
            ranks = [feel.Tests(allowed, UnaryTests(node.at, (one,))) for one in node.tests]
            found.append(next((at for at, test in enumerate(ranks) if test(value[0], {})), len(ranks)))
    return tuple(found)


def _twice(case: Case) -> Iterator[Finding]:
    """Rules that say the same, where the policy has not said so already."""
    if case.table.policy in {Policy.UNIQUE, Policy.FIRST, Policy.PRIORITY}:
        return
    first: dict[tuple[Box, tuple[str, ...]], int] = {}
    known = case.judge.known
    said = []
    for rule, drawn in enumerate(case.table.rules):
        box = case.judge.box(rule)
        if known >> rule & 1 and all(box):
            one = first.setdefault((box, drawn.answers), rule)
            if one != rule:
                message = "Rules %(one)s and %(other)s say the same; remove one of them."
                said.append(case.say(rule, message, "warning", one=one + 1, other=rule + 1))
    yield from _few(said)


def _gaps(case: Case) -> Iterator[Finding]:
    """Inputs for which no rule is there; of what is computed, every value must be without a rule."""
    if case.table.policy not in ANSWERS_ALWAYS or any(output.default for output in case.table.outputs):
        return
    judge = case.judge
    free = Judge([axis for axis in judge.axes if axis.free], judge.rules, judge.steps)
    whole = tuple(axis.asked for axis in free.axes)
    yield from _few(_gap(case, free, box) for box in free.left(whole, free.all))


def _gap(case: Case, judge: Judge, box: Box) -> Finding:
    message = "No rule answers where %(values)s, such as %(example)s; add a rule or a default value."
    pairs = [(axis, places) for axis, places in zip(judge.axes, box, strict=True) if places != axis.asked] or list(
        zip(judge.axes, box, strict=True)
    )
    example = ", ".join(f"{axis.label} = {_example(axis, places)}" for axis, places in pairs)
    return case.say(None, message, "warning", values=_where(judge, box), example=example)


def _example(axis: Axis, places: int) -> str:
    samples = [sample for line in axis.lines for sample in line.samples]
    return next(comparing.written(samples[at]) for at in numbers(places) if samples[at] is not EMPTY)


def _where(judge: Judge, box: Box) -> str:
    """A box in the words of its table: only the columns that narrow it, if any does."""
    pairs = list(zip(judge.axes, box, strict=True))
    narrow = [(axis, places) for axis, places in pairs if places & axis.asked != axis.asked] or pairs
    return ", ".join(f"{axis.label}: {axis.written(places)}" for axis, places in narrow) or "-"


def _numbers(rules: Sequence[int]) -> str:
    named = ", ".join(str(rule + 1) for rule in rules[:MOST_NAMED])
    return named if len(rules) <= MOST_NAMED else f"{named}, …"


def _unjudged(case: Case) -> Iterator[Finding]:
    """What was left out, so that silence is not taken for praise."""
    for axis in case.judge.axes:
        unknown = [rule for rule in range(case.judge.rules) if not axis.known >> rule & 1]
        if unknown:
            message = "Column %(column)s cannot be judged in the rules %(rules)s, which use names or functions there: whether these rules overlap others or leave gaps was not looked at."
            yield case.say(None, message, "note", column=axis.label, rules=_numbers(unknown))
        elif not axis.free and any(places != axis.domain for places in axis.accepts):
            message = "Column %(column)s looks at what is computed, or at a part of what another column looks at: gaps that hang on it were not looked for."
            yield case.say(None, message, "note", column=axis.label)
