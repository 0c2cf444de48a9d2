"""What operators answer and officers judge, criterion by criterion and site by site: only added to, the newest counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Select, select

from engine import arguments, evidence, forms, history, pins, questions
from engine.arguments import Row
from engine.domain import gates
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.events import CriteriaAnswered, CriteriaScored
from engine.domain.gates import BEST, CONFORMITY, FAILED, Judged
from engine.domain.programme import Programme
from engine.forms import Criterion
from engine.store import models
from engine.work import Work

Result = dict[str, object]
Given = Mapping[str, object] | Sequence[object]
SELF_SCORES: Final = {
    "yes": 3,
    "partly": 1,
    "no": FAILED,
}  # what the operator's own words stand for; `na` stands for none
INFORMS: Final = "info"  # the level of what is asked and decides nothing
_Model = TypeVar("_Model", models.Answer, models.Score)


@dataclass(frozen=True, slots=True)
class Listed:
    """A criterion with the id of the version of the set that it stands in."""

    criterion: Criterion
    version_id: str


def record(work: Work, case: models.Case, answers: Mapping[str, object] | Sequence[object], set: str = "") -> Result:  # noqa: A002 - the word of the diagrams
    """Writes down a self-assessment: as a form with criteria gives it, or as rows of criterion, site and answer.

    `set` names the set of criteria, or nothing (or `programme`) for those that the programme asks. Each answer keeps the
    version of its set; `evidence_expires_on` is the last day of the documents that it names.
    """
    listed = _listed(work, case, set)
    made = []
    for where, row in _rows(answers, "answers"):
        one = _criterion(listed, row, where)
        said = arguments.text(row, "answer")
        made.append(
            models.Answer(
                **_of_case(work, case, row, one),
                answer=said,
                narrative=arguments.text(row, "narrative"),
                evidence=arguments.texts(row, "evidence"),
                self_score=_self_score(row, said, where),
                answered_by=work.actor.id,
                recorded_at=work.now,
            )
        )
        evidence.set_expiry(work, case, made[-1].evidence, arguments.day(row, "evidence_expires_on", where))
    work.session.add_all(made)
    work.session.flush()
    if made:
        told = [[one.criterion, one.site, one.answer, one.self_score] for one in made]
        history.record(work, CriteriaAnswered(told, _versions(made)), case=case)
    return {"answered": len(made)}


def score(work: Work, case: models.Case, scores: Mapping[str, object] | Sequence[object], set: str = "") -> Result:  # noqa: A002 - the word of the diagrams
    """Writes down how an officer judged: as a form in mode `officer` gives it, or as rows of criterion, site, score, note.

    `unscored` are the criteria and sites that were asked and that nobody judged yet, `blocking` those that stop a grant.
    """
    listed = _listed(work, case, set)
    made = []
    for where, row in _rows(scores, "scores"):
        one = _criterion(listed, row, where)
        judgement = str(row.get("score", ""))
        value = CONFORMITY[judgement] if judgement in CONFORMITY else arguments.whole(row, "score", FAILED, BEST, where)
        note = arguments.text(row, "note") if value else arguments.needed(row, "note", where)
        made.append(
            models.Score(
                **_of_case(work, case, row, one),
                level=one.criterion.level,
                types=list(one.criterion.types),
                judgement=judgement,
                score=value,
                note=note,
                scored_by=work.actor.id,
                recorded_at=work.now,
            )
        )
    work.session.add_all(made)
    work.session.flush()
    if made:
        told = [[one.criterion, one.site, one.judgement, one.score] for one in made]
        history.record(work, CriteriaScored(told, _versions(made)), case=case)
    return {
        "unscored": list(_unscored(work, case, listed)),
        "blocking": [{"criterion": one.criterion, "site": one.site} for one in _blocking(work, case)],
    }


def given(work: Work, case_ids: Collection[str]) -> list[models.Answer]:
    """The answers that count in these cases: the newest of each criterion and site, in the order of their recording."""
    return _newest(work.session.scalars(_query(models.Answer, case_ids)))


def scored(work: Work, case_ids: Collection[str]) -> list[models.Score]:
    """The judgements that count in these cases, likewise."""
    return _newest(work.session.scalars(_query(models.Score, case_ids)))


def failed(work: Work, case: models.Case, rules: Programme, types: Iterable[str]) -> tuple[str, ...]:
    """The criteria, each with its site, that stop the grant of these types: judged as failed and indispensable."""
    return tuple(one.named for one in failing(work, case, rules, types))


def failing(work: Work, case: models.Case, rules: Programme, types: Iterable[str]) -> tuple[Judged, ...]:
    """The judgements that stop the grant of these types."""
    held = {inner for name in types for inner in (name, *rules.includes(name))}
    return gates.blocking(rules.hard_fails, _judged(work, case), held)


def unjudged(work: Work, case: models.Case) -> tuple[str, ...]:
    """The criteria, each with its site, that wait for a judgement; none where the case judges no criteria at all.

    What a set asks for information only needs no judgement.
    """
    if not scored(work, [case.id]):
        return ()
    asked = {code: one for code, one in _listed(work, case, "").items() if one.criterion.level != INFORMS}
    rows = _unscored(work, case, asked)
    return tuple(f"{row['criterion']} ({row['site']})" if row["site"] else row["criterion"] for row in rows)


def _judged(work: Work, case: models.Case) -> list[Judged]:
    return [Judged(row.criterion, row.level, row.score, row.site, tuple(row.types)) for row in scored(work, [case.id])]


def _blocking(work: Work, case: models.Case) -> tuple[Judged, ...]:
    return gates.blocking(questions.rules(work, case).hard_fails, _judged(work, case))


def _unscored(work: Work, case: models.Case, listed: Mapping[str, Listed]) -> Iterator[dict[str, str]]:
    """Of a criterion that is asked by site, those sites that were answered for; once in all where none was."""
    judged = {(row.criterion, row.site) for row in scored(work, [case.id])}
    sites: dict[str, list[str]] = {}
    for row in given(work, [case.id]):
        sites.setdefault(row.criterion, []).append(row.site)
    for code in listed:
        for site in sites.get(code) or ([] if any(one == code for one, _site in judged) else [""]):
            if (code, site) not in judged:
                yield {"criterion": code, "site": site}


def _listed(work: Work, case: models.Case, named: str) -> dict[str, Listed]:
    """The criteria of a set, or of all that the programme asks, each with the version that the case's release pinned."""
    whom = None if named and named != forms.PROGRAMME else questions.asked(work, case, case.release_id, {})
    names = whom.sets if whom else (named,)
    asked = None if whom is None else {one.code for one in questions.criteria(work, case.release_id, whom)}
    found: dict[str, Listed] = {}
    for name in names:
        version = pins.version(work, case.release_id, "criteria", name)
        for one in forms.read_criteria(version.content):
            if asked is None or one.code in asked:
                found.setdefault(one.code, Listed(one, version.id))
    return found


def _rows(given: Given, where: str) -> Iterator[tuple[str, Row]]:
    """Every answer with its place: rows of a list, or what stands under each criterion, and under each site of it."""
    if not isinstance(given, Mapping):
        for index, row in enumerate(arguments.rows(given, where)):
            yield f"{where}[{index}]", row
        return
    for code, said in given.items():
        inner = said if isinstance(said, Mapping) else {}
        sites = {key: one for key, one in inner.items() if isinstance(one, Mapping)}
        for key, one in sites.items():
            yield f"{where}.{code}.{key}", {"site": key, **one, "criterion": code}
        if not sites:
            yield f"{where}.{code}", {**inner, "criterion": code}


def _criterion(listed: Mapping[str, Listed], row: Row, where: str) -> Listed:
    code = arguments.needed(row, "criterion", where)
    if code not in listed:
        problem = Problem(where, "The criterion %(code)s is not asked in this case.", {"code": code})
        raise Invalid(arguments.INCOMPLETE, [problem])
    return listed[code]


def _of_case(work: Work, case: models.Case, row: Row, one: Listed) -> dict[str, str]:
    if case.operator_id is None:
        raise NotFound("There is no such operator.")
    return {
        "id": work.new_id(),
        "case_id": case.id,
        "operator_id": case.operator_id,
        "criterion": one.criterion.code,
        "site": arguments.text(row, "site"),
        "set_version_id": one.version_id,
    }


def _self_score(row: Row, said: str, where: str) -> int | None:
    """The score that the operator gives itself, or that its answer stands for."""
    own = row.get("self_score")
    return SELF_SCORES.get(said) if own is None else arguments.whole(row, "self_score", FAILED, BEST, where)


def _versions(rows: Iterable[models.Answer | models.Score]) -> list[str]:
    return list(dict.fromkeys(row.set_version_id for row in rows))


def _newest(rows: Iterable[_Model]) -> list[_Model]:
    """The last row of each case, criterion and site; `rows` are in the order of their recording."""
    return list({(row.case_id, row.criterion, row.site): row for row in rows}.values())


def _query(model: type[_Model], case_ids: Collection[str]) -> Select[_Model]:
    return select(model).where(model.case_id.in_(case_ids)).order_by(model.recorded_at, model.id)
