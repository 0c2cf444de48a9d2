"""The right to be heard: an act that is intended, its grounds and documents, the arguments, and the answer to each."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from engine import clocks, history, statuses
from engine.domain.errors import Conflict, Invalid, Problem
from engine.domain.events import ArgumentsAnswered, HearingEnded, HearingOpened
from engine.domain.guards import Facts
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Work

HEARD: Final = "heard"
SILENT: Final = "silent"
WAIVED: Final = "waived"
SENT_BACK: Final = "T36"
LETTERS: Final = {
    "refuse": "D14",
    "not_renew": "D14",
    "revoke": "D24",
    "annul": "D24",
    "restrict": "D24",
    "amend": "D24",
}


def begin(
    work: Work,
    case: models.Case,
    subject_id: str,
    act: str,
    grounds: str | Sequence[object],
    documents: Sequence[object] | None = None,
) -> models.Hearing:
    """An act is intended; what it rests on is fixed from now on, so that the letter, the file and the decision agree."""
    named: list[object] = [{"criterion": None, "ground": grounds}] if isinstance(grounds, str) else list(grounds)
    hearing = models.Hearing(
        id=work.new_id(),
        case_id=case.id,
        subject_id=subject_id,
        act=act,
        grounds=named,
        documents=list(documents or ()),
        arguments=[],
        answers=[],
        opened_on=work.today,
        created_at=work.now,
    )
    work.session.add(hearing)
    work.session.flush()
    event = HearingOpened(hearing.id, subject_id, act, len(hearing.grounds), len(hearing.documents))
    history.record(work, event, case=case)
    return hearing


def end(
    work: Work,
    case: models.Case,
    subject_id: str,
    arguments: Sequence[object] | None = None,
    waived: str = "",
    clock_of: str | None = None,
) -> None:
    """The party was heard, let the period pass, or waives what is left of it; each argument will need its answer.

    `clock_of` is whose clock `hearing` runs, where that is a measure. Conflict where nobody was heard and it still runs.
    """
    hearing = latest(work, subject_id)
    if hearing is None or hearing.ended_on is not None:
        return
    if not arguments and not waived.strip():
        _require_over(work, clock_of or subject_id)
    hearing.arguments = [text for text in map(_argument, arguments or ()) if text]
    hearing.answers = [""] * len(hearing.arguments)
    hearing.ended_on = work.today
    hearing.outcome = WAIVED if waived.strip() else HEARD if hearing.arguments else SILENT
    history.record(work, HearingEnded(hearing.id, subject_id, hearing.outcome, len(hearing.arguments)), case=case)


def _require_over(work: Work, subject_id: str) -> None:
    """The party may say that it has nothing to say; the office cannot say so for it before the last day (UCC art. 22(6))."""
    clock = clocks.find(work, subject_id, "hearing")
    if work.actor.holds(*OPERATOR_ROLES) or clock is None or clocks.is_over(work, subject_id, "hearing"):
        return
    day = clock.due_on.isoformat()
    raise Conflict("The hearing is not over: until %(day)s the party may still be heard.", day=day)


def answer(work: Work, case: models.Case, subject_id: str, answers: Sequence[object]) -> dict[str, object]:
    """Answers arguments: texts in their order, or objects that name the argument; how many are still open."""
    hearing = latest(work, subject_id)
    if hearing is None or hearing.ended_on is None:
        raise Conflict("There is no hearing whose arguments could be answered.")
    given = list(hearing.answers)
    for index, one in enumerate(answers):
        place = _place(hearing, index, one)
        if place is None:
            problem = Problem(f"answers[{index}]", "Name an argument of the hearing.")
            raise Invalid("An answer belongs to no argument.", [problem])
        given[place] = _answer(one) or given[place]
    hearing.answers = given
    history.record(work, ArgumentsAnswered(hearing.id, given), case=case)
    return {"unanswered": unanswered(hearing), "argument_answers": answered(hearing)}


def facts(
    work: Work, case: models.Case, subject_id: str, reasons: str | Sequence[object], clock_of: str | None = None
) -> Facts:
    """What the guards of an adverse act ask: heard, intention notified, arguments answered, every ground with its reason."""
    hearing = latest(work, subject_id)
    if hearing is None:  # a case of release 0.2 kept the clock of the hearing only
        clock = clocks.find(work, clock_of or subject_id, "hearing")
        held = clock is not None and clock.state not in clocks.LIVE
        return Facts(reasons=as_text(reasons), heard=held, intended=held)
    return Facts(
        reasons=as_text(reasons),
        heard=hearing.ended_on is not None and not _overtaken(work, hearing),
        intended=_notified(work, case, hearing),
        unanswered=unanswered(hearing),
        unreasoned=_unreasoned(hearing, reasons),
        unannounced=_unannounced(hearing, reasons),
        items=len(hearing.grounds),
    )


def latest(work: Work, subject_id: str) -> models.Hearing | None:
    """The newest hearing of an application or authorisation."""
    query = select(models.Hearing).where(models.Hearing.subject_id == subject_id)
    newest = query.order_by(models.Hearing.created_at.desc(), models.Hearing.id.desc())
    return work.session.scalars(newest.limit(1)).first()


def unanswered(hearing: models.Hearing) -> int:
    """How many arguments have no answer yet."""
    return sum(not text.strip() for text in hearing.answers)


def answered(hearing: models.Hearing) -> list[object]:
    """The arguments with their answers, as letters D17 and D25 want them."""
    pairs = zip(hearing.arguments, hearing.answers, strict=True)
    return [{"argument": argument, "answer": text} for argument, text in pairs]


def as_text(reasons: str | Sequence[object]) -> str:
    """Reasons in one text: as they were written, or criterion by criterion."""
    if isinstance(reasons, str):
        return reasons.strip()
    return "\n".join(filter(None, map(_reason, reasons)))


def _reason(one: object) -> str:
    if not isinstance(one, Mapping):
        return str(one).strip()
    text, criterion = str(one.get("reason") or "").strip(), str(one.get("criterion") or "").strip()
    return f"{criterion}: {text}" if text and criterion else text


def _unreasoned(hearing: models.Hearing, reasons: str | Sequence[object]) -> int:
    """How many criteria of the grounds have no reason of their own, where reasons are given criterion by criterion."""
    if isinstance(reasons, str):
        return 0
    named = {str(one["criterion"]) for one in hearing.grounds if isinstance(one, Mapping) and one.get("criterion")}
    said = {str(one.get("criterion")) for one in reasons if isinstance(one, Mapping) and _reason(one)}
    return len(named - said)


def _unannounced(hearing: models.Hearing, reasons: str | Sequence[object]) -> tuple[str, ...]:
    """The criteria of reasons on which nobody was heard, where grounds and reasons are given criterion by criterion."""
    if isinstance(reasons, str):
        return ()
    heard = {str(one["criterion"]) for one in hearing.grounds if isinstance(one, Mapping) and one.get("criterion")}
    said = (str(one["criterion"]) for one in reasons if isinstance(one, Mapping) and one.get("criterion"))
    return tuple(dict.fromkeys(one for one in said if heard and one not in heard))


def _overtaken(work: Work, hearing: models.Hearing) -> bool:
    """Whether an appeal sent the matter back since: what is decided anew is announced and heard anew (T36)."""
    sent = [row for row in statuses.moves(work, hearing.subject_id) if row.transition == SENT_BACK]
    return bool(sent) and sent[-1].recorded_at > hearing.created_at


def _notified(work: Work, case: models.Case, hearing: models.Hearing) -> bool:
    """Whether the letter that announces the act was issued in the case since the hearing began."""
    code = LETTERS.get(hearing.act, "D24")
    query = select(models.Letter.id).where(
        models.Letter.case_id == case.id,
        models.Letter.template.startswith(f"{code}_", autoescape=True),
        models.Letter.issued_at >= hearing.created_at,
    )
    return work.session.scalars(query.limit(1)).first() is not None


def _argument(one: object) -> str:
    if isinstance(one, Mapping):
        return next((str(one[key]).strip() for key in ("argument", "text") if one.get(key)), "")
    return str(one).strip()


def _answer(one: object) -> str:
    return str(one.get("answer") or "").strip() if isinstance(one, Mapping) else str(one).strip()


def _place(hearing: models.Hearing, index: int, one: object) -> int | None:
    """Which argument an answer is for: the one that it names, else the one at its place."""
    named = _argument(one) if isinstance(one, Mapping) and one.get("argument") else ""
    if named:
        return hearing.arguments.index(named) if named in hearing.arguments else None
    return index if index < len(hearing.arguments) else None
