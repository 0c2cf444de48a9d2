"""House rules of the repository: what may be in it, what is locked, and that its README tells the truth."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.house import tree
from tests.workflow.conformance import table

LOOSE_ENDS: Final = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINES: Final = re.compile(r"(?<![\w.}/-])/(work|farm|root|home|Users)/\w")
REGISTRIES: Final = re.compile(
    r"py" r"pi\.org|pythonhosted\.org|registry\.(npmjs|yarnpkg)|index-url[ =]|\"resolved\": *\""
)
WRITTEN: Final = [
    path for path in tree.tracked() if path.name not in tree.LOCKS and b"\0" not in (tree.ROOT / path).read_bytes()
]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number} {line.strip()[:80]}"
        for path in WRITTEN
        for number, line in enumerate(tree.text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_there_is_no_loose_end() -> None:
    assert lines_with(LOOSE_ENDS) == []


def test_no_machine_is_named() -> None:
    assert lines_with(MACHINES) == []


def test_no_registry_is_named() -> None:
    assert lines_with(REGISTRIES) == []


@pytest.mark.parametrize("path", tree.named("**/requirements.lock", "requirements.lock"), ids=str)
def test_every_locked_python_package_has_a_hash_and_no_address(path: Path) -> None:
    packages = re.split(r"\n(?=\S)", tree.text(path).strip())

    assert [one for one in packages if "==" not in one or "--hash=sha256:" not in one] == []
    assert "://" not in tree.text(path)


def test_every_locked_npm_package_has_a_hash_and_no_address() -> None:
    said = tree.text(Path("web/frontend/package-lock.json"))
    packages = {name: one for name, one in json.loads(said)["packages"].items() if name}

    assert [name for name, one in packages.items() if "integrity" not in one and not one.get("inBundle")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_continuous_integration_is_make_test_and_nothing_else() -> None:
    commands = [line for line in tree.text(Path(".ci/run")).splitlines() if not line.startswith("#")]

    assert re.findall(r"\bmake \w+", "\n".join(commands)) == ["make test"]


def test_the_top_level_holds_what_the_design_names() -> None:
    folders = {path.parts[0] for path in tree.tracked() if len(path.parts) > 1}

    assert folders <= {"engine", "bpmn", "forms", "web", "tests", ".ci"}


def test_every_path_in_the_readme_exists() -> None:
    said = re.findall(r"`((?:engine|web|bpmn|forms|tests)/[\w./-]*)`", tree.text(Path("README.md")))

    assert said
    assert [path for path in said if not (tree.ROOT / path).exists()] == []


def test_every_command_in_the_readme_exists() -> None:
    said = set(re.findall(r"(?m)(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z-]+)", tree.text(Path("README.md"))))
    known = set(re.findall(r"^([a-z-]+):", tree.text(Path("Makefile")), re.MULTILINE))

    assert {"run", "test"} <= said <= known


def test_the_readme_says_what_of_bpmn_runs() -> None:
    said = tree.text(Path("README.md"))

    assert table.written(said) == said, "run python -m tests.workflow.conformance"
