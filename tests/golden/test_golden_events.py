"""What a released kind of event said, it says for ever: `events.jsonl` holds one line of each and only grows."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from engine.domain import events
from engine.domain.chain import canonical

LINES = (Path(__file__).parent / "events.jsonl").read_text(encoding="utf-8").splitlines()
KINDS = {
    name: kind
    for name, kind in vars(events).items()
    if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["type"])
def test_an_event_written_by_an_earlier_release_still_reads_the_same(line: str) -> None:
    written = json.loads(line)

    event = KINDS[written["type"]](**written["data"])

    said = {field.name: getattr(event, field.name) for field in fields(event)}
    assert canonical({name: said[name] for name in written["data"]}) == canonical(written["data"])


def test_every_kind_of_event_has_its_line() -> None:
    assert {json.loads(line)["type"] for line in LINES} == set(KINDS)
