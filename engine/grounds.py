"""What a refusal rests on: criteria judged as failed and findings left open, each with its reason and its provision."""

from collections.abc import Iterator, Mapping, Sequence

from engine import answers, applications, findings, questions
from engine.domain.errors import Invalid, Problem
from engine.forms import Criterion
from engine.store import models
from engine.work import Work

Result = dict[str, object]
Row = Mapping[str, object]


def gather(work: Work, case: models.Case, application_id: str) -> Result:
    """The grounds that the file itself gives against a grant: `[{criterion, ground}]`, one for each criterion (T17, T19).

    First what an officer judged as failed and nothing makes up for (the gate), then what other criteria findings are open
    about. The ground is in the words of whoever judged or found, with its site; null where the file speaks against nothing.
    """
    said: dict[str, list[str]] = {}
    for one in _failed(work, case, application_id):
        said.setdefault(one.criterion, []).append(_at(one.site, one.note))
    for row in findings.of_case(work, case.id):
        if row.state == "open" and row.severity != findings.OBSERVATION:
            said.setdefault(row.criterion, []).append(_at(row.site, row.text))
    rows = [
        {"criterion": criterion, "ground": "\n".join(dict.fromkeys(filter(None, texts)))}
        for criterion, texts in said.items()
    ]
    return {"possible_grounds": rows or None}


def require_failed(work: Work, case: models.Case, application_id: str, grounds: Sequence[object]) -> None:
    """A refusal names every criterion that was judged as failed and that nothing makes up for (T19); Invalid for one left out."""
    named = {str(one.get("criterion")) for one in grounds if isinstance(one, Mapping)}
    left = {one.criterion for one in _failed(work, case, application_id)} - named
    if left:
        problem = Problem("grounds", "Add the criterion %(failed)s: it was judged as not met.", {"failed": min(left)})
        raise Invalid("The grounds leave out a criterion that was judged as not met.", [problem])


def stated(work: Work, case: models.Case, grounds: Sequence[object]) -> list[Result]:
    """The grounds as a letter prints them: what the criterion is called, and the provision it rests on, in both languages."""
    rows = [one for one in grounds if isinstance(one, Mapping)]
    known = _known(work, case) if any(one.get("criterion") for one in rows) else {}
    return [{**one, **_called(known.get(str(one.get("criterion"))))} for one in rows]


def _failed(work: Work, case: models.Case, application_id: str) -> Iterator[models.Score]:
    application, rules = applications.find(work, case, application_id)
    failing = answers.failing(work, case, rules, application.types)
    where = {(one.criterion, one.site) for one in failing}
    return (one for one in answers.scored(work, [case.id]) if (one.criterion, one.site) in where)


def _known(work: Work, case: models.Case) -> Mapping[str, Criterion]:
    whom = questions.asked(work, case, case.release_id, {})
    return {one.code: one for one in questions.criteria(work, case.release_id, whom)}


def _called(criterion: Criterion | None) -> Result:
    if criterion is None:
        return {}
    words = {"title": criterion.short, "legal_basis": criterion.legal_ref}
    if not criterion.short.es:
        words["title"] = criterion.title
    return {
        key: text
        for name, wording in words.items()
        for key, text in ((name, wording.es), (f"{name}_en", wording.en))
        if text
    }


def _at(site: str, text: str) -> str:
    return f"{site}: {text}" if site and text else text
