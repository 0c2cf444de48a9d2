"""Every construct that is accepted runs as the standard draws it; the rest is refused with the element and the reason."""

from pathlib import Path

import pytest

from tests.workflow.conformance import pairs, stage, table


@pytest.mark.parametrize("name", pairs.names())
def test_a_construct_runs_or_is_refused_as_its_pair_of_files_says(name: str) -> None:
    pair = pairs.read(name)

    found = stage.complaints(pair)

    if pair.verdict == "refused":
        assert [where for where, text in found if where == pair.where and pair.says in text], found
    else:
        assert found == []
        for reload in (True, False):
            stage.Stage(pair, reload=reload).play()


def test_every_diagram_says_what_must_happen() -> None:
    called = {
        f"{pairs.read(name).group}/{file.removesuffix('.bpmn')}"
        for name in pairs.names()
        for file in pairs.read(name).called
    }

    assert pairs.diagrams() == {*pairs.names(), *called}


def test_a_key_that_means_nothing_is_no_conformance_case(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "odd.toml").write_text('construct = "Odd"\nverdict = "right"\nsteps = []\n')

    with pytest.raises(ValueError, match="unknown steps"):
        pairs.read("flow/odd", tmp_path)


def test_a_construct_has_one_verdict() -> None:
    both = [pairs.Pair("flow/one", "Odd", "right"), pairs.Pair("flow/two", "Odd", "refused")]

    with pytest.raises(ValueError, match="Odd is refused and right"):
        table.table(both)
