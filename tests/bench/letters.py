"""A letter as PDF/A-2a: how long the longest act takes to be typeset, the first of a process and those after it."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from engine import printing
from tests.bench.measures import Line, ms, undisturbed

FOLDER: Final = Path(__file__).parents[2] / "forms" / "letters"
KEY: Final = "D15_grant"  # two pages in either language
TURNS: Final = 60
TARGET: Final = "<= 100 ms"


def lines() -> Sequence[Line]:
    """Each letter says something else, so that nothing of the text before it helps but the template."""
    templates = {file.stem: file.read_bytes() for file in FOLDER.glob("*.typ")}
    times = [_typeset(templates, turn) for turn in range(TURNS)]
    return [
        Line("letter PDF/A-2a + UA-1, the first of a process", f"{times[0] * 1000:.1f} ms", target=TARGET),
        Line("letter PDF/A-2a + UA-1", ms(times[1:]), f"{median(times[1:]) * 1000:.0f} of 100 ms", target=TARGET),
    ]


def _typeset(templates: dict[str, bytes], turn: int) -> float:
    reasons = " ".join(f"Consta en el expediente el punto {number} de {turn}." for number in range(40))
    facts = {
        "language": "en",
        "letter": {"number": f"DGA-OC-2026-{turn:04}", "date": "2026-11-23", "place": "San Bartolo"},
        "office": {"name": "Dirección General de Aduanas", "name_en": "General Directorate of Customs"},
        "operator": {"name": f"Exportadora {turn}", "tax_id": "0614-120190-101-4"},
        "reasons": reasons,
        "certificate_number": f"OC-SV-2026-{turn:04}",
        "granted_on": "2026-11-20",
        "effective_on": "2026-11-20",
        "appeal": {"text": reasons},
    }
    with undisturbed():
        began = perf_counter()
        printing.pdf(templates, KEY, {"facts": json.dumps(facts)})
        return perf_counter() - began
