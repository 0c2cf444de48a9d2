"""Letters: what one says is frozen when it is issued; its PDF (PDF/A-2a, tagged as UA-1) is rendered once, by the worker."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from engine import (
    certificates,
    deliveries,
    evidence,
    history,
    letter_facts,
    numbers,
    outbox,
    pins,
    printing,
    programmes,
    receipts,
)
from engine.domain import templates
from engine.domain.chain import canonical
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import ClockFollowed, DocumentRead, LetterIssued, LetterRendered
from engine.domain.notices import INTERNAL, audience
from engine.domain.programme import Programme
from engine.letter_facts import Facts
from engine.store import models
from engine.work import Work

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
CODE_LENGTH: Final = 16  # signs of five bits: nobody guesses one
HEARD: Final[Mapping[str, str]] = {"D17": "D14", "D25": "D24"}  # an adverse act, and the letter that announced it
REPORT: Final = "D11"  # concludes on each criterion, and calls them and the sites by their names
FILED: Final = "filed"  # the status of what is internal: nobody is notified
GRANT: Final = "D15"  # the decision to grant says what its holder agreed to
WAIVED: Final = "hearing_waived"  # the fact that says on what basis nobody had to be heard (EU: UCC art. 22(6))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A letter that may be issued: nothing is missing, its signatory is empowered, and no number was taken yet."""

    case: models.Case
    rules: Programme
    version: models.ResourceVersion
    template: str
    facts: dict[str, object]
    delegation: models.Delegation | None
    corrects: models.Letter | None
    authorisation: models.Authorisation | None


def issue(
    work: Work,
    case: models.Case,
    template: str,
    facts: Facts | None = None,
    corrects: str | None = None,
    authorisation_id: str | None = None,
) -> dict[str, object]:
    """Issues a letter from the template that the case's release pinned; what it will say is fixed from now on.

    `facts` are what the diagram adds to the facts that every letter has (office, operator, programme, signatory, …);
    `corrects` is the id of an earlier letter of the case that this one takes the place of. Invalid names every fact that
    is missing; NotAllowed where the actor is not empowered to sign; Conflict for an act of which nobody was heard.
    """
    return _write(work, _draft(work, case, template, facts or {}, corrects, authorisation_id))


def issue_together(work: Work, case: models.Case, letters: Sequence[object]) -> dict[str, object]:
    """Issues letters that belong to one act, all or none: each is `{template, facts, corrects, authorisation_id}`.

    Every part is checked before the first number is taken, and Invalid names what is wrong in all of them at once: an
    adverse act that is half done can be annulled (domain page §14.10).
    """
    drafts, problems = [], []
    for number, one in enumerate(letters, 1):
        said = one if isinstance(one, Mapping) else {}
        facts = said.get("facts")
        try:
            drafts.append(
                _draft(
                    work,
                    case,
                    str(said.get("template", "")),
                    facts if isinstance(facts, Mapping) else {},
                    _text(said.get("corrects")),
                    _text(said.get("authorisation_id")),
                )
            )
        except Invalid as refusal:
            problems += [Problem(f"letters[{number}].{p.where}", p.message, p.params) for p in refusal.problems]
    if problems or not drafts:
        raise Invalid("These letters cannot be issued together.", problems)
    made = [_write(work, draft) for draft in drafts]
    return {"letter_ids": [m["letter_id"] for m in made], "letter_numbers": [m["letter_number"] for m in made]}


def render(work: Work, letter_id: str) -> Sequence[ClockFollowed]:
    """Makes the PDF of an issued letter and keeps it; from then on the addressee reads it in the portal, if it is for one.

    The letter bears the day of its issue, and says on which day it was really notified and counts as received; the last
    day of a period that begins at its receipt is the one that follows from there. Such periods that moved with it are
    answered, for whoever moves the case to record.
    """
    letter = work.session.get_one(models.Letter, letter_id, with_for_update=True)
    if letter.sha256 is not None:
        return ()
    case = work.session.get_one(models.Case, letter.case_id)
    texts = pins.contents(work, case.release_id, "letter")
    for content in texts.values():
        templates.require_local(content)
    if letter.audience == INTERNAL:
        _keep(work, case, letter, texts, letter.facts)
        letter.status = FILED
        return ()
    received = deliveries.receipt(work, case, letter)
    notice = {"notified_on": work.today.isoformat(), "received_on": received.isoformat()}
    moved = receipts.notified(work, letter)
    told = {name: day for name, day in receipts.dues(work, letter).items() if name in letter.facts}
    _keep(work, case, letter, texts, {**letter.facts, **told, "notice": notice})
    letter.status = "notified"
    deliveries.dispatch(work, case, letter, received)
    return moved


def _keep(work: Work, case: models.Case, letter: models.Letter, texts: Mapping[str, bytes], facts: Facts) -> None:
    """Renders the letter with all that it says, and keeps the document."""
    pdf = printing.pdf(texts, letter.template, {"facts": json.dumps(facts, ensure_ascii=False)})
    letter.sha256, letter.rendered_at = evidence.keep(work, pdf), work.now
    history.record(work, LetterRendered(letter.id, letter.number, letter.sha256), case=case)


def read(work: Work, letter_id: str) -> tuple[models.Letter, bytes]:
    """A letter and its PDF; that the actor took it is recorded. NotFound while it is being prepared."""
    letter = work.session.get(models.Letter, letter_id)
    if letter is None or letter.sha256 is None:
        raise NotFound("There is no such letter, or it is still being prepared.")
    case = work.session.get_one(models.Case, letter.case_id)
    history.record(work, DocumentRead(letter.id, f"{letter.number}.pdf"), case=case)
    deliveries.opened(work, letter)
    return letter, work.session.get_one(models.Blob, letter.sha256).content


def check(texts: Mapping[str, bytes], key: str) -> None:
    """Renders a template with its made-up sample; Invalid, with the line, where that cannot be done or is not allowed."""
    templates.require_local(texts[key])
    if not key.startswith("_"):
        printing.pdf(texts, key, {"sample": key})


def _draft(
    work: Work, case: models.Case, template: str, facts: Facts, corrects: str | None, authorisation_id: str | None
) -> _Draft:
    operator = work.session.get(models.Operator, case.operator_id) if case.operator_id else None
    if operator is None:
        raise NotFound("There is no such operator.")
    version = pins.version(work, case.release_id, "letter", template)
    application = work.session.get(models.Application, case.application_id) if case.application_id else None
    about = authorisation_id or case.authorisation_id
    authorisation = work.session.get(models.Authorisation, about) if about else None
    rules = programmes.of(work, case, application.programme if application else _programme(authorisation))
    code = templates.code(template)
    old = _corrected(work, case, corrects)
    signatory, delegation = letter_facts.signatory(work, rules, code)
    common = letter_facts.common(work, case, rules, operator, template, version.number) | {
        "signatory": signatory,
        **letter_facts.channel(_audience(rules, code)),
        "application": letter_facts.application(rules, application),
        "authorisation": letter_facts.authorisation(rules, authorisation),
        **({"asked": letter_facts.asked(work, case)} if code == REPORT else {}),
        **({"consents": letter_facts.agreed(work, rules, operator)} if code == GRANT else {}),
        **(
            {"certificate_version": certificates.next_version(work, authorisation)} if code == certificates.CODE else {}
        ),
        "corrects": {"number": old.number, "date": _day(work, old)} if old else None,
    }
    _require_complete(template, version.content, common, facts)
    _require_heard(work, case, code, authorisation, facts)
    return _Draft(case, rules, version, template, {**common, **facts}, delegation, old, authorisation)


def _write(work: Work, draft: _Draft) -> dict[str, object]:
    """Takes the number and keeps the letter; the worker does the rest after the commit."""
    code, case = templates.code(draft.template), draft.case
    series = draft.rules.numbers
    number = numbers.take(work, series.get(f"letter_{code}") or series.get("letter", "LETTER"))
    secret = "".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH))
    facts = {**draft.facts, "letter": {**_table(draft.facts["letter"]), "number": number}}
    digest = hashlib.sha256(canonical(facts).encode()).hexdigest()
    facts["verification"] = letter_facts.verification(draft.rules.office.get("portal", ""), number, secret, digest)
    letter = models.Letter(
        id=work.new_id(),
        number=number,
        case_id=case.id,
        operator_id=case.operator_id,
        authorisation_id=draft.authorisation.id if draft.authorisation else None,
        template=draft.template,
        audience=_audience(draft.rules, code),
        version_id=draft.version.id,
        facts=facts,
        facts_sha256=digest,
        code=secret,
        language=str(facts["language"]),
        delegation_id=draft.delegation.id if draft.delegation else None,
        corrects_id=draft.corrects.id if draft.corrects else None,
        status="issued",
        issued_at=work.now,
    )
    work.session.add(letter)
    work.session.flush()
    if letter.audience != INTERNAL:  # what stays in the office tells nobody of a period
        receipts.notice(work, case, letter)
    event = LetterIssued(
        letter.id, number, draft.template, draft.version.id, digest, letter.delegation_id, letter.corrects_id
    )
    history.record(work, event, case=case)
    outbox.add(work, "letter", {"letter_id": letter.id}, case)
    if code == certificates.CODE and draft.authorisation is not None:
        certificates.prepare(work, case, letter, draft.authorisation)
    return {"letter_id": letter.id, "letter_number": number}


def _require_complete(template: str, content: bytes, common: Facts, facts: Facts) -> None:
    """A diagram adds facts and never replaces what every letter says; and it leaves no line empty."""
    own = {*common, "verification"}
    problems = [Problem(f"facts.{name}", "Every letter has this fact already.") for name in sorted(own & set(facts))]
    problems += letter_facts.missing(content, common, facts)
    if problems:
        raise Invalid("The letter %(template)s was called wrongly.", problems, template=template)


def _require_heard(
    work: Work, case: models.Case, code: str, authorisation: models.Authorisation | None, facts: Facts
) -> None:
    """An adverse act needs the letter that announced it, with its grounds, and that it was notified (EU: UCC art. 22(6))."""
    announced = HEARD.get(code)
    if announced is None or not letter_facts.blank(facts.get(WAIVED)):
        return
    of_case = models.Letter.case_id == case.id
    about = or_(of_case, models.Letter.authorisation_id == authorisation.id) if authorisation else of_case
    query = select(models.Letter.id).where(
        about, models.Letter.template.startswith(f"{announced}_"), models.Letter.notified_at.is_not(None)
    )
    if work.session.scalars(query.limit(1)).first() is None:
        message = "The letter %(code)s needs that the letter %(announced)s was notified before: nobody is decided against unheard."
        raise Conflict(message, code=code, announced=announced).named("unheard")


def _audience(rules: Programme, code: str) -> str:
    rule = rules.letters.get(code)
    return audience(code, rule.audience if rule else "")


def _corrected(work: Work, case: models.Case, letter_id: str | None) -> models.Letter | None:
    """The letter that is corrected, of the same case and not corrected yet."""
    if letter_id is None:
        return None
    old = work.session.get(models.Letter, letter_id, with_for_update=True)
    if old is None or old.case_id != case.id:
        raise NotFound("There is no such letter.")
    if work.session.scalar(select(models.Letter.id).where(models.Letter.corrects_id == old.id)) is not None:
        raise Conflict("This letter was corrected already: correct the newer one.")
    return old


def _day(work: Work, letter: models.Letter) -> str:
    return letter.issued_at.astimezone(work.zone).date().isoformat()


def _table(value: object) -> Facts:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _programme(authorisation: models.Authorisation | None) -> str:
    if authorisation is None:
        raise NotFound("There is no such application.")
    return authorisation.programme
