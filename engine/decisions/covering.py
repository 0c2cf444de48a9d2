"""Which rules meet, which rules take all that another would, and what no rule takes: exact, or given up at a budget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Final

from engine.decisions.axes import Axis

MOST_STEPS: Final = 5_000_000  # sets compared in judging one table: some two seconds

Box = tuple[int, ...]  # for each axis, some of its places


class TooMuch(Exception):  # noqa: N818 - it is no error: the table is not judged any further
    """The table takes more steps to judge than it may."""


@dataclass(slots=True)
class Judge:
    """The axes of a table, and how many steps are left for judging it."""

    axes: Sequence[Axis]
    rules: int
    steps: int = MOST_STEPS
    _anyone: dict[tuple[int, int], int] = field(default_factory=dict)
    _everyone: dict[tuple[int, int], int] = field(default_factory=dict)

    def meeting(self, rule: int, others: int) -> int:
        """Those of the other rules that may match where this one does."""
        for at, axis in self._short():
            mine = axis.accepts[rule]
            if self._by_class(at, others):
                others &= self._any(at, mine)
            else:
                others = sum(1 << other for other in numbers(others) if axis.accepts[other] & mine)
        return others

    def covering(self, rule: int, others: int) -> int:
        """Those of the other rules each of which would match wherever this one does."""
        for at, axis in self._short():
            mine = axis.accepts[rule]
            if self._by_class(at, others):
                others &= self._each(at, mine)
            else:
                others = sum(1 << other for other in numbers(others) if not mine & ~axis.accepts[other])
        return others

    def _short(self) -> list[tuple[int, Axis]]:
        return sorted(enumerate(self.axes), key=lambda pair: len(pair[1].classes))

    def _by_class(self, at: int, others: int) -> bool:
        """Whether it is less work to ask the classes of an axis than the rules that are left; counts that work."""
        count, classes = others.bit_count(), len(self.axes[at].classes)
        self.spend(min(count, classes))
        return classes < count

    @property
    def all(self) -> int:
        """All rules."""
        return (1 << self.rules) - 1

    @property
    def known(self) -> int:
        """The rules of which every cell can be judged."""
        return reduce(and_, (axis.known for axis in self.axes), self.all)

    def box(self, rule: int) -> Box:
        """The places that a rule accepts."""
        return tuple(axis.accepts[rule] for axis in self.axes)

    def left(self, box: Box, rules: int) -> Iterator[Box]:
        """The parts of a box that none of these rules takes; parts that differ in one axis only come as one.

        Goes from axis to axis; what was found to be taken whole is not looked at again (the rules that still match say
        it all). Raises TooMuch.
        """
        order = sorted(range(len(self.axes)), key=lambda at: len(self.axes[at].classes))
        yield from self._left(box, order, rules, set())

    def _left(self, box: Box, order: Sequence[int], live: int, taken: set[tuple[int, int]]) -> Iterator[Box]:
        if not live:
            yield box
            return
        if not order or (len(order), live) in taken or self._whole(box, order, live):
            return
        at, nothing = order[0], True
        for still, places in self._parted(at, box[at], live):
            for found in self._left((*box[:at], places, *box[at + 1 :]), order[1:], still, taken):
                nothing = False
                yield found
        if nothing:
            taken.add((len(order), live))

    def _whole(self, box: Box, order: Sequence[int], live: int) -> bool:
        """Whether one of the rules takes the whole box on all axes that are left."""
        for at in order:
            live &= self._each(at, box[at])
            if not live:
                return False
        return True

    def _parted(self, at: int, places: int, live: int) -> list[tuple[int, int]]:
        """The places of one axis by the rules that match there."""
        self.spend(len(self.axes[at].classes))
        found: dict[int, int] = {}
        for rules, mine in self.axes[at].classes:
            if mine & places:
                found[rules & live] = found.get(rules & live, 0) | (mine & places)
        return sorted(found.items())

    def _any(self, at: int, places: int) -> int:
        """The rules that accept any of some places of an axis."""
        key = (at, places)
        if key not in self._anyone:
            found = (rules for rules, mine in self.axes[at].classes if mine & places)
            self._anyone[key] = reduce(or_, found, 0)
        return self._anyone[key]

    def _each(self, at: int, places: int) -> int:
        """The rules that accept all of some places of an axis."""
        key = (at, places)
        if key not in self._everyone:
            self.spend(len(self.axes[at].classes))
            found = (rules for rules, mine in self.axes[at].classes if mine & places)
            self._everyone[key] = reduce(and_, found, self.all)
        return self._everyone[key]

    def spend(self, steps: int) -> None:
        """Counts steps; raises TooMuch when none are left."""
        self.steps -= steps + 1
        if self.steps < 0:
            raise TooMuch


def numbers(rules: int) -> Iterator[int]:
    """The rules of a set, in order."""
    while rules:
        low = rules & -rules
        yield low.bit_length() - 1
        rules ^= low
