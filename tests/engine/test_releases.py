"""What process owners edit goes to work only when a second person says so, and never changes under a running case."""

import shutil
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from engine import pins, releases, resources, starts, tasks
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.history import verify
from engine.queries import changes
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from tests.factories import MORNING, a_diagram, a_form, a_line, an_actor, an_operator, open_tasks, publish, user_task

ONE_TASK = a_diagram(a_line(("write", user_task("write"))))
TWO_TASKS = a_diagram(a_line(("write", user_task("write")), ("check", user_task("check"))))
SHIPPED = Path(__file__).parents[2]


@pytest.fixture
def dora(database: Database) -> Actor:
    return an_actor(database, "dora", "process_owner")


@pytest.fixture
def pablo(database: Database) -> Actor:
    return an_actor(database, "pablo", "process_owner")


def a_submitted_draft(database: Database, author: Actor, content: bytes = TWO_TASKS) -> str:
    with begin(database, author) as work:
        draft = resources.open_draft(work, "process", "trip")
        resources.save(work, draft.id, content, draft.revision)
        resources.submit(work, draft.id, "a second look")
        return draft.id


@pytest.fixture
def published(database: Database) -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", ONE_TASK))


def a_new_case(database: Database, operator: str) -> str:
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        return starts.begin(work, "trip", {}, operator_id=operator).id


@pytest.mark.usefixtures("published")
def test_new_cases_take_the_new_version_and_running_ones_keep_theirs(
    database: Database, dora: Actor, pablo: Actor
) -> None:
    operator = an_operator(database)
    old = a_new_case(database, operator)
    version = a_submitted_draft(database, dora)
    with begin(database, pablo) as work:
        releases.publish(work, version)
    new = a_new_case(database, operator)

    for case in (old, new):
        with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
            tasks.complete(work, open_tasks(database, case)["write"], {})

    assert open_tasks(database, old) == {}
    assert list(open_tasks(database, new)) == ["check"]


@pytest.mark.usefixtures("published")
def test_a_new_form_makes_a_new_release_of_every_process_that_uses_it(database: Database) -> None:
    asked = {"type": "textfield", "key": "reason", "id": "reason", "label": "Motivo"}
    publish(database, ("form", "note", a_form("note", asked)))

    with look(database, SYSTEM) as work:
        release = pins.current(work, "trip")
        assert release.number == 2
        assert [field.key for field in pins.form(work, release.id, "note").walk()] == ["reason"]


@pytest.mark.usefixtures("published")
def test_nobody_publishes_their_own_version(database: Database, dora: Actor) -> None:
    version = a_submitted_draft(database, dora)

    with pytest.raises(NotAllowed, match="another process owner"), begin(database, dora) as work:
        releases.publish(work, version)


@pytest.mark.usefixtures("published")
def test_only_process_owners_touch_resources(database: Database, dora: Actor) -> None:
    version = a_submitted_draft(database, dora)
    director = an_actor(database, "ernesto", "director", "administrator")

    with pytest.raises(NotAllowed), begin(database, director) as work:
        releases.publish(work, version)
    with pytest.raises(NotAllowed), begin(database, director) as work:
        resources.open_draft(work, "process", "trip")


@pytest.mark.usefixtures("published")
def test_what_would_not_run_as_drawn_is_refused_with_its_element_and_changes_nothing(
    database: Database, dora: Actor, pablo: Actor
) -> None:
    broken = a_diagram(a_line(("write", user_task("write")), ("check", user_task("check", form="missing"))))
    version = a_submitted_draft(database, dora, broken)

    with pytest.raises(Invalid) as refused, begin(database, pablo) as work:
        releases.publish(work, version)

    assert "check" in {problem.where for problem in refused.value.problems}
    with look(database, SYSTEM) as work:
        assert pins.current(work, "trip").number == 1
        assert work.session.get_one(models.ResourceVersion, version).status == "submitted"


@pytest.mark.usefixtures("published")
def test_a_process_keeps_its_id(database: Database, dora: Actor, pablo: Actor) -> None:
    renamed = a_diagram(a_line(("write", user_task("write"))), process="journey")
    version = a_submitted_draft(database, dora, renamed)

    with pytest.raises(Invalid, match="must keep the id"), begin(database, pablo) as work:
        releases.publish(work, version)


@pytest.mark.usefixtures("published")
def test_processes_that_run_in_one_case_share_no_element_id(database: Database, dora: Actor, pablo: Actor) -> None:
    call = '<bpmn:callActivity id="go" name="go"><bpmn:extensionElements><zeebe:calledElement processId="trip"/></bpmn:extensionElements></bpmn:callActivity>'
    outer = a_diagram(a_line(("go", call), ("write", user_task("write"))), process="outer")
    with begin(database, dora) as work:
        draft = resources.create(work, "process", "outer", outer)
        resources.submit(work, draft.id, "calls the trip")

    with pytest.raises(Invalid) as refused, begin(database, pablo) as work:
        releases.publish(work, draft.id)

    assert {problem.where for problem in refused.value.problems} == {"begun", "ended", "write"}


@pytest.mark.usefixtures("published")
def test_a_draft_saved_in_two_windows_is_a_conflict_for_the_second(database: Database, dora: Actor) -> None:
    with begin(database, dora) as work:
        draft = resources.open_draft(work, "process", "trip")
        seen = draft.revision
    with begin(database, dora) as work:
        resources.save(work, draft.id, TWO_TASKS, seen)

    with pytest.raises(Conflict), begin(database, dora) as work:
        resources.save(work, draft.id, ONE_TASK, seen)

    with look(database, dora) as work:
        assert work.session.get_one(models.ResourceVersion, draft.id).content == TWO_TASKS


@pytest.mark.usefixtures("published")
def test_a_submitted_version_is_edited_again_only_after_it_was_sent_back(
    database: Database, dora: Actor, pablo: Actor
) -> None:
    version = a_submitted_draft(database, dora)
    with pytest.raises(Conflict), begin(database, dora) as work:
        resources.save(work, version, ONE_TASK, 1)

    with begin(database, pablo) as work:
        resources.send_back(work, version, "the second task has no reason to be")

    with begin(database, dora) as work:
        draft = resources.open_draft(work, "process", "trip")
        assert draft.id == version
        assert draft.returned_reason == "the second task has no reason to be"


@pytest.mark.usefixtures("published")
def test_a_draft_is_its_authors_alone(database: Database, dora: Actor, pablo: Actor) -> None:
    with begin(database, dora) as work:
        draft = resources.open_draft(work, "process", "trip")

    with pytest.raises(NotAllowed), begin(database, pablo) as work:
        resources.save(work, draft.id, TWO_TASKS, draft.revision)


@pytest.mark.usefixtures("published")
def test_every_step_of_a_version_is_in_its_own_chain(database: Database, dora: Actor, pablo: Actor) -> None:
    version = a_submitted_draft(database, dora)
    with begin(database, pablo) as work:
        releases.publish(work, version)

    with look(database, SYSTEM) as work:
        stream = "resource:process:trip"
        query = select(models.Event.type).where(models.Event.stream == stream).order_by(models.Event.seq)
        once = ["DraftSaved", "DraftSaved", "DraftSubmitted", "ResourcePublished", "ReleaseMade"]
        assert list(work.session.scalars(query)) == [*once, *once]
        assert verify(work, stream) == (10, None)


def test_the_shipped_files_are_published_as_version_1_and_a_second_time_changes_nothing(database: Database) -> None:
    for _ in range(2):
        with begin(database, SYSTEM) as work:
            releases.install(work, SHIPPED)

    with look(database, SYSTEM) as work:
        numbers = work.session.scalars(select(models.ResourceVersion.number)).all()
        assert set(numbers) == {1}
        for process in (
            "application",
            "validation",
            "granting",
            "monitoring",
            "suspension",
            "revocation",
            "appeal",
            "surrender",
        ):
            assert pins.current(work, process).number == 1


def test_shipped_letters_that_the_office_never_changed_are_renewed_and_its_own_are_not(
    database: Database, tmp_path: Path
) -> None:
    shutil.copytree(SHIPPED / "bpmn", tmp_path / "bpmn")
    shutil.copytree(SHIPPED / "forms", tmp_path / "forms")
    for name in ("D18_withdrawal", "D27_surrender"):
        file = tmp_path / "forms" / "letters" / f"{name}.typ"
        file.write_text(file.read_text(encoding="utf-8").replace("acepta", "toma"), encoding="utf-8")
    with begin(database, SYSTEM) as work:
        releases.install(work, tmp_path)
    own = (tmp_path / "forms" / "letters" / "D18_withdrawal.typ").read_bytes() + b"\n"
    publish(database, ("letter", "D18_withdrawal", own))

    with begin(database, SYSTEM) as work:
        releases.install(work, SHIPPED)

    with look(database, SYSTEM) as work:
        now = releases.published(work)
        assert now["letter", "D18_withdrawal"].content == own
        renewed = now["letter", "D27_surrender"]
        assert (renewed.number, b"toma" in renewed.content) == (2, False)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """What came with an earlier Marchamo: a diagram, a form, a table, criteria and a programme were otherwise then."""
    shutil.copytree(SHIPPED / "bpmn", tmp_path / "bpmn")
    shutil.copytree(SHIPPED / "forms", tmp_path / "forms")
    for name in WERE_OTHERWISE.values():
        file = tmp_path / name
        file.write_bytes(_as_it_was(file.read_bytes(), file.suffix))
    return tmp_path


WERE_OTHERWISE = {
    ("process", "appeal"): "bpmn/appeal.bpmn",
    ("form", "check_admissibility"): "forms/check_admissibility.form.json",
    ("decision", "plan_terms"): "bpmn/decisions/plan_terms.dmn",
    ("criteria", "wco"): "forms/criteria/wco.toml",
    ("programme", "sv"): "bpmn/programmes/sv.toml",
}


OWN: Final = [("process", "appeal"), ("form", "check_admissibility")]


def _as_it_was(content: bytes, suffix: str) -> bytes:
    """The same with a remark or a blank more."""
    return content + {".toml": b"\n# as it was\n", ".json": b" \n"}.get(suffix, b"<!-- as it was -->\n")


def _installed(database: Database, folder: Path) -> dict[tuple[str, str], models.ResourceVersion]:
    with begin(database, SYSTEM) as work:
        releases.install(work, folder)
    with look(database, SYSTEM) as work:
        found = releases.published(work)
        return {name: found[name] for name in WERE_OTHERWISE}


def test_whatever_the_office_never_changed_is_renewed_and_running_cases_keep_their_release(
    database: Database, earlier: Path
) -> None:
    _installed(database, earlier)
    with begin(database, SYSTEM) as work:
        before = pins.current(work, "appeal").id

    now = _installed(database, SHIPPED)

    assert {name: version.number for name, version in now.items()} == dict.fromkeys(WERE_OTHERWISE, 2)
    assert all(b"as it was" not in version.content for version in now.values())
    assert not any(version.resource.newer for version in now.values())
    with begin(database, SYSTEM) as work:
        assert pins.current(work, "appeal").id != before
        old = pins.version(work, before, "process", "appeal")
        assert (old.number, b"as it was" in old.content) == (1, True)


def test_what_the_office_made_its_own_stays_and_a_newer_version_is_said_to_be_available(
    database: Database, earlier: Path
) -> None:
    held = _installed(database, earlier)
    publish(database, *((kind, key, held[kind, key].content + b"\n") for kind, key in OWN))

    now = _installed(database, SHIPPED)

    assert [now[name].resource.newer for name in OWN] == [True, True]
    assert [b"as it was" in now[name].content or name[0] == "form" for name in OWN] == [True, True]
    assert {name: now[name].number for name in WERE_OTHERWISE if name not in OWN} == {
        name: 2 for name in WERE_OTHERWISE if name not in OWN
    }
    publish(database, *((kind, key, now[kind, key].content + b"\n") for kind, key in OWN))
    assert [version.resource.newer for version in _installed(database, SHIPPED).values()] == [False] * 5


def test_an_owner_brings_the_newer_text_into_a_draft_to_hold_it_against_the_offices_own(
    database: Database, earlier: Path, dora: Actor
) -> None:
    held = _installed(database, earlier)
    publish(database, ("process", "appeal", held["process", "appeal"].content + b"\n"))
    own = _installed(database, SHIPPED)["process", "appeal"]

    with begin(database, dora) as work:
        draft = releases.take_over(work, SHIPPED, "process", "appeal")
        again = releases.take_over(work, SHIPPED, "process", "appeal")

        assert (draft.content, draft.based_on) == ((SHIPPED / "bpmn" / "appeal.bpmn").read_bytes(), own.id)
        assert again.id == draft.id


def test_only_an_owner_takes_a_newer_text_and_only_where_there_is_one(
    database: Database, earlier: Path, dora: Actor
) -> None:
    _installed(database, earlier)
    _installed(database, SHIPPED)

    with begin(database, dora) as work, pytest.raises(Conflict, match="No newer version"):
        releases.take_over(work, SHIPPED, "process", "appeal")
    with begin(database, an_actor(database, "ana", "analyst")) as work, pytest.raises(NotAllowed):
        releases.take_over(work, SHIPPED, "process", "appeal")


def test_files_that_do_not_go_with_what_the_office_changed_wait_for_its_word(database: Database, earlier: Path) -> None:
    diagram = earlier / "bpmn" / "appeal.bpmn"
    diagram.write_bytes(diagram.read_bytes().replace(b"</bpmn:definitions>", b"</bpmn:definitions> "))
    held = _installed(database, earlier)
    newer = earlier / "newer"
    shutil.copytree(earlier / "bpmn", newer / "bpmn")
    shutil.copytree(earlier / "forms", newer / "forms")
    broken = (newer / "bpmn" / "appeal.bpmn").read_text(encoding="utf-8")
    (newer / "bpmn" / "appeal.bpmn").write_text(broken.replace('formId="', 'formId="gone_', 1), encoding="utf-8")

    now = _installed(database, newer)

    assert now["process", "appeal"].id == held["process", "appeal"].id
    assert now["process", "appeal"].resource.newer


REPLY = (
    (
        '<bpmn:process id="reply" name="reply" isExecutable="true"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="start_roles" value="analyst"/><zeebe:property name="series" value="RE"/></zeebe:properties>'
        f"</bpmn:extensionElements>{a_line(('answer', user_task('answer')))}</bpmn:process>"
    )
    .replace("begun", "reply_begun")
    .replace("ended", "reply_ended")
)
CALL = (
    '<bpmn:callActivity id="go" name="go"><bpmn:extensionElements><zeebe:calledElement processId="reply"/>'
    "</bpmn:extensionElements></bpmn:callActivity>"
)
TWO_POOLS = a_diagram(a_line(("write", user_task("write")), ("go", CALL)), root=REPLY)


def test_each_executable_process_of_a_file_is_published_under_its_own_id(database: Database) -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", TWO_POOLS))
    operator = an_operator(database)
    ana = an_actor(database, "ana", "analyst")

    with begin(database, ana, MORNING) as work:
        calling = starts.begin(work, "trip", {}, operator_id=operator).id
        alone = starts.begin(work, "reply", {}, operator_id=operator).id
    with begin(database, ana, MORNING) as work:
        tasks.complete(work, open_tasks(database, calling)["write"], {})

    assert list(open_tasks(database, calling)) == ["answer"]
    assert list(open_tasks(database, alone)) == ["answer"]


def test_a_new_version_of_a_file_makes_a_release_of_each_of_its_processes(database: Database) -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", TWO_POOLS), ("process", "trip", TWO_POOLS))

    with look(database, SYSTEM) as work:
        assert [pins.current(work, process).number for process in ("trip", "reply")] == [2, 2]
        assert pins.contents(work, pins.current(work, "reply").id, "process") == {"reply": TWO_POOLS}


def test_a_process_that_is_in_force_cannot_vanish_from_its_file(database: Database) -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", TWO_POOLS))

    with pytest.raises(Invalid, match="no longer has the process reply"):
        publish(database, ("process", "trip", ONE_TASK))


def test_a_process_stands_in_one_file_only(database: Database) -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", TWO_POOLS))
    other = a_diagram(a_line(("write", user_task("write"))), process="reply")

    with pytest.raises(Invalid, match="The file trip has a process with the id reply too"):
        publish(database, ("process", "reply", other))


def test_an_error_in_any_process_of_a_file_is_told(database: Database) -> None:
    publish(database, ("form", "note", a_form()))

    with pytest.raises(Invalid) as refused:
        publish(database, ("process", "trip", TWO_POOLS.replace(b'formId="note"', b'formId="lost"')))

    assert {problem.where for problem in refused.value.problems} == {"write", "answer"}


def test_a_process_may_be_named_as_other_tools_name_theirs(database: Database) -> None:
    name = "sid-8F2A.1_p"
    diagram = a_diagram(a_line(("write", user_task("write"))), process=name)

    publish(database, ("form", "note", a_form()), ("process", name, diagram))

    with look(database, SYSTEM) as work:
        assert pins.current(work, name).number == 1


def test_the_changes_of_a_file_tell_of_each_of_its_processes() -> None:
    told = changes.between(ONE_TASK, TWO_POOLS)

    assert ("added", "reply") in {(one.how, one.id) for one in told}
    assert ("added", "go") in {(one.how, one.id) for one in told}
    assert ("removed", "reply") in {(one.how, one.id) for one in changes.between(TWO_POOLS, ONE_TASK)}
