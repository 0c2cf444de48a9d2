"""The table of visits: which sites are visited, which are a sample, and the reason that it gives for each."""

from pathlib import Path

import pytest

from engine import decisions

TABLE = Path(__file__).parents[2] / "bpmn" / "decisions" / "visit_plan.dmn"


@pytest.mark.parametrize(
    ("risk", "weak", "sites", "mapped", "mode", "why"),
    [
        ("high", 0, 9, False, "visit", "El riesgo de la empresa es alto."),
        ("low", 0, 9, True, "visit", "El mapa de riesgos señala esta instalación."),
        ("low", 1, 9, False, "visit", "La propia empresa declara que algo no se cumple del todo allí."),
        ("low", 0, 3, False, "visit", "Son pocas instalaciones: se visitan todas."),
        (
            "medium",
            0,
            9,
            False,
            "remote",
            "El riesgo medio y el número de instalaciones permiten comprobarla a distancia.",
        ),
        ("low", 0, 9, False, "none", "El riesgo es bajo, y ni el mapa de riesgos ni lo declarado la señalan."),
    ],
)
def test_a_site_is_visited_for_a_reason_and_left_out_for_one(
    risk: str,
    weak: int,
    sites: int,
    mapped: bool,  # noqa: FBT001 - a column of the table
    mode: str,
    why: str,
) -> None:
    asked = {"risk_level": risk, "weak_points": weak, "site_count": sites, "on_risk_map": mapped}

    found = decisions.decide(decisions.read(TABLE.read_bytes()), "visit_plan", asked, None).value

    assert isinstance(found, dict)
    assert (found["mode"], found["why"]) == (mode, why)
