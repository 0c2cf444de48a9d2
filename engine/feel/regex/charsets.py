"""Sets of characters: classes, categories and blocks of Unicode, and the sets that square brackets make."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

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
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}


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
    bounds = _BLOCKS.get(name[2:]) if name.startswith("Is") else None
    return between(chr(bounds[0]), chr(bounds[1])) if bounds else None


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
