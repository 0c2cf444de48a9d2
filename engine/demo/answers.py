"""What the people of the demonstration write into the forms, and the documents they hand in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import typst

from engine import forms, questions
from engine.demo.office import LEMPA
from engine.store import models
from engine.work import Work

Asked = Iterable[tuple[str, tuple[str, ...]]]  # criteria, each with the keys of the sites that it is asked for


@dataclass(frozen=True, slots=True)
class Themes:
    """Under which criterion a programme asks about what the story tells of."""

    seals: str
    visitors: str
    partners: str
    solvency: str
    staff: str


THEMES: Final[Mapping[str, Themes]] = {
    "sv": Themes("G.2", "I.2", "K.2", "A.3", "J.1"),
    "eu": Themes("6.4", "6.3", "6.10", "4.1", "6.11"),
    "wco": Themes("G.2", "I.2", "K.2", "A.3", "J.1"),
}
WEAK: Final = {  # criterion: what the operator says about it
    code: said
    for one in THEMES.values()
    for code, said in (
        (one.seals, "La custodia de marchamos está a cargo de un tercero; se lleva libro de entregas y devoluciones."),
        (one.partners, "Dos de cada tres socios están certificados; el plan de verificación cubre al resto en 2026."),
    )
}
CRITERIA: Final = (
    *("SV.01", "SV.02", "SV.03", "SV.04", "SV.05", "SV.06", "SV.07", "SV.08", "SV.09", "P1.1", "P1.2", "P2.1", "P2.2"),
    *("P2.3", "P2.4", "P2.5", "P2.6", "P3.1", "P3.2", "P3.3", "P4.1", "P4.2", "A.1", "A.2", "A.3", "A.4", "B.1", "B.2"),
    *("B.3", "B.4", "B.5", "B.6", "C.1", "C.2", "C.3", "D.1", "D.2", "E.1", "E.2", "F.1", "F.2", "G.1", "G.2", "G.3"),
    *("H.1", "I.1", "I.2", "J.1", "J.2", "K.1", "K.2", "L.1", "M.1"),
)
BY_SITE: Final = frozenset({"P2.1", "P2.2", "G.1", "G.2", "G.3", "H.1", "I.1", "I.2"})
SITES: Final = tuple(place.key for place in forms.places(name for name, _address in LEMPA.sites))


def of_sv(sites: tuple[str, ...] = SITES) -> Asked:
    """What El Salvador asks: its own conditions and those of the SAFE framework, some of them for each site."""
    return [(code, sites if code in BY_SITE else ()) for code in CRITERIA]


def of_case(work: Work, case: models.Case, data: Mapping[str, object]) -> Asked:
    """What a case asks."""
    whom = questions.asked(work, case, case.release_id, data)
    keys = tuple(place.key for place in whom.places)
    return [(one.code, keys if one.per == "site" else ()) for one in questions.criteria(work, case.release_id, whom)]


def self_assessment(evidence: Mapping[str, str], asked: Asked | None = None) -> dict[str, object]:
    """Answers to all criteria; `evidence` are document ids by criterion."""

    def answer(code: str) -> dict[str, object]:
        usual = "Existe procedimiento escrito, vigente y conocido por el personal que lo aplica."
        return {
            "answer": "partly" if code in WEAK else "yes",
            "narrative": WEAK.get(code, usual),
            "evidence": [evidence[code]] if code in evidence else [],
        }

    return _each(asked, answer)


def scores(asked: Asked | None = None) -> dict[str, object]:
    """What the analyst gives each criterion, with a note where it is not full marks."""

    def score(code: str) -> dict[str, object]:
        note = "Respaldo parcial; se verificará en la visita." if code in WEAK else ""
        return {"score": 2 if code in WEAK else 3, "note": note}

    return _each(asked, score)


def conclusions(asked: Asked | None = None) -> dict[str, object]:
    """What the validators conclude on each criterion."""

    def conclusion(code: str) -> dict[str, object]:
        note = "Corregido durante la validación." if code in WEAK else ""
        return {"score": "minor" if code in WEAK else "conforms", "note": note}

    return _each(asked, conclusion)


def _each(asked: Asked | None, write: Callable[[str], dict[str, object]]) -> dict[str, object]:
    """What is written on each criterion, for each site where it is asked by site."""
    listed = of_sv() if asked is None else asked
    return {code: {site: write(code) for site in sites} if sites else write(code) for code, sites in listed}


def risks(asked: Asked | None = None) -> list[dict[str, object]]:
    """What the validators see as risks that remain, under the criteria that the case asks; none where it asks of neither."""
    codes = {code for code, _sites in (of_sv() if asked is None else asked)}
    themes = next((one for one in THEMES.values() if {one.seals, one.partners} <= codes), None)
    return _risks(themes) if themes else []


def _risks(themes: Themes) -> list[dict[str, object]]:
    seals: dict[str, object] = {
        "criterion": themes.seals,
        "site": LEMPA.sites[1][0],
        "description": "Marchamos en manos de un tercero durante el turno de noche.",
        "inherent_impact": 4,
        "inherent_likelihood": 4,
        "control": "Custodia bajo llave y libro de entregas.",
        "residual_impact": 4,
        "residual_likelihood": 3,
        "response": "Revisar el libro cada trimestre.",
        "owner": "Oficial de seguimiento",
        "review_on": "2026-09-15",
    }
    partners: dict[str, object] = {
        "criterion": themes.partners,
        "description": "Un tercio de los socios comerciales está sin certificar.",
        "inherent_impact": 3,
        "inherent_likelihood": 3,
        "control": "Plan de verificación de socios.",
        "residual_impact": 3,
        "residual_likelihood": 2,
        "response": "Pedir el avance del plan en la revisión anual.",
        "owner": "Oficial de seguimiento",
    }
    return [seals, partners]


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
