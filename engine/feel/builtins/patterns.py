"""Texts and regular expressions: matches, replace, split. What XPath calls an error is null."""

from collections.abc import Callable

from engine.feel import limits
from engine.feel.regex import BadPattern, Match, Pattern, compile_pattern, find, find_all
from engine.feel.run import Run
from engine.feel.signature import running


def _matches(run: Run, text: str, pattern: str, flags: object = None) -> bool | None:
    machine = _machine(pattern, flags)
    return None if machine is None else find(machine, text, run.spend) is not None


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: object = None) -> str | None:
    machine = _machine(pattern, flags)
    if machine is None or find(machine, "", run.spend) is not None:
        return None
    try:
        fill = (
            (lambda _match: replacement) if isinstance(flags, str) and "q" in flags else _filler(machine, replacement)
        )
    except BadPattern:
        return None
    return _rebuilt(run, text, machine, fill)


def _split(run: Run, text: str, delimiter: str) -> list[object] | None:
    machine = _machine(delimiter, None)
    if machine is None or find(machine, "", run.spend) is not None:
        return None
    found: list[object] = []
    place = 0
    for match in find_all(machine, text, run.spend):
        found.append(text[place : match.start])
        place = match.end
    limits.check_items(len(found) + 1)
    return [*found, text[place:]]


def _machine(pattern: str, flags: object) -> Pattern | None:
    if flags is not None and not isinstance(flags, str):
        return None
    try:
        return compile_pattern(pattern, flags or "")
    except BadPattern:
        return None


def _rebuilt(run: Run, text: str, machine: Pattern, fill: Callable[[Match], str]) -> str:
    pieces: list[str] = []
    place = length = 0
    for match in find_all(machine, text, run.spend):
        piece = text[place : match.start] + fill(match)
        length += len(piece)
        if length > limits.TEXT:
            limits.checked_text(" " * length)
        pieces.append(piece)
        place = match.end
    return limits.checked_text("".join(pieces) + text[place:])


def _filler(machine: Pattern, replacement: str) -> Callable[[Match], str]:
    r"""How a replacement is filled: `$1` is a group, `\$` and `\\` are themselves."""
    pieces: list[str | int] = []
    place = 0
    while place < len(replacement):
        char = replacement[place]
        after = replacement[place + 1 : place + 2]
        if char == "\\":
            if after not in ("\\", "$"):
                raise BadPattern
            pieces.append(after)
            place += 2
        elif char == "$":
            digits = _group_digits(replacement[place + 1 :], machine.groups)
            pieces.append(int(digits))
            place += 1 + len(digits)
        else:
            pieces.append(char)
            place += 1
    return lambda match: "".join(_piece(match, piece) for piece in pieces)


def _group_digits(text: str, groups: int) -> str:
    """The longest number of a group that exists; a single digit may also name one that does not."""
    digits = ""
    for char in text:
        if char not in "0123456789" or (digits and int(digits + char) > groups):
            break
        digits += char
    if not digits:
        raise BadPattern
    return digits


def _piece(match: Match, piece: str | int) -> str:
    if isinstance(piece, str):
        return piece
    return match.group(piece) if 2 * piece < len(match.marks) else ""


TABLE = {
    "matches": running("input: string, pattern: string, flags?: any", _matches),
    "replace": running("input: string, pattern: string, replacement: string, flags?: any", _replace),
    "split": running("string: string, delimiter: string", _split),
}
