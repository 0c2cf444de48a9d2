"""The command: it dispatches by its table, and answers a refusal with a sentence."""

import argparse

import pytest

from engine.domain.errors import Invalid, Problem
from web.cli import COMMANDS, Command, main


def _says(text: str) -> Command:
    def run(arguments: argparse.Namespace) -> int:
        print(text, arguments.count)  # noqa: T201 - what the command prints is what is tested
        return 0

    return Command(text, "says so", run, lambda parser: parser.add_argument("--count", type=int, default=1) and None)


def test_a_command_of_two_words_stands_beside_one_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    commands = (_says("worker"), _says("case import"), _says("case list"))

    codes = [main(["worker"], commands), main(["case", "import", "--count", "3"], commands)]

    assert codes == [0, 0]
    assert capsys.readouterr().out == "worker 1\ncase import 3\n"


def test_a_refusal_is_printed_with_its_problems_and_the_exit_status_says_no(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(_arguments: argparse.Namespace) -> int:
        raise Invalid("The file was not accepted.", [Problem("tasks[0]", "Write a name.")])

    code = main(["import"], (Command("import", "imports", refuse),))

    assert code == 2
    assert capsys.readouterr().err == "The file was not accepted.\n- tasks[0]: Write a name.\n"


def test_an_unknown_command_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])

    assert "usage: marchamo" in capsys.readouterr().err


def test_every_command_has_a_name_and_a_help_of_its_own() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert all(command.help for command in COMMANDS)
