"""One evaluation: the names it may read, the moment it happens at, and how much it has used of its budget."""

from collections.abc import Callable, Mapping
from datetime import datetime

from engine.feel import limits, spent
from engine.feel.errors import FeelError


class Run:
    """Shared by all parts of one evaluation; `at` is the offset of what was last begun, for errors."""

    __slots__ = ("_look", "_until", "at", "calls", "now", "steps")

    def __init__(self, now: datetime | None) -> None:
        self.now = now
        self.at = 0
        self.calls = 0
        self.steps = limits.STEPS
        self._look = limits.STEPS - limits.PORTION  # at so many steps left the clock is looked at
        self._until: float | None = None

    def spend(self, steps: int) -> None:
        """Count steps; raises FeelError when they, or the time for them, are used up."""
        self.steps -= steps
        if self.steps < self._look:
            self._check()

    def _check(self) -> None:
        if self.steps < 0:
            raise FeelError("The expression takes more than %(limit)s steps.", params={"limit": limits.STEPS})
        now = spent.seconds()
        if self._until is None:  # short expressions never come here, and never ask for the time
            self._until = now + limits.SECONDS
        elif now > self._until:
            raise FeelError("The expression takes too long to work out; let it do less.")
        self._look = self.steps - limits.PORTION

    def enter(self) -> None:
        """Begin a call of a function; pairs with `leave`."""
        self.calls += 1
        if self.calls > limits.CALLS:
            raise FeelError(
                "Functions call one another more than %(limit)s levels deep.", params={"limit": limits.CALLS}
            )

    def leave(self) -> None:
        """End a call of a function."""
        self.calls -= 1


Types = Callable[[object, str, Run], bool | None]


class Frame:
    """Where names are looked up: those of the innermost construct first, then those around it, then the scope."""

    __slots__ = ("converted", "names", "parent", "run", "scope", "types")

    def __init__(self, run: Run, scope: Mapping[str, object], names: Mapping[str, object]) -> None:
        self.run = run
        self.scope = scope
        self.converted: dict[str, object] = {}  # lists and contexts of the scope that were converted already
        self.names = names
        self.parent: Frame | None = None
        self.types: Types | None = None

    @classmethod
    def of_values(cls, run: Run, values: Mapping[str, object], types: Types | None = None) -> "Frame":
        """A frame whose scope holds FEEL values already, so that none of them is converted again.

        `types` says of a value whether it is of a type that is defined outside FEEL, and None for a name that is not.
        """
        frame = cls(run, values, {})
        frame.converted = dict(values)
        frame.types = types
        return frame

    def inner(self, names: Mapping[str, object], run: Run | None = None) -> "Frame":
        """A frame inside this one, of the same run or of the one that calls a function defined here."""
        frame = Frame.__new__(Frame)
        frame.run = run or self.run
        frame.scope = self.scope
        frame.converted = self.converted
        frame.names = names
        frame.parent = self
        frame.types = self.types
        return frame

    def fits(self, value: object, name: str) -> bool | None:
        """Whether the value is of a type defined outside FEEL; None for a name that is no such type."""
        return None if self.types is None else self.types(value, name, self.run)

    def find(self, name: str, missing: object) -> object:
        """The value that a construct gave to a name, or `missing`."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame.names[name]
            frame = frame.parent
        return missing
