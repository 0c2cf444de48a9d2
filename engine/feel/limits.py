"""What one expression may cost: every limit that keeps hostile text from holding up the office."""

from engine.feel.errors import FeelError

SOURCE = 20_000  # characters of one expression
DEPTH = 60  # expressions inside one another while reading; each takes about six Python frames
TREE = 200  # levels of the finished tree: long chains of operators lean to the left
CALLS = 50  # FEEL functions inside one another
STEPS = 150_000  # evaluated nodes, counted at loops and calls
SECONDS = 0.075  # of the processor, for steps that take longer than most; neither a busy machine nor the collector counts against it
PORTION = 1_000  # steps between two looks at the clock
TEXT = 200_000  # characters of one text value
ITEMS = 50_000  # elements of one list or context
LEVELS = 100  # lists and contexts inside one another in a value
SLOW = 50  # steps that one power, root or logarithm counts
DIGITS = 34  # of a number, by the standard (IEEE 754 decimal128)
EXACT = 10**DIGITS  # whole numbers below this are exact


def checked_text(text: str) -> str:
    """The text itself, when it is not longer than a value may be."""
    if len(text) > TEXT:
        raise FeelError("The text would be longer than %(limit)s characters.", params={"limit": TEXT})
    return text


def check_items(count: int) -> None:
    """Refuse a list or context of more elements than a value may have."""
    if count > ITEMS:
        raise FeelError("The list would be longer than %(limit)s elements.", params={"limit": ITEMS})


def check_levels(level: int) -> None:
    """Refuse a value whose lists and contexts are nested too deeply."""
    if level > LEVELS:
        raise FeelError("Lists and contexts are nested more than %(limit)s levels deep.", params={"limit": LEVELS})


def length_cost(value: object) -> int:
    """The steps that working through a text or list counts."""
    return len(value) >> 6 if isinstance(value, str | list) else 0
