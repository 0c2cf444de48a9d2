"""The command: it dispatches by its table, and answers a refusal with a sentence."""

import argparse
import json
from pathlib import Path

import pytest

from engine.domain.errors import Invalid, Problem
from tests.decisions.drawn import a_decision, a_file, a_table, a_text
from tests.programs import marchamo
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

    code = main(["import"], (Command("import", "imports", refuse),), environment={})

    assert code == 2
    assert capsys.readouterr().err == "The file was not accepted.\n- tasks[0]: Write a name.\n"


def test_an_unknown_command_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])

    assert "usage: marchamo" in capsys.readouterr().err


def test_every_command_has_a_name_and_a_help_of_its_own() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert all(command.help for command in COMMANDS)


TABLE = a_decision("fee", a_table([("score", "number")], [("euro", "number")], ["< 50", "10"], [">= 50", "0"]))


def decide(folder: Path, body: str, values: str, *more: str) -> int:
    """Runs the command on such a file and such values."""
    (folder / "table.dmn").write_bytes(a_file(body))
    (folder / "values.json").write_text(values, encoding="utf-8")
    arguments = ["decide", str(folder / "table.dmn"), "--input", str(folder / "values.json"), "--json", *more]
    return main(arguments, environment={})


def test_a_table_decides_at_the_command_line_and_says_by_which_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = decide(tmp_path, TABLE, '{"score": 12}')

    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert said["value"] == 10
    assert [rule["number"] for rule in said["steps"][0]["matched"]] == [1]


def test_what_a_table_decides_at_the_command_line_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = a_decision("twice", a_text("score * 2"))
    rules = (["< 50", "-", '"low"'], [">= 50", '"a"', '"high"', "Art. 12"], ["-", "-", '"x"'])
    table = a_table([("twice", "number"), ("kind", "string")], [("band", "string")], *rules, policy="F")
    (tmp_path / "t.dmn").write_bytes(a_file(inner + a_decision("risk", table, "twice")))
    (tmp_path / "v.json").write_text('{"score": 30, "kind": "a"}', encoding="utf-8")

    code = main(["decide", str(tmp_path / "t.dmn"), "--input", str(tmp_path / "v.json")])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "Resultado: «high».",
        "",
        "risk: «high»",
        "  Respondió la regla 2.",
        "  Responde la primera regla que se cumple (F).",
        "  Regla 2 «Art. 12»",
        "    twice = 60: >= 50",
        '    kind = «a»: "a"',
        "    → band = «high»",
        "  La regla 1 no correspondió: twice es 60, y pide < 50.",
        "  Reglas que no se muestran: 1.",
        "",
        "twice: 60",
        "  score * 2",
        "  score = 30",
    ]


def test_without_a_matching_rule_the_command_line_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [("n", "number", "", "7")]
    body = a_decision("d", a_table([("score", "number")], outputs, ["> 50", "1"]))
    (tmp_path / "t.dmn").write_bytes(a_file(body))
    (tmp_path / "v.json").write_text('{"score": 30}', encoding="utf-8")

    main(["decide", str(tmp_path / "t.dmn"), "--input", str(tmp_path / "v.json")])

    assert "Ninguna regla se cumplió: respondió el valor por omisión." in capsys.readouterr().out


def test_the_decision_that_no_other_requires_is_meant_unless_another_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = TABLE + a_decision("total", a_text("fee + 1"), "fee")

    codes = [decide(tmp_path, body, '{"score": 12}'), decide(tmp_path, body, '{"score": 12}', "--decision", "fee")]

    assert codes == [0, 0]
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith('  "value"')]
    assert found == ['  "value": 11,', '  "value": 10,']


def test_the_moment_of_a_decision_at_the_command_line_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = a_decision("d", a_text("today()"))

    decide(tmp_path, body, "{}", "--at", "2027-01-31T23:00:00-06:00")
    decide(tmp_path, body, "{}")

    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith('  "value"')]
    assert found == ['  "value": "2027-01-31",', '  "value": null,']


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("es_SV.UTF-8", "no es FEEL en el carácter 4 (Se esperaba un valor, pero la expresión termina aquí.)."),
        ("en_US.UTF-8", "is not FEEL at character 4 (a value was expected, but the expression ends here.)."),
    ],
)
def test_the_terminal_says_in_which_language_a_refusal_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, says: str
) -> None:
    (tmp_path / "wrong.dmn").write_bytes(a_file(a_decision("d", a_text("1 + "))))
    asked = ["decide", str(tmp_path / "wrong.dmn"), "--input", str(tmp_path / "none.json")]
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")

    code = main(asked, environment={"LANG": language})

    assert code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "values", "says"),
    [
        (TABLE, "score", "is no JSON"),
        (TABLE, "[1]", "holds no values by name"),
        (TABLE + a_decision("other", a_text("1")), "{}", "has the decisions fee, other; choose one"),
        (TABLE.replace("&lt; 50", "if"), "{}", "Rule 1, column score"),
    ],
)
def test_what_cannot_be_decided_at_the_command_line_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, values: str, says: str
) -> None:
    code = decide(tmp_path, body, values)

    assert code == 2
    assert says in capsys.readouterr().err


def test_imports_and_services_are_found_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = TABLE + '<decisionService id="s" name="s"><outputDecision href="#fee"/></decisionService>'
    (tmp_path / "other.dmn").write_bytes(a_file(other).replace(b"urn:test", b"urn:other"))
    required = '<informationRequirement><requiredDecision href="urn:other#fee"/></informationRequirement>'
    body = (
        f'<import namespace="urn:other" name="o"/><decision id="d" name="d">{required}{a_text("o.fee + 1")}</decision>'
    )
    own = '<decisionService id="serving" name="serving"><outputDecision href="#d"/></decisionService>'

    codes = [decide(tmp_path, body + own, '{"o": {"score": 1}}', *more) for more in ((), ("--decision", "serving"))]

    assert codes == [0, 0]
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith('  "value"')]
    assert found == ['  "value": 11,', '  "value": 11,']


def unread(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and the complaints of a command whose reader is gone before it prints."""
    with marchamo(folder, *arguments) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        complaints = running.stderr.read()
        return running.wait(), complaints


def test_a_command_whose_reader_stops_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "table.dmn").write_bytes(a_file(TABLE))
    (tmp_path / "values.json").write_text('{"score": 10}')

    end = unread(tmp_path, "decide", str(tmp_path / "table.dmn"), "--input", str(tmp_path / "values.json"))

    assert end == (141, "")


def test_a_pipe_that_breaks_elsewhere_is_a_fault_as_before() -> None:
    def fail(_arguments: argparse.Namespace) -> int:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        main(["import"], (Command("import", "imports", fail),))
