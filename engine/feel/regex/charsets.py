"""Sets of characters: classes, categories and blocks of Unicode, and the sets that square brackets make."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CharTest = Callable[[str], bool]

_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
_BLOCKS = Path(__file__).with_name("blocks.txt")


@dataclass(frozen=True, slots=True)
class CharSet:
    """What one character of the text must be."""

    test: CharTest

    def __contains__(self, char: str) -> bool:
        return self.test(char)

    def inverted(self) -> "CharSet":
        """All other characters."""
        return CharSet(lambda char: char not in self)

    def without(self, other: "CharSet") -> "CharSet":
        """The characters that are not in the other set."""
        return CharSet(lambda char: char in self and char not in other)

    def in_any_case(self) -> "CharSet":
        """With the small and capital forms of its characters."""
        return CharSet(lambda char: any(form in self for form in _forms(char)))


def any_of(sets: list[CharSet]) -> CharSet:
    """The characters of all the sets."""
    return CharSet(lambda char: any(char in each for each in sets))


def one(wanted: str) -> CharSet:
    """A single character."""
    return CharSet(lambda char: char == wanted)


def between(low: str, high: str) -> CharSet:
    """The characters from low to high."""
    return CharSet(lambda char: low <= char <= high)


def category(name: str) -> CharSet | None:
    r"""The set of `\p{name}`: a general category, or `Is` and a block; None for what Unicode does not have."""
    if name in _CATEGORIES:
        return CharSet(lambda char: unicodedata.category(char).startswith(name))
    bounds = _blocks().get(name[2:]) if name.startswith("Is") else None
    return any_of([between(chr(low), chr(high)) for low, high in bounds]) if bounds else None


@cache
def _blocks() -> Mapping[str, Sequence[tuple[int, int]]]:
    """The ranges of code points of each block, by its name."""
    found: dict[str, list[tuple[int, int]]] = {}
    for line in _BLOCKS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, low, high = line.split()
            found.setdefault(name, []).append((int(low, 16), int(high, 16)))
    return found


def _forms(char: str) -> set[str]:
    small, large = char.lower(), char.upper()
    return {form for form in (char, small, large, small.upper(), large.lower()) if len(form) == 1}


def _is_name_start(char: str) -> bool:
    return char in ":_" or unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nl"


def _is_name_part(char: str) -> bool:
    return _is_name_start(char) or char in "-.\u00b7" or unicodedata.category(char) in ("Nd", "Mn", "Mc")


CLASSES = {
    "s": CharSet(lambda char: char in " \t\n\r"),
    "d": CharSet(lambda char: unicodedata.category(char) == "Nd"),
    "w": CharSet(lambda char: unicodedata.category(char)[0] not in "PZC"),
    "i": CharSet(_is_name_start),
    "c": CharSet(_is_name_part),
}
CLASSES.update({name.upper(): found.inverted() for name, found in CLASSES.items()})
NOT_A_LINE_END = CharSet(lambda char: char not in "\n\r")
ANY = CharSet(lambda _char: True)
