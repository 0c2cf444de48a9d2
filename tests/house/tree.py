"""What is in the repository, as the tests of house rules read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from engine.workflow import encodings

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = frozenset({"requirements.lock", "package-lock.json"})


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that is there, by its path from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 - the git of whoever cloned this
    return tuple(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def named(*patterns: str) -> list[Path]:
    """The tracked files that match one of the patterns, e.g. `engine/**/*.py`; `**` is any number of folders."""
    return [path for path in tracked() if any(_matches(path, pattern) for pattern in patterns)]


def text(path: Path) -> str:
    """What a file says: a diagram in the encoding that it declares, all others in UTF-8."""
    data = (ROOT / path).read_bytes()
    return encodings.text(data) if path.suffix == ".bpmn" else data.decode()


@cache
def module(path: Path) -> ast.Module:
    """A Python file as a syntax tree."""
    return ast.parse(text(path), str(path))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call in a module: its line, and the name as it is written (`session.commit`)."""
    for node in ast.walk(module(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module or name that a module imports, in full (`flask.g`)."""
    for node in ast.walk(module(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _matches(path: Path, pattern: str) -> bool:
    folder, deep, name = pattern.rpartition("**/")
    if not deep:
        return path.match(pattern) and len(path.parts) == len(Path(pattern).parts)
    return str(path).startswith(folder) and path.match(name)
