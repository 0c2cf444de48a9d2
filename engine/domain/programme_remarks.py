"""What a programme's file says of its own values: notes, and what is assumed and waits for confirmation."""

from collections.abc import Iterator
from typing import Final

from engine.domain.programme_parts import Remark, Words
from engine.domain.tables import Reader, Table

QUESTIONS: Final = range(1, 14)  # the open questions of the domain page §15


def remarks(new: Reader) -> tuple[Remark, ...]:
    """All of them, in the order of the file."""
    found = [_remark(new, place, table) for place, table in _tables("", new.root)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.line or 0))


def _tables(place: str, table: Table) -> Iterator[tuple[str, Table]]:
    if place:
        yield place, table
    for key, value in table.items():
        here = f"{place}.{key}" if place else key
        if isinstance(value, dict):
            yield from _tables(here, value)
        elif isinstance(value, list):
            for index, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _tables(f"{here}[{index}]", row)


def _remark(new: Reader, place: str, table: Table) -> Remark | None:
    note = Words(_note(new, table, place, "es"), _note(new, table, place, "en"))
    assumed, keys = _assumption(new, table, place)
    question = new.number(table, place, "question", 1) if "question" in table else 0
    if question and question not in QUESTIONS:
        new.wrong(f"{place}.question", "The open questions are numbered from 1 to %(last)s.", None, last=QUESTIONS[-1])
    if not (assumed or note.es):
        return None
    return Remark(place, keys, note, question, assumed, new.line(place))


def _note(new: Reader, table: Table, place: str, language: str) -> str:
    """A note in one language; `note`, as older files have it, stands for both."""
    key = f"note_{language}"
    if key not in table and f"note_{'en' if language == 'es' else 'es'}" in table:
        new.wrong(f"{place}.{key}", "Write the note in both languages.", None)
    return new.text(table, place, key if key in table else "note", empty=True)


def _assumption(new: Reader, table: Table, place: str) -> tuple[bool, tuple[str, ...]]:
    value = table.get("assumption", False)
    if isinstance(value, bool):
        return value, ()
    if isinstance(value, list):
        return True, new.texts(table, place, "assumption", [key for key in table if key != "assumption"])
    new.wrong(f"{place}.assumption", 'Write true, false, or the keys that are assumed: ["base"].', None)
    return True, ()
