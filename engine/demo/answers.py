"""What the people of the demonstration write into the forms, and the documents they hand in."""

from collections.abc import Mapping
from typing import Final

import typst

CRITERIA: Final = (
    *("A.1", "A.2", "A.3", "A.4", "B.1", "B.2", "B.3", "B.4", "B.5", "B.6", "C.1", "C.2", "C.3", "D.1", "D.2"),
    *("E.1", "E.2", "F.1", "F.2", "G.1", "G.2", "G.3", "H.1", "I.1", "I.2", "J.1", "J.2", "K.1", "K.2", "L.1", "M.1"),
)
WEAK: Final = {  # criterion: what the operator says about it
    "G.2": "La custodia de marchamos está a cargo de un tercero; se lleva libro de entregas y devoluciones.",
    "K.2": "Dos de cada tres socios comerciales están certificados; el plan de verificación cubre al resto en 2026.",
}


def self_assessment(evidence: Mapping[str, str]) -> dict[str, object]:
    """Answers to all conditions; `evidence` are document ids by criterion."""
    return {
        code: {
            "answer": "partly" if code in WEAK else "yes",
            "narrative": WEAK.get(
                code, "Existe procedimiento escrito, vigente y conocido por el personal que lo aplica."
            ),
            "evidence": [evidence[code]] if code in evidence else [],
        }
        for code in CRITERIA
    }


def scores() -> dict[str, object]:
    """What the analyst gives each condition, with a note where it is not full marks."""
    return {
        code: {
            "score": 2 if code in WEAK else 3,
            "note": "Respaldo parcial; se verificará en la visita." if code in WEAK else "",
        }
        for code in CRITERIA
    }


def conclusions() -> dict[str, object]:
    """What the validators conclude on each condition."""
    return {
        code: {
            "score": "minor" if code in WEAK else "conforms",
            "note": "Corregido durante la validación." if code in WEAK else "",
        }
        for code in CRITERIA
    }


def certificate_of(subject: str, holder: str) -> bytes:
    """A one-page PDF that says that the holder is in order with `subject`."""
    body = (
        f"#set document(title: [Constancia])\n= Constancia de {subject}\n\nSe hace constar que {holder} está solvente."
    )
    rendered = typst.compile(body.encode())
    if not isinstance(rendered, bytes):
        raise TypeError(subject)
    return rendered


def seal_log() -> bytes:
    """A month of the register of seals, as a spreadsheet would save it."""
    lines = [f"2026-01-{day:02},SV{day * 7919 % 100000:05},C{day:03},colocado,íntegro" for day in range(1, 29)]
    return ("fecha,marchamo,contenedor,acto,estado\n" + "\n".join(lines) + "\n").encode()
