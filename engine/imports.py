"""Applications that arrive as a file: read with suspicion, answered field by field, started like any other case."""

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine import evidence, pins, starts, tasks
from engine.domain.errors import Invalid, NotFound, Problem
from engine.store import models
from engine.work import Work

LARGEST: Final = 100_000_000  # bytes: a form with its evidence
MOST_DIGITS: Final = 60  # of a whole number; no form asks for more
_TOP: Final = {"process", "operator", "start", "tasks", "evidence"}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_OPERATOR: Final = {"tax_id"}
_TASK: Final = {"task", "answers"}
_FILE: Final = {"id", "filename", "content_base64"}


class Misplaced(Invalid):
    """The application file is wrong; the problems name their places in the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("The application file was not accepted; nothing was changed.", problems)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the file says, once its shape is known to be right.

    `operator` is a tax id; `start` the answers of the start form; `tasks` the task ids with their answers, in order;
    `evidence` the documents by the name under which answers speak of them (`{"file": "seal_log"}`).
    """

    process: str
    operator: str
    start: Mapping[str, object]
    tasks: Sequence[tuple[str, Mapping[str, object]]]
    evidence: Mapping[str, tuple[str, bytes]]


def start(work: Work, content: bytes) -> models.Case:
    """Starts a case from an application file and does the tasks it answers, all of it or nothing.

    Invalid names every field that is wrong by its place in the file, e.g. `tasks[0].answers.legal_name`.
    """
    arrival = read(content)
    operator = work.session.scalar(select(models.Operator).where(models.Operator.tax_id == arrival.operator))
    if operator is None:
        message = "No operator with the tax id %(tax_id)s is registered. Register it first."
        raise Misplaced([Problem("operator.tax_id", message, {"tax_id": arrival.operator})])
    _require_process(work, arrival.process)
    with _below("start"):
        case = starts.begin(work, arrival.process, arrival.start, operator_id=operator.id)
    stored = {}
    for index, (name, (filename, data)) in enumerate(arrival.evidence.items()):
        with _below(f"evidence[{index}]"):
            stored[name] = evidence.store(work, case, filename, data, field=name)
    for index, (element, answers) in enumerate(arrival.tasks):
        with _below(where := f"tasks[{index}].answers"):
            tasks.complete(work, _open_task(work, case, element, index).id, _with_files(answers, stored, where))
    return case


def read(content: bytes) -> Arrival:
    """The file's content, its shape checked; unknown keys are refused by name."""
    if len(content) > LARGEST:
        raise Misplaced([Problem("", "The file is larger than %(size)s bytes.", {"size": LARGEST})])
    said = _parse(content)
    problems = [Problem(where, "This text cannot be stored.") for where in _unstorable(said, "")]
    problems += _unknown(said, _TOP, "")
    process = said.get("process", "application")
    operator = said.get("operator")
    tax_id = operator.get("tax_id") if isinstance(operator, Mapping) else None
    if isinstance(operator, Mapping):
        problems += _unknown(operator, _OPERATOR, "operator.")
    if not isinstance(process, str):
        problems.append(Problem("process", "Write the name of a process."))
    if not isinstance(tax_id, str) or not tax_id:
        problems.append(Problem("operator.tax_id", "Write the operator's tax id as text."))
    began = said.get("start", {})
    start_answers = dict(began) if isinstance(began, Mapping) else {}
    if not isinstance(began, Mapping):
        problems.append(Problem("start", "Write an object: field names and answers."))
    done, files = _tasks(said.get("tasks", []), problems), _evidence(said.get("evidence", []), problems)
    if problems:
        raise Misplaced(problems)
    return Arrival(str(process), str(tax_id), start_answers, done, files)


def _parse(content: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short,
        )
    except UnicodeDecodeError as error:
        raise Misplaced([Problem("", "The file is not UTF-8 text.")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Misplaced([Problem(where, "This is not JSON: %(reason)s.", {"reason": error.msg})]) from error
    except RecursionError as error:
        raise Misplaced([Problem("", "The file is nested too deeply.")]) from error
    if not isinstance(said, dict):
        raise Misplaced([Problem("", "Write one object with process, operator, start and tasks.")])
    return said


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Misplaced([Problem(twice, "This key is written twice.")])
    return found


def _no_constant(name: str) -> object:
    raise Misplaced([Problem("", "%(name)s is no number in JSON.", {"name": name})])


def _finite(digits: str) -> float:
    if not math.isfinite(value := float(digits)):
        _no_constant(digits[:40])
    return value


def _short(digits: str) -> int:
    return int(digits) if len(digits) <= MOST_DIGITS else int(_finite(digits))


def _unknown(said: Mapping[str, object], known: set[str], where: str) -> list[Problem]:
    return [Problem(f"{where}{key}", "This key is not known here.") for key in sorted(set(said) - known)]


def _unstorable(value: object, where: str) -> Iterator[str]:
    """Where there is text with half a character or a zero character, which a database does not take."""
    if isinstance(value, str) and _UNSTORABLE.search(value):
        yield where
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _unstorable(key, where)
            yield from _unstorable(inner, _join(where, key) if where else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unstorable(inner, f"{where}[{index}]")


def _tasks(said: object, problems: list[Problem]) -> list[tuple[str, Mapping[str, object]]]:
    if not isinstance(said, list):
        problems.append(Problem("tasks", "Write a list of tasks with their answers."))
        return []
    found = []
    for index, item in enumerate(said):
        where = f"tasks[{index}]"
        if not isinstance(item, Mapping) or set(item) != _TASK:
            problems.append(Problem(where, "Write an object with task and answers."))
        elif not isinstance(item["task"], str) or not isinstance(item["answers"], Mapping):
            problems.append(Problem(where, "The task is a name, the answers are an object."))
        else:
            found.append((item["task"], item["answers"]))
    return found


def _evidence(said: object, problems: list[Problem]) -> dict[str, tuple[str, bytes]]:
    if not isinstance(said, list):
        problems.append(Problem("evidence", "Write a list of files."))
        return {}
    found = {}
    for index, item in enumerate(said):
        where = f"evidence[{index}]"
        if not isinstance(item, Mapping) or set(item) != _FILE or not all(isinstance(v, str) for v in item.values()):
            problems.append(Problem(where, "Write an object with id, filename and content_base64, all text."))
            continue
        if item["id"] in found:
            problems.append(Problem(f"{where}.id", "This id is given twice."))
        try:
            found[item["id"]] = (item["filename"], base64.b64decode(item["content_base64"], validate=True))
        except ValueError:
            problems.append(Problem(f"{where}.content_base64", "This is not Base64."))
    return found


def _with_files(value: object, stored: Mapping[str, str], where: str) -> dict[str, object]:
    """The answers with `{"file": name}` replaced by the id of the stored document."""
    swapped = _swap(value, stored, where)
    if not isinstance(swapped, dict):
        raise TypeError(where)
    return swapped


def _swap(value: object, stored: Mapping[str, str], where: str) -> object:
    if isinstance(value, Mapping) and set(value) == {"file"}:
        name = value["file"]
        if not isinstance(name, str) or name not in stored:
            raise Misplaced([Problem(where, "There is no evidence with the id %(name)s.", {"name": str(name)[:80]})])
        return stored[name]
    if isinstance(value, Mapping):
        return {key: _swap(item, stored, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_swap(item, stored, f"{where}[{index}]") for index, item in enumerate(value)]
    return value


@contextmanager
def _below(prefix: str) -> Iterator[None]:
    """What is refused inside is told with its place in the file."""
    try:
        yield
    except Misplaced:
        raise
    except Invalid as refused:
        found = [Problem(_join(prefix, p.where), p.message, p.params) for p in refused.problems]
        raise Misplaced(found or [Problem(prefix, refused.message, refused.params)]) from refused


def _require_process(work: Work, process: str) -> None:
    try:
        pins.current(work, process)
    except NotFound as error:
        raise Misplaced([Problem("process", error.message, error.params)]) from error


def _open_task(work: Work, case: models.Case, element: str, index: int) -> models.Task:
    query = select(models.Task).where(
        models.Task.case_id == case.id, models.Task.element == element, models.Task.status == "open"
    )
    task = work.session.scalars(query).first()
    if task is None:
        message = "The case has no open task %(task)s at this point."
        raise Misplaced([Problem(f"tasks[{index}].task", message, {"task": element})])
    return task


def _join(prefix: str, where: str) -> str:
    return f"{prefix}.{where}" if where else prefix
