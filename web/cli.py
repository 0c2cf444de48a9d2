"""The command `marchamo`: one table of what it can do; each entry says its name, its help, its arguments and its work."""

import argparse
import os
import select
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

import waitress

from engine.demo.story import APPLIED_FOR
from engine.domain.errors import Invalid, Problem, Refusal
from web import commands, kit
from web.app import create_app
from web.collecting import spare_what_stays
from web.i18n import of_terminal, speaking
from web.settings import Settings
from web.words import explain

UNREAD: Final = 128 + 13  # what a shell says of a program that SIGPIPE ended
REFUSED: Final = 2  # the exit status when a request is answered with "no"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that `marchamo` does. `name` may have two words (`case import`); `arguments` adds to its parser."""

    name: str
    help: str
    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] | None = None


def serve(arguments: argparse.Namespace) -> int:
    """Answers browsers until it is stopped."""
    settings = Settings.read()
    host, port = arguments.host or settings.host, arguments.port or settings.port
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    app = create_app(settings)
    spare_what_stays()
    waitress.serve(app, host=host, port=port, threads=settings.threads, ident="Marchamo")
    return 0


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to listen at (MARCHAMO_HOST)")
    parser.add_argument("--port", type=int, help="the port to listen at (MARCHAMO_PORT)")


def _name_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="this worker's own name; it takes up what it held under it")


def _port_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="the port to listen at (MARCHAMO_PORT)")


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="play it here, without a browser")
    parser.add_argument("--database", help="where to play it; one that was interrupted goes on")
    played = sorted(APPLIED_FOR)
    parser.add_argument("--programme", choices=played, default="sv", help="the programme under which it is played")


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the application as a JSON file")
    parser.add_argument("--as", dest="account", required=True, help="the user name in whose name the case starts")


def _decide_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="the decisions as a DMN file")
    parser.add_argument("--input", help="the values by name as a JSON file")
    parser.add_argument("--decision", help="the id of the decision or decision service, where the file has several")
    parser.add_argument("--json", action="store_true", help="print it as JSON, for programs")
    parser.add_argument("--at", help="the moment that now() is, such as 2027-01-31T08:00:00-06:00")


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", help="a signed certificate as a file, or the code on a certificate of this installation"
    )
    parser.add_argument("--key", help="the public key, in base64 or as a file")


def _kit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="the folder with the models and test cases, and any folders in it")


COMMANDS: Final[tuple[Command, ...]] = (
    Command("run", "serve Marchamo here with the worker inside and a made-up office", commands.run, _port_argument),
    Command("serve", "serve the pages", serve, _serve_arguments),
    Command("worker", "fire timers and send what is in the outbox", commands.work, _name_argument),
    Command("migrate", "bring the database to today's tables and publish what comes along", commands.bring_up),
    Command("demo", "play a whole life of a certificate on a virtual clock", commands.demonstrate, _demo_arguments),
    Command("case import", "start a case from an application file", commands.take_in, _import_arguments),
    Command(
        "verify-certificate",
        "check the signature of a certificate, without asking anybody",
        commands.verify_certificate,
        _verify_arguments,
    ),
    Command("decide", "make a decision of a DMN file and say which rules matched", commands.decide, _decide_arguments),
    Command("tck", "run test cases of the DMN conformance kit", kit.run, _kit_arguments),
)


def main(
    argv: Sequence[str] | None = None,
    known: Sequence[Command] = COMMANDS,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Runs the command that the arguments name; a refusal is printed in the terminal's language, problem by problem.

    Where whoever reads what it prints has stopped (`| head`), it ends without a word, as a program that the signal of the
    broken pipe ends.
    """
    try:
        try:
            return _run(argv, known, environment)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        unread = [stream for stream in (sys.stdout, sys.stderr) if _nobody_reads(stream)]
        if not unread:
            raise
        for stream in unread:  # what is still to be written goes nowhere, also at the very end
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return UNREAD


def _run(argv: Sequence[str] | None, known: Sequence[Command], environment: Mapping[str, str]) -> int:
    arguments = parser(known).parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except Refusal as refusal:
        with speaking(of_terminal(environment)):
            sys.stderr.write(_told(refusal))
        return REFUSED


def _nobody_reads(stream: TextIO) -> bool:
    """Whether the stream is a pipe whose reader is gone."""
    try:
        asked = select.poll()
        asked.register(stream.fileno(), select.POLLOUT)
    except (OSError, ValueError):  # what has no file descriptor is no pipe
        return False
    return any(said & select.POLLERR for _fd, said in asked.poll(0))


def _told(refusal: Refusal) -> str:
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    lines = [explain(refusal.message, refusal.params), *(f"- {_problem(one)}" for one in problems)]
    return "".join(f"{line}\n" for line in lines)


def _problem(problem: Problem) -> str:
    text = explain(problem.message, problem.params)
    return f"{problem.where}: {text}" if problem.where else text


def parser(known: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser of all commands; those of two words share the parser of the first."""
    top = argparse.ArgumentParser(prog="marchamo", description="The certification of Authorised Economic Operators.")
    groups = {"": top.add_subparsers(required=True, metavar="COMMAND")}
    for command in known:
        group, _space, name = command.name.rpartition(" ")
        if group not in groups:
            inner = groups[""].add_parser(group, help=f"{group} …")
            groups[group] = inner.add_subparsers(required=True, metavar="COMMAND")
        own = groups[group].add_parser(name, help=command.help)
        own.set_defaults(run=command.run)
        if command.arguments:
            command.arguments(own)
    return top
