"""The decisions that come with Marchamo are drawn whole: the picture of what requires what shows every line."""

from pathlib import Path
from typing import Final

import pytest
from lxml import etree

SHIPPED: Final = sorted((Path(__file__).parents[2] / "bpmn" / "decisions").glob("*.dmn"))
MODEL: Final = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DRAWING: Final = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_decision_input_and_requirement_is_drawn(file: Path) -> None:
    root = etree.fromstring(file.read_bytes())
    elements = ("decision", "inputData", "informationRequirement", "knowledgeRequirement")

    drawn = {one.get("dmnElementRef") for tag in ("DMNShape", "DMNEdge") for one in root.iter(DRAWING + tag)}

    assert drawn == {one.get("id") for tag in elements for one in root.iter(MODEL + tag)}
