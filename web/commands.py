"""What `marchamo` does besides serving pages: set up, work, demonstrate, take in applications, decide."""

import argparse
import json
import os
import secrets
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

import waitress

from engine import decisions, imports, people, releases, signing
from engine.decisions import Model
from engine.demo import office, outcome, playing, timeline
from engine.domain.errors import Invalid, NotFound
from engine.queries import public as public_queries
from engine.signing import Signer
from engine.store import migrate
from engine.store.database import Database
from engine.work import SYSTEM, begin, insist, look
from engine.worker import Worker
from web import explaining, words
from web.app import create_app
from web.collecting import spare_what_stays
from web.i18n import gettext
from web.settings import CONTENT, Settings, local_database

BROKEN: Final = 1  # the exit status when the history does not verify
FIRST_DAY: Final = datetime(2026, 1, 5, 14, tzinfo=UTC)  # on which the made-up office of the demonstration opens


def bring_up(arguments: argparse.Namespace) -> int:
    """Brings the database to today's tables and publishes the files that come with Marchamo, where they are missing."""
    del arguments
    _ready(_open(Settings.read()))
    return 0


def work(arguments: argparse.Namespace) -> int:
    """Fires timers and does what is in the outbox, until it is stopped; any number of workers may run."""
    settings = Settings.read()
    name = arguments.name or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, end)
    worker = Worker(_open(settings), name, settings.signer(), settings.postman())
    spare_what_stays()
    worker.run(stop)
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Serves Marchamo on this machine with the worker inside and a made-up office to try it with."""
    settings = Settings.read()
    database = _open(settings)
    _ready(database)
    password = _demo_password(settings.data)
    with begin(database, SYSTEM) as work:
        office.found(work, password)
    stop = threading.Event()
    inside = Worker(database, f"run:{os.getpid()}", settings.signer(), settings.postman())
    worker = threading.Thread(target=inside.run, args=(stop,), daemon=True)
    port = arguments.port or settings.port
    server = waitress.create_server(create_app(settings), host=settings.host, port=port, threads=settings.threads)
    spare_what_stays()
    worker.start()
    _print(_welcome(f"http://{settings.host}:{port}/", password))
    try:
        server.run()
    finally:
        stop.set()
        worker.join()
    return 0


def demonstrate(arguments: argparse.Namespace) -> int:
    """Plays a whole life of a certificate under a programme, on a virtual clock; prints what happened and what came of it.

    At the end the history is verified. With `--database`, a demonstration that was killed goes on where it stood.
    """
    if not arguments.headless:
        _print("marchamo run serves the demonstration in the browser; marchamo demo --headless plays it here.\n")
        return 0
    if arguments.database:
        return _play(Database(arguments.database), arguments.programme, Settings.read().signer())
    folder = Settings.read().data / "demo"
    for old in folder.glob("marchamo.db*"):
        old.unlink()
    return _play(Database(local_database(folder)), arguments.programme, Settings.read().signer())


def take_in(arguments: argparse.Namespace) -> int:
    """Starts a case from an application that arrived as a JSON file, in the name of an account."""
    database = _open(Settings.read())
    with look(database, SYSTEM) as work:
        actor = people.actor(people.by_username(work, arguments.account))
    content = Path(arguments.file).read_bytes()

    def start() -> str:
        with begin(database, actor) as work:
            return imports.start(work, content).number

    _print(f"{insist(start)}\n")
    return 0


def decide(arguments: argparse.Namespace) -> int:
    """Makes a decision of a DMN file on the values of a JSON file, and prints what it found and how, as JSON or to be read.

    What the file imports is looked for among the .dmn files beside it. `--decision` may also name a decision service;
    without it, it is the one decision that no other decision of the file requires. `now()` is the moment given as
    `--at`, and null without it: the same command answers the same for ever.
    """
    table = Path(arguments.table)
    others = (other.read_bytes() for other in sorted(table.parent.glob("*.dmn")) if not other.samefile(table))
    model = decisions.parse(table.read_bytes(), others)
    values = _values(Path(arguments.input)) if arguments.input else {}
    at = datetime.fromisoformat(arguments.at) if arguments.at else None
    found = decisions.explain(model, arguments.decision or _last(model), values, at)
    if arguments.json:
        _print(f"{json.dumps(found.told(), ensure_ascii=False, indent=2)}\n")
        return 0
    for line in explaining.lines(model, found):
        _print(f"{line}\n")
    return 0


def verify_certificate(arguments: argparse.Namespace) -> int:
    """Checks a signed certificate without asking anybody, and prints what it certifies.

    `what` is a file as the public page hands it out, or the code of a certificate in this installation's database;
    the public key comes from `--key` (a file, or the key in base64), else from what this installation knows.
    """
    file = Path(arguments.what)
    content = file.read_bytes() if file.exists() else _by_code(arguments.what)
    facts, text, signature, key_id = signing.read(content)
    public = _public_key(arguments.key, key_id)
    if signing.key_id(public) != key_id or not signing.holds(text, signature, public):
        _print(f"{gettext('The signature does not belong to these facts and this key.')}\n")
        return BROKEN
    _print(f"{json.dumps(facts, ensure_ascii=False, indent=2)}\n")
    _print(
        f"{gettext('The signature is genuine (key %(key)s). Whether it still holds today is told by the public page.', key=key_id)}\n"
    )
    return 0


def _by_code(code: str) -> bytes:
    with look(_open(Settings.read()), SYSTEM) as work:
        found = public_queries.signed(work, code)
    if found is None:
        raise NotFound("There is no file of that name, and no signed certificate with that code.")
    return found.encode()


def _public_key(given: str | None, key_id: str) -> str:
    if given:
        return Path(given).read_text(encoding="ascii").strip() if Path(given).exists() else given
    with look(_open(Settings.read()), SYSTEM) as work:
        known = public_queries.keys(work)
    if key_id not in known:
        raise NotFound("The public key %(key)s is not known here: give it with --key.", key=key_id)
    return known[key_id]


def _values(file: Path) -> dict[str, object]:
    try:
        values = json.loads(file.read_bytes())
    except ValueError as error:
        raise Invalid("The file %(file)s is no JSON.", file=file.name) from error
    if not isinstance(values, dict):
        raise Invalid("The file %(file)s holds no values by name.", file=file.name)
    return values


def _last(model: Model) -> str:
    required = {other for one in model.decisions.values() for other in one.requires}
    found = [one.id for one in model.own.values() if not one.knowledge and one.id not in required]
    if len(found) != 1:
        raise Invalid(
            "The file has the decisions %(decisions)s; choose one with --decision.", decisions=", ".join(found)
        )
    return found[0]


def _play(database: Database, programme: str, signer: Signer) -> int:
    migrate.up(database)
    with begin(database, SYSTEM, FIRST_DAY) as work:
        releases.install(work, CONTENT)
        office.found(work, os.environ.get("MARCHAMO_DEMO_PASSWORD") or secrets.token_urlsafe(24))
    playing.play(database, programme, signer)
    with look(database, SYSTEM) as work:
        for line in timeline.lines(work):
            _print(f"{line}\n")
        _print("\n" + "".join(f"{line}\n" for line in outcome.lines(outcome.of(work))) + "\n")
        broken = timeline.broken(work)
    if broken:
        _print(f"The history does not verify: {', '.join(broken)}\n")
        return BROKEN
    _print("The history verifies.\n")
    return 0


def _open(settings: Settings) -> Database:
    return Database(settings.database, settings.zone)


def _ready(database: Database) -> None:
    migrate.up(database)
    with begin(database, SYSTEM) as work:
        releases.install(work, CONTENT)


def _demo_password(data: Path) -> str:
    """The password of the made-up accounts: from the environment, or made at random once and kept beside the data."""
    given = os.environ.get("MARCHAMO_DEMO_PASSWORD")
    path = data / "demo-password"
    if given:
        return given
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"marchamo-{secrets.token_hex(4)}", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _welcome(address: str, password: str) -> str:
    lines = [gettext("Marchamo is ready at %(address)s", address=address), ""]
    lines.append(gettext("Log in with the password %(password)s as one of:", password=password))
    for person in office.ACCOUNTS:
        roles = ", ".join(words.of(words.ROLES, role) for role in person.roles)
        lines.append(f"  {person.username:<14} {person.name:<22} {roles}")
    return "\n".join([*lines, "", gettext("Stop it with Ctrl+C; the data stays."), ""])


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
