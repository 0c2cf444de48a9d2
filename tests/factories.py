"""The least that a test needs to exist: people, operators, small diagrams and forms, published by the real door."""

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy import select

from engine import people, releases, resources, starts
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin

PASSWORD = "a long enough pass phrase"
MORNING = datetime(2026, 1, 12, 15, tzinfo=UTC)  # a Monday, 9:00 in San Salvador

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="urn:test">'
)


def an_actor(database: Database, username: str, *roles: str, operators: Sequence[str] = ()) -> Actor:
    """Somebody with these roles, known by the user name; the same person when asked again."""
    with begin(database, SYSTEM) as work:
        account = work.session.scalar(select(models.Account).where(models.Account.username == username))
        if account is None:
            account = models.Account(
                id=work.new_id(),
                username=username,
                name=username.capitalize(),
                password_hash=_hash(),
                created_at=work.now,
                roles=[models.AccountRole(role=role) for role in roles],
                operators=[models.AccountOperator(operator_id=operator) for operator in operators],
            )
            work.session.add(account)
            work.session.flush()
        return people.actor(account)


@cache
def _hash() -> str:
    """PASSWORD as an account keeps it: worked out once, for hashing is slow on purpose and took half of the tests' time."""
    return PasswordHasher().hash(PASSWORD)


def an_operator(database: Database, tax_id: str = "0614-120190-101-4", name: str = "Exportadora Lempa") -> str:
    """An operator's id."""
    with begin(database, SYSTEM) as work:
        row = models.Operator(id=work.new_id(), tax_id=tax_id, name=name, kind="exporter", created_at=work.now)
        work.session.add(row)
        return row.id


def a_diagram(body: str, process: str = "trip", properties: Mapping[str, str] | None = None, root: str = "") -> bytes:
    """A BPMN file with one process; an analyst may start it by hand unless `properties` say otherwise."""
    said = {"start_roles": "analyst", "series": "TR", "name_en": process, **(properties or {})}
    lines = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in said.items())
    extension = f"<bpmn:extensionElements><zeebe:properties>{lines}</zeebe:properties></bpmn:extensionElements>"
    text = f'{HEAD}{root}<bpmn:process id="{process}" name="{process}" isExecutable="true">{extension}{body}</bpmn:process>'
    return f"{text}</bpmn:definitions>".encode()


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow; its id says from where to where."""
    inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    body = inner if condition else ""
    return f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">{body}</bpmn:sequenceFlow>'


def user_task(element: str, role: str = "analyst", form: str = "note", **properties: str) -> str:
    """A user task for a role with a form."""
    lines = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items())
    return (
        f'<bpmn:userTask id="{element}" name="{element}"><bpmn:extensionElements>'
        f'<zeebe:formDefinition formId="{form}"/><zeebe:assignmentDefinition candidateGroups="{role}"/>'
        f"<zeebe:properties>{lines}</zeebe:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def a_line(*elements: tuple[str, str]) -> str:
    """Start, the elements (id, XML) one after the other, end."""
    names = ["begun", *(name for name, _xml in elements), "ended"]
    flows = "".join(flow(a, b) for a, b in itertools.pairwise(names))
    return f'<bpmn:startEvent id="begun"/>{"".join(xml for _name, xml in elements)}<bpmn:endEvent id="ended"/>{flows}'


def a_form(form: str = "note", *fields: Mapping[str, object]) -> bytes:
    """A form-js schema; without fields it asks for one optional text, `remark`."""
    components = list(fields) or [{"type": "textfield", "key": "remark", "id": "remark", "label": "Nota"}]
    return json.dumps({"type": "default", "id": form, "schemaVersion": 19, "components": components}).encode()


def publish(database: Database, *content: tuple[str, str, bytes], now: datetime | None = None) -> None:
    """Puts resources (kind, key, content) to work, written by one process owner and published by another."""
    author, approver = an_actor(database, "dora", "process_owner"), an_actor(database, "pablo", "process_owner")
    for kind, key, text in content:
        with begin(database, author, now) as work:
            known = work.session.scalar(
                select(models.Resource.id).where(models.Resource.kind == kind, models.Resource.key == key)
            )
            draft = resources.open_draft(work, kind, key) if known else resources.create(work, kind, key, text)
            resources.save(work, draft.id, text, draft.revision)
            resources.submit(work, draft.id, "so that it can be tested")
            version = draft.id
        with begin(database, approver, now) as work:
            releases.publish(work, version)


def a_case(
    database: Database, body: str, *, actor: Actor | None = None, now: datetime = MORNING, root: str = ""
) -> str:
    """A running case of a process drawn as `body` (with what stands beside it in `root`) and the form `note`; its id."""
    publish(database, ("form", "note", a_form()), ("process", "trip", a_diagram(body, root=root)), now=now)
    operator = an_operator(database)
    with begin(database, actor or an_actor(database, "ana", "analyst"), now) as work:
        return starts.begin(work, "trip", {}, operator_id=operator).id


def open_tasks(database: Database, case_id: str) -> dict[str, str]:
    """The ids of the open tasks of a case, by element."""
    with begin(database, SYSTEM) as work:
        query = select(models.Task).where(models.Task.case_id == case_id, models.Task.status == "open")
        return {task.element: task.id for task in work.session.scalars(query)}
