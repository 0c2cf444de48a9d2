"""An application that arrives as a file starts a case like any other; a bad file is refused at the field, and changes nothing."""

import base64
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import imports
from engine.demo import answers
from engine.domain.errors import Invalid, NotAllowed
from engine.imports import Misplaced
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.factories import MORNING, an_actor, an_operator

TAX_ID = "0614-120190-101-4"
PDF = base64.b64encode(b"%PDF-1.7\n%%EOF\n").decode()
Said = dict[str, object]


def a_file() -> Said:
    """An application with its form, its self-assessment and two documents."""
    prepared = {
        "activity": "Exportación de prendas.",
        "years_of_operation": 14,
        "has_group": "no",
        "contact_name": "Ana Lemus",
        "contact_post": "Cumplimiento",
        "contact_email": "ana@lempa.example",
        "contact_phone": "+503 2555 0101",
        "sites": [{"name": "Planta", "address": "Calle 1", "use": "Producción"}],
        "registration_documents": [{"file": "register"}],
        "consent_publication": "yes",
        "consent_sharing": "yes",
    }
    assessed = {"self_assessment": answers.self_assessment({}, answers.of_sv(("planta",)))}
    assessed["self_assessment"]["A.3"] = {
        "answer": "yes",
        "narrative": "Solvente.",
        "evidence": [{"file": "solvency"}],
    }
    return {
        "process": "application",
        "operator": {"tax_id": TAX_ID},
        "start": {"programme": "sv", "types": ["exporter"]},
        "tasks": [
            {"task": "prepare_application", "answers": prepared},
            {"task": "assess_self", "answers": assessed},
        ],
        "evidence": [
            {"id": "register", "filename": "matricula.pdf", "content_base64": PDF},
            {"id": "solvency", "filename": "solvencia.pdf", "content_base64": PDF},
        ],
    }


@pytest.fixture
def operator(office: Database) -> str:
    return an_operator(office, TAX_ID)


def send(office: Database, operator: str, content: bytes) -> str:
    with begin(office, an_actor(office, "petra", "preparer", operators=[operator]), MORNING) as work:
        return imports.start(work, content).number


def places(office: Database, operator: str, content: bytes) -> list[str]:
    """Where the file is wrong; nothing of it may have been kept."""
    with pytest.raises(Misplaced) as refused:
        send(office, operator, content)
    with look(office, SYSTEM) as work:
        assert work.session.scalars(select(models.Case.id)).all() == []
        assert work.session.scalars(select(models.Blob.sha256)).all() == []
        assert work.session.scalars(select(models.Application.id)).all() == []
    return [problem.where for problem in refused.value.problems]


def test_a_good_file_starts_a_case_and_does_the_tasks_that_it_answers(office: Database, operator: str) -> None:
    number = send(office, operator, json.dumps(a_file()).encode())

    assert number == "OC-2026-0001"
    with look(office, SYSTEM) as work:
        case = work.session.scalars(select(models.Case)).one()
        assert (case.number, case.operator_id) == (number, operator)
        opened = work.session.scalars(select(models.Task.element).where(models.Task.status == "open")).all()
        assert opened == ["sign_and_submit"]
        kept = work.session.scalars(select(models.Evidence)).all()
        assert {(row.filename, row.case_id) for row in kept} == {
            ("matricula.pdf", case.id),
            ("solvencia.pdf", case.id),
        }


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "line 1, column 1"),
        (b'{"process": "application",\n "operator": }', "line 2, column 14"),
        (b"\xff\xfe{}", ""),
        (b"[]", ""),
        (b'"text"', ""),
        (b'{"process": "application", "process": "granting"}', "process"),
        (b'{"operator": {"tax_id": "1", "tax_id": "2"}}', "tax_id"),
        (b'{"operator": {"tax_id": "1"}, "start": {"types": NaN}}', ""),
        (b'{"operator": {"tax_id": "1"}, "start": {"types": 1e999}}', ""),
        (b"[" * 200_000, ""),
        (b'{"a":' * 200_000, ""),
        (b'{"operator": {"tax_id": "1"}, "start": {"n": ' + b"9" * 20_000 + b"}}", ""),
        (b'{"operator": {"tax_id": "\\ud800"}}', "operator.tax_id"),
        (b'{"operator": {"tax_id": "1\\u0000"}}', "operator.tax_id"),
    ],
)
def test_what_is_no_readable_file_is_refused_at_its_place(
    office: Database, operator: str, content: bytes, where: str
) -> None:
    assert places(office, operator, content) == [where]


CHANGES: dict[str, tuple[Callable[[Said], object], list[str]]] = {
    "an unknown key": (lambda said: said.update(typename="x"), ["typename"]),
    "no operator": (lambda said: said.pop("operator"), ["operator.tax_id"]),
    "an operator as text": (lambda said: said.update(operator=TAX_ID), ["operator.tax_id"]),
    "an operator that is not registered": (lambda said: said.update(operator={"tax_id": "0"}), ["operator.tax_id"]),
    "an unknown key of the operator": (
        lambda said: said.update(operator={"tax_id": TAX_ID, "admin": True}),
        ["operator.admin"],
    ),
    "a process that is a number": (lambda said: said.update(process=7), ["process"]),
    "a process that does not exist": (lambda said: said.update(process="../etc"), ["process"]),
    "a start that is a list": (lambda said: said.update(start=[]), ["start"]),
    "tasks that are an object": (lambda said: said.update(tasks={}), ["tasks"]),
    "evidence that is text": (lambda said: said.update(evidence="x"), ["evidence"]),
    "a task without answers": (lambda said: said.update(tasks=[{"task": "assess_self"}]), ["tasks[0]"]),
    "a task that is a list": (lambda said: said.update(tasks=[["assess_self", {}]]), ["tasks[0]"]),
    "answers that are text": (
        lambda said: said.update(tasks=[{"task": "assess_self", "answers": "yes"}]),
        ["tasks[0]"],
    ),
    "a task that is not open": (
        lambda said: said.update(tasks=[{"task": "decide_on_proposal", "answers": {}}]),
        ["tasks[0].task"],
    ),
    "an unknown field on the start form": (
        lambda said: said.update(start={"programme": "sv", "types": ["exporter"], "__class__": "x"}),
        ["start.__class__"],
    ),
    "a required field left out": (lambda said: said.update(start={"programme": "sv"}), ["start.types"]),
    "a wrong type": (
        lambda said: said.update(start={"programme": "sv", "types": {"exporter": True}}),
        ["start.types"],
    ),
    "a file that is not Base64": (
        lambda said: said.update(evidence=[{"id": "a", "filename": "a.pdf", "content_base64": "%%%"}]),
        ["evidence[0].content_base64"],
    ),
    "a file with accents for Base64": (
        lambda said: said.update(evidence=[{"id": "a", "filename": "a.pdf", "content_base64": "ñandú"}]),
        ["evidence[0].content_base64"],
    ),
    "a file without a name": (
        lambda said: said.update(evidence=[{"id": "a", "content_base64": PDF}]),
        ["evidence[0]"],
    ),
    "two files of one id": (
        lambda said: said.update(evidence=[{"id": "a", "filename": "a.pdf", "content_base64": PDF}] * 2),
        ["evidence[1].id"],
    ),
    "a program as a file": (
        lambda said: said.update(evidence=[{"id": "a", "filename": "a.exe", "content_base64": "TVqQ"}]),
        ["evidence[0]"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_thing_that_is_wrong_is_refused_at_its_place(office: Database, operator: str, change: str) -> None:
    apply, where = CHANGES[change]
    said = a_file()

    apply(said)

    assert places(office, operator, json.dumps(said).encode()) == where


def answered(said: Said, index: int) -> Said:
    tasks = said["tasks"]
    assert isinstance(tasks, list)
    found = tasks[index]["answers"]
    assert isinstance(found, dict)
    return found


def test_wrong_answers_are_refused_by_task_and_field(office: Database, operator: str) -> None:
    said = a_file()
    answered(said, 0).update(contact_email="no address", typename="x", years_of_operation="many")
    answered(said, 0).pop("activity")

    found = places(office, operator, json.dumps(said).encode())

    assert sorted(found) == [
        "tasks[0].answers.activity",
        "tasks[0].answers.contact_email",
        "tasks[0].answers.typename",
        "tasks[0].answers.years_of_operation",
    ]


@pytest.mark.parametrize("name", ["no such file", 7, None, ["register"], {"a": 1}])
def test_an_answer_that_names_a_file_which_is_not_there_is_refused(
    office: Database, operator: str, name: object
) -> None:
    said = a_file()
    answered(said, 0).update(registration_documents=[{"file": name}])

    found = places(office, operator, json.dumps(said).encode())

    assert found == ["tasks[0].answers.registration_documents[0]"]


def test_a_file_is_taken_in_only_for_an_operator_one_acts_for(office: Database, operator: str) -> None:
    other = an_operator(office, "0614-000000-000-0")

    with pytest.raises(NotAllowed), begin(office, an_actor(office, "otto", "preparer", operators=[other])) as work:
        imports.start(work, json.dumps(a_file()).encode())
    assert operator


def test_a_refusal_reads_as_sentences(office: Database, operator: str) -> None:
    with pytest.raises(Invalid) as refused:
        send(office, operator, b'{"operator": {"tax_id": "0"}, "typename": 1}')

    assert str(refused.value) == (
        "The application file was not accepted; nothing was changed.\n- typename: This key is not known here."
    )
