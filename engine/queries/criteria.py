"""How a case, or a certificate, stands by criterion and site: what was answered, judged, proved and found, and the risk map."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from engine import answers, forms, programmes
from engine.domain import gates
from engine.domain.gates import Judged
from engine.domain.programme import Programme
from engine.forms.records import Wording
from engine.queries import dossiers, visible
from engine.queries.risks import RiskMap
from engine.queries.risks import of_case as risk_map
from engine.store import models
from engine.work import Work

SOON: Final = 60  # days before its last day from which evidence is called to mind
VALID, SOON_OVER, OVER = "valid", "soon", "over"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that proves an answer; `state` is valid, soon (its last day is near) or over, "" where it has none."""

    id: str
    filename: str
    expires_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Action:
    """A corrective action on a finding, and how often it got more time."""

    text: str
    owner: str
    due_on: date | None
    extensions: int
    state: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found wrong, why it came to be, and what is done about it."""

    severity: str
    text: str
    state: str
    root_cause: str
    closed_on: date | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion at one site ("" is the company); `judgement` and what follows are the office's, empty for others."""

    site: str
    answer: str
    narrative: str
    self_score: int | None
    papers: tuple[Paper, ...]
    judgement: str
    score: int | None
    note: str
    scored_by: str
    scored_at: datetime | None
    blocks: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with its cells, one for each site that anything is known of."""

    code: str
    title: Wording
    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The criteria of one condition (A, B, …)."""

    code: str
    title: Wording
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a set of criteria by which something here was answered or judged."""

    title: str
    title_en: str
    number: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """All criteria and sites of which anything is known; `blocking` are those that stop a grant, as sentences name them."""

    sections: tuple[Section, ...]
    versions: tuple[Version, ...]
    blocking: tuple[str, ...]
    judged: bool
    map: RiskMap | None


def of_case(work: Work, case_id: str) -> Matrix:
    """The matrix of one case, as the actor may see it: of the office's judgement operators see what reached them."""
    return _matrix(work, work.session.get_one(models.Case, case_id), [case_id])


def of_certificate(work: Work, authorisation_id: str) -> Matrix | None:
    """What was last known in all cases about a certificate and its application; None where nothing is, or for others."""
    row = work.session.get(models.Authorisation, authorisation_id)
    if row is None or not work.actor.holds(*visible.READERS):
        return None
    about = or_(models.Case.authorisation_id == row.id, models.Case.application_id == row.application_id)
    cases = work.session.scalars(select(models.Case).where(about).order_by(models.Case.created_at)).all()
    found = _matrix(work, cases[-1], [case.id for case in cases]) if cases else None
    return found if found and found.sections else None


def _matrix(work: Work, case: models.Case, case_ids: Sequence[str]) -> Matrix:
    inside = work.actor.holds(*visible.READERS)
    given = {(one.criterion, one.site): one for one in answers.given(work, case_ids)}
    scored = {(one.criterion, one.site): one for one in answers.scored(work, case_ids)} if inside else {}
    found = _findings(work, case_ids)
    used = {one.set_version_id for one in given.values()} | {one.set_version_id for one in scored.values()}
    versions = _versions(work, used)
    criteria = _criteria(versions)
    blocking = _blocking(work, case, scored.values()) if scored else {}
    papers = _papers(work, case_ids)
    by: dict[str, list[Cell]] = {}
    for code, site in dict.fromkeys([*given, *scored, *found]):
        key = code, site
        cell = _cell(work, site, given.get(key), scored.get(key), found.get(key, ()), papers, blocks=key in blocking)
        by.setdefault(code, []).append(cell)
    return Matrix(
        _sections(by, criteria),
        tuple(_version(one) for one in versions),
        tuple(blocking.values()),
        bool(scored),
        next(filter(None, (risk_map(work, one) for one in reversed(case_ids))), None) if inside else None,
    )


def _sections(cells: Mapping[str, Sequence[Cell]], criteria: Mapping[str, forms.Criterion]) -> tuple[Section, ...]:
    """In the order of the sets; a criterion that stands in none of them (of a finding alone) comes last."""
    listed = [code for code in criteria if code in cells] + [code for code in cells if code not in criteria]
    sections = []
    for condition, codes in groupby(listed, key=lambda code: code.partition(".")[0]):
        lines = [_line(code, cells[code], criteria.get(code)) for code in codes]
        titled = next((criteria[line.code].title for line in lines if line.code in criteria), Wording())
        sections.append(Section(condition, titled, tuple(lines)))
    return tuple(sections)


def _line(code: str, cells: Sequence[Cell], criterion: forms.Criterion | None) -> Line:
    title = (criterion.short or criterion.question) if criterion else Wording()
    return Line(code, title, criterion.level if criterion else "", tuple(sorted(cells, key=lambda one: one.site)))


def _cell(
    work: Work,
    site: str,
    given: models.Answer | None,
    scored: models.Score | None,
    found: Iterable[models.Finding],
    papers: Mapping[str, Paper],
    *,
    blocks: bool,
) -> Cell:
    judge = work.session.get(models.Account, scored.scored_by) if scored else None
    return Cell(
        site=site,
        answer=given.answer if given else "",
        narrative=given.narrative if given else "",
        self_score=given.self_score if given else None,
        papers=tuple(papers[one] for one in (given.evidence if given else ()) if one in papers),
        judgement=scored.judgement if scored else "",
        score=scored.score if scored else None,
        note=scored.note if scored else "",
        scored_by=judge.name if judge else "",
        scored_at=scored.recorded_at if scored else None,
        blocks=blocks,
        findings=tuple(_finding(one) for one in found),
    )


def _finding(row: models.Finding) -> Finding:
    made = (Action(one.text, one.owner, one.due_on, one.extensions, one.state) for one in row.actions)
    return Finding(row.severity, row.text, row.state, row.root_cause, row.closed_on, tuple(made))


def _findings(work: Work, case_ids: Collection[str]) -> Mapping[tuple[str, str], list[models.Finding]]:
    query = select(models.Finding).where(models.Finding.case_id.in_(case_ids))
    rows = work.session.scalars(
        query.options(selectinload(models.Finding.actions)).order_by(models.Finding.created_at, models.Finding.id)
    )
    found: dict[tuple[str, str], list[models.Finding]] = {}
    for row in rows:
        found.setdefault((row.criterion, row.site), []).append(row)
    return found


def _papers(work: Work, case_ids: Iterable[str]) -> Mapping[str, Paper]:
    """The documents of the cases that the actor may see."""
    listed = (one for case_id in case_ids for one in dossiers.documents(work, case_id))
    return {one.id: paper(work, one.id, one.filename, one.expires_on) for one in listed}


def paper(work: Work, id_: str, filename: str, expires_on: date | None) -> Paper:
    """A document as it stands today."""
    return Paper(id_, filename, expires_on, state_of(expires_on, work.today))


def state_of(expires_on: date | None, today: date) -> str:
    """Whether evidence still proves anything: its last day itself counts."""
    if expires_on is None:
        return ""
    left = (expires_on - today).days
    return OVER if left < 0 else SOON_OVER if left <= SOON else VALID


def _versions(work: Work, ids: Collection[str]) -> Sequence[models.ResourceVersion]:
    version = models.ResourceVersion
    return work.session.scalars(select(version).where(version.id.in_(ids)).order_by(version.published_at)).all()


def _criteria(versions: Iterable[models.ResourceVersion]) -> Mapping[str, forms.Criterion]:
    return {one.code: one for version in versions for one in forms.read_criteria(version.content)}


def _version(row: models.ResourceVersion) -> Version:
    resource = row.resource
    return Version(resource.title, resource.title_en, row.number or 0, row.published_at)


def _blocking(work: Work, case: models.Case, scored: Iterable[models.Score]) -> Mapping[tuple[str, str], str]:
    """The criteria and sites that stop a grant, each as a sentence names it."""
    rules: Programme = programmes.of_case(work, case)
    judged = [Judged(row.criterion, row.level, row.score, row.site, tuple(row.types)) for row in scored]
    return {(one.criterion, one.site): one.named for one in gates.blocking(rules.hard_fails, judged)}
