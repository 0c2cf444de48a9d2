"""Plays a scenario on the virtual clock, and says everything that is not as it should be, in one go."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from engine.demo import timeline
from engine.domain.errors import Refusal
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests import factories
from tests.processes import expecting, lives, meaning
from tests.processes.drawings import FOLDER
from tests.processes.lives import Life
from tests.processes.offices import Setting
from tests.processes.scenario import Act, Scenario, period

REACHED: Final[Mapping[str, Callable[[Database, Setting], Life]]] = {
    "nothing": Life,
    "filed": lives.filed,
    "admitted": lives.admitted,
    "visited": lives.visited,
    "proposed": lives.proposed,
    "heard": lives.heard,
    "granted": lives.granted,
    "suspended": lambda office, setting: lives.suspended(office, "b", setting),
    "revoked": lives.revoked,
}
_FILES: Final = {
    "process": "bpmn/{}.bpmn",
    "decision": "bpmn/decisions/{}.dmn",
    "programme": "bpmn/programmes/{}.toml",
    "form": "forms/{}.form.json",
    "letter": "forms/letters/{}.typ",
}


def play(scenario: Scenario, office: Database) -> Life:
    """Plays it to its end; AssertionError with every difference between what was to be so and what is."""
    life = REACHED[scenario.reached](office, scenario.setting)
    for index, act in enumerate(scenario.acts):
        place = f"{scenario.name}: when[{index}], {act.verb} = {act.what}"
        sent = len(life.letters) if "letters" in act.held else 0
        _insist(place, life, act)
        _compare(place, expecting.differences(life, act.held, sent))
    _compare(f"{scenario.name}: then", expecting.differences(life, {"incidents": [], **scenario.then}))
    with look(office, SYSTEM, life.now) as work:
        assert timeline.broken(work) == []
    return life


def _insist(place: str, life: Life, act: Act) -> None:
    """Does it; where it is to be refused, refused it must be, with those words."""
    said = ""
    try:
        _VERBS[act.verb](life, act)
    except Refusal as refusal:
        said = str(refusal)
    except AssertionError as error:
        raise AssertionError(f"{place}\n  {error}") from error
    assert said or not act.refused, f"{place}\n  should have been refused: «{act.refused}»"
    assert act.refused or not said, f"{place}\n  was refused: {said}"
    assert act.refused in said, f"{place}\n  the refusal says «{said}», not «{act.refused}»"


def _compare(place: str, found: Iterable[str]) -> None:
    lines = list(found)
    assert not lines, "\n  ".join([place, *lines])


def _do(life: Life, act: Act) -> None:
    life.pass_time(meaning.instant(life, act.on))
    task = life.chosen(act.what, act.nth, meaning.of_table(life, act.where))
    each = meaning.of_table(life, act.each)
    life.complete(task, meaning.of_table(life, act.answers), by=act.by, without=act.without, each=each)


def _start(life: Life, act: Act) -> None:
    life.start(
        act.what,
        meaning.of_table(life, act.answers),
        about=act.about or ("operator" if act.what == "application" else "certificate"),
        operator=act.operator,
        nth=act.nth,
        by=act.by,
        entry=act.entry or None,
        on=meaning.instant(life, act.on),
    )


def _tell(life: Life, act: Act) -> None:
    key, payload = meaning.of_text(life, act.key or "{authorisation}"), meaning.of_table(life, act.payload)
    life.say(act.what, key, payload, by=act.by, on=meaning.instant(life, act.on))


def _report(life: Life, act: Act) -> None:
    answers, on = meaning.of_table(life, act.answers), meaning.instant(life, act.on)
    life.report(act.what, answers, by=act.by, nth=act.nth, on=on)


def _withdraw(life: Life, act: Act) -> None:
    on = meaning.instant(life, act.on)
    life.withdraw(meaning.of_table(life, act.answers), act.what, by=act.by, nth=act.nth, on=on)


def _service(life: Life, act: Act) -> None:
    life.ask(act.what, meaning.of_table(life, act.arguments), by=act.by, on=meaning.instant(life, act.on))


def _go_on(life: Life, act: Act) -> None:
    """The answers, if any, are by task."""
    answers = meaning.of_table(life, act.answers)
    life.go_on([act.what], {task: one for task, one in answers.items() if isinstance(one, dict)})


def _publish(life: Life, act: Act) -> None:
    """A changed version of a shipped resource goes to work: «programme sv» with [old text, new text] replaced in it."""
    kind, key = act.what.split()
    path = FOLDER.parent / _FILES[kind].format(key)
    text = path.read_text(encoding="utf-8")
    for old, new in meaning.pairs(act.replace):
        assert old in text, f"{act.what} does not say «{old}»"
        text = text.replace(old, new, 1)
    factories.publish(life.database, (kind, key, text.encode()), now=life.now)


_VERBS: Final[Mapping[str, Callable[[Life, Act], object]]] = {
    "do": _do,
    "start": _start,
    "tell": _tell,
    "report": _report,
    "withdraw": _withdraw,
    "service": _service,
    "publish": _publish,
    "go_on": _go_on,
    "wait": lambda life, act: life.wait(act.what),
    "after": lambda life, act: life.pass_time(life.now + period(act.what)),
    "until": lambda life, act: life.pass_time(lives.at(date.fromisoformat(act.what))),
}
