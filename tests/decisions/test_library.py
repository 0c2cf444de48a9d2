"""Which of the files beside it a file imports, and what is said where that cannot be told."""

import pytest

from engine import decisions
from engine.decisions import library
from engine.domain.errors import Invalid
from tests.decisions.drawn import a_decision, a_library, a_text

FLOOR = a_library("urn:limits", a_decision("floor", a_text("50")))
RISK = (
    '<decision id="risk" name="risk"><variable name="risk"/>'
    '<informationRequirement><requiredDecision href="urn:limits#floor"/></informationRequirement>'
    + a_text("score &gt;= limits.floor").replace("&amp;", "&")
    + "</decision>"
)
BANDS = a_library("urn:bands", RISK, limits="urn:limits")


def test_a_file_decides_with_what_it_imports_directly_and_through_others() -> None:
    inner = (
        '<decision id="floor" name="floor"><variable name="floor"/>'
        '<informationRequirement><requiredDecision href="urn:law#years"/></informationRequirement>'
        + a_text("law.years * 10")
        + "</decision>"
    )
    files = {
        "bands": BANDS,
        "limits": a_library("urn:limits", inner, law="urn:law"),
        "law": a_library("urn:law", a_decision("years", a_text("3"))),
        "other": a_library("urn:other", a_decision("other", a_text("1"))),
    }

    assert set(library.imported(files, "bands")) == {"limits", "law"}
    assert decisions.decide(library.model(files, "bands"), "risk", {"score": 40}, None).value is True


def test_a_file_that_imports_nothing_needs_no_other() -> None:
    assert library.imported({"limits": FLOOR, "bands": BANDS}, "limits") == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"bands": BANDS, "law": a_library("urn:law", "")},
            (
                "Line 1 imports urn:limits, and no decision in force has that namespace; correct it, or put that decision to"
                " work first. There are: urn:law."
            ),
        ),
        (
            {"bands": BANDS, "one": FLOOR, "two": FLOOR},
            "Line 1 imports urn:limits, which is the namespace of one, two; give all but one of them another.",
        ),
        (
            {"bands": BANDS, "limits": a_library("urn:limits", "", back="urn:bands")},
            "These decisions import one another in a circle: bands → limits → bands. Remove one of the imports.",
        ),
        (
            {"bands": a_library("urn:bands", "", me="urn:bands")},
            "These decisions import one another in a circle: bands → bands. Remove one of the imports.",
        ),
        (
            {"bands": BANDS, "limits": a_library("urn:limits", "", law="urn:law")},
            (
                "Line 1 imports urn:law, and no decision in force has that namespace; correct it, or put that decision to"
                " work first. There are: urn:bands."
            ),
        ),
    ],
    ids=["missing", "ambiguous", "circle", "itself", "missing further on"],
)
def test_an_import_that_cannot_be_told_is_refused_with_what_to_do(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        library.model(files, "bands")

    assert [str(one) for one in refused.value.problems] == [said]
