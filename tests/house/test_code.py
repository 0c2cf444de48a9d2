"""House rules of the code: one clock, one commit, no code from text, no loose ends."""

import ast
import re
import sys
from pathlib import Path
from typing import Final

from tests.house import tree

OURS: Final = tree.named("engine/**/*.py", "web/**/*.py")
TESTS: Final = tree.named("tests/**/*.py")
PAGES: Final = tree.named("web/templates/**/*.html")
CLOCKS: Final = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)$")
ENDINGS: Final = re.compile(r"\.(commit|rollback|begin_nested)$")
CODE_FROM_TEXT: Final = frozenset({"eval", "exec", "__import__", "Markup", "markupsafe.Markup"})
UNSAFE_MODULES: Final = frozenset({"pickle", "marshal", "shelve", "dill", "cloudpickle"})
MOCKS: Final = frozenset({"monkeypatch", "mocker", "mock", "xfail", "skip", "skipif", "importorskip"})
ESCAPED_ALREADY: Final = frozenset({Path("web/components.py")})  # what our own macros rendered, and nothing else
GENERATED: Final = Path("engine/store/migrations/versions")
LONGEST: Final = 500


def places(found: list[tuple[Path, int, str]]) -> list[str]:
    return [f"{path}:{line} {what}" for path, line, what in found]


def test_every_module_opens_with_one_line_that_says_what_it_is_about() -> None:
    written = [path for path in [*OURS, *TESTS] if tree.text(path)]
    said = {path: ast.get_docstring(tree.module(path)) or "" for path in written}

    assert [str(path) for path, words in said.items() if not words.partition("\n")[0].strip()] == []


def test_only_work_reads_the_clock() -> None:
    found = [(path, line, name) for path in OURS for line, name in tree.calls(path) if CLOCKS.search(name)]

    assert places([one for one in found if one[0] != Path("engine/work.py")]) == []


def test_only_work_ends_a_transaction_and_has_the_one_savepoint() -> None:
    found = [(path, line, name) for path in OURS for line, name in tree.calls(path) if ENDINGS.search(name)]
    savepoints = [path for path, _line, name in found if name.endswith("begin_nested")]
    endings = [(path, name) for path, _line, name in found if not name.endswith("begin_nested")]

    assert set(endings) == {
        (Path("engine/work.py"), "transaction.commit"),
        (Path("engine/store/transaction.py"), "self._pooled.commit"),  # what that one comes down to
    }
    assert savepoints == [Path("engine/work.py")]


def test_only_work_opens_the_database() -> None:
    opening = re.compile(r"\b(writing|reading)$")
    found = [(path, line, name) for path in OURS for line, name in tree.calls(path) if opening.search(name)]

    assert {path for path, _line, _name in found} == {Path("engine/work.py")}


def test_no_text_becomes_code_or_markup() -> None:
    called = [(path, line, name) for path in OURS for line, name in tree.calls(path) if name in CODE_FROM_TEXT]
    read = [(path, line, name) for path in OURS for line, name in tree.imports(path)]

    assert places([one for one in called if one[0] not in ESCAPED_ALREADY]) == []
    assert places([one for one in read if one[2].partition(".")[0] in UNSAFE_MODULES]) == []


def test_templates_escape_everything_and_hold_no_script() -> None:
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false")
    scripted = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|javascript:")

    assert [str(path) for path in PAGES if unescaped.search(tree.text(path))] == []
    assert [str(path) for path in PAGES if scripted.search(tree.text(path))] == []


def test_domain_and_feel_need_only_the_standard_library() -> None:
    pure = tree.named("engine/domain/**/*.py", "engine/feel/**/*.py")
    read = [(path, line, name) for path in pure for line, name in tree.imports(path)]
    known = sys.stdlib_module_names | {"engine"}

    assert places([one for one in read if one[2].partition(".")[0] not in known]) == []


def test_the_request_is_only_known_to_the_web() -> None:
    read = [(path, line, name) for path in OURS for line, name in tree.imports(path)]
    theirs = ("flask", "werkzeug", "jinja2", "waitress", "web")
    found = [one for one in read if one[0].parts[0] == "engine" and one[2].partition(".")[0] in theirs]

    assert places(found) == []


def test_tests_use_the_real_thing_and_leave_nothing_out() -> None:
    found = []
    for path in TESTS:
        for node in ast.walk(tree.module(path)):
            name = getattr(node, "attr", None) or getattr(node, "arg", None) or getattr(node, "module", None)
            if isinstance(name, str) and name.rpartition(".")[2] in MOCKS and not _skips_an_element(node):
                found.append((path, getattr(node, "lineno", 0), name))

    assert places(found) == []


def _skips_an_element(node: ast.AST) -> bool:
    """`run.skip` is a person's decision about a case, not a test left out."""
    return isinstance(node, ast.Attribute) and node.attr == "skip" and ast.unparse(node.value).endswith("run")


def test_who_silences_a_check_says_why() -> None:
    silent = re.compile(r"# noqa(?!: [A-Z0-9, ]+ - \S)|# type: ignore(?!\[[a-z-, ]+\]  # \S)")
    lines = [(path, number, line) for path in OURS for number, line in enumerate(tree.text(path).splitlines(), 1)]

    assert places([one for one in lines if silent.search(one[2])]) == []


def test_no_file_is_longer_than_one_sitting() -> None:
    written = tree.named("**/*.py", "**/*.js", "**/*.mjs", "**/*.html", "**/*.css", "**/*.scss")
    long = [path for path in written if tree.text(path).count("\n") > LONGEST]

    assert [str(path) for path in long if path.parent != GENERATED] == []
