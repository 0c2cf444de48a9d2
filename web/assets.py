"""Under which name the built style and scripts are found: the bundler's manifest, read once."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from flask import url_for

DIST: Final = Path(__file__).parent / "static" / "dist"


def asset(name: str) -> str:
    """The address of `main.css`, `app.js`, …, with its content hash; without a build, the plain name."""
    return url_for("static", filename=f"dist/{_manifest().get(name, name)}")


@cache
def _manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    files = json.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else {}
    return {str(name): str(file) for name, file in files.items()}
