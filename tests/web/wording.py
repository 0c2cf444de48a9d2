"""Collects every sentence that a reader may meet: what templates and pages mark, and what the engine raises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
SPANISH = ROOT / "web" / "translations" / "es.po"
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
SENTENCE = re.compile(r"[A-ZÀ-Ý«%][^\n]* [^\n]*(?:[.?:…»]|: %\(reason\)s)")
PLACES = re.compile(r"%\((\w+)\)s")
UNREAD = ("engine/demo", "engine/store", "web/cli.py", "web/frontend")  # print to a terminal, or say nothing to readers
IN_BOTH = {  # stand in the code in both languages already, because forms take them as they are
    "Answer for every site.",
    "Criterio obligatorio.",
    "Mandatory criterion.",
    "Responda para cada instalación.",
}


def collected() -> set[str]:
    """Every msgid that must have a translation; of plurals, the singular."""
    return {*_marked(), *_raised()} - IN_BOTH


def translated() -> dict[str, str]:
    """What the Spanish catalogue says, by msgid; of plurals, the plural form by the singular."""
    with SPANISH.open("rb") as file:
        catalog = read_po(file, locale="es")
    return {
        (message.id if isinstance(message.id, str) else message.id[0]): (
            message.string if isinstance(message.string, str) else message.string[-1]
        )
        for message in catalog
        if message.id
    }


def _marked() -> Iterator[str]:
    found = extract_from_dir(ROOT / "web", METHODS, OPTIONS, keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield message if isinstance(message, str) else message[0]


def _raised() -> Iterator[str]:
    """Refusals hand sentences on in many ways; whatever reads like one has to be translated."""
    for file in sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "web").rglob("*.py")]):
        if file.relative_to(ROOT).as_posix().startswith(UNREAD):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        documentation = {id(node.body[0].value) for node in ast.walk(tree) if _documented(node)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in documentation else None
            if isinstance(text, str) and SENTENCE.fullmatch(text):
                yield text
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                yield from (one.value for one in node.args[:1] if isinstance(one, ast.Constant))


def _documented(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)
