"""Letters: what one says is frozen when it is issued; its PDF (PDF/A-2a, tagged as UA-1) is rendered once, by the worker."""

import json
from collections.abc import Mapping
from typing import Final

import segno

from engine import clocks, evidence, history, numbers, outbox, pins, printing, programmes
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.events import DocumentRead, LetterIssued, LetterRendered
from engine.domain.programme import Programme, Words
from engine.domain.templates import require_local
from engine.store import models
from engine.work import Work

Facts = Mapping[str, object]
CHANNEL: Final = Words("portal del operador", "operator's portal")
CHECK_PATH: Final = "/check/"  # the public page that answers from the live record


def issue(work: Work, case: models.Case, template: str, facts: Facts | None = None) -> dict[str, object]:
    """Issues a letter from the template that the case's release pinned; what it will say is fixed from now on.

    `facts` are what the diagram adds to the facts that every letter has (office, operator, programme, signatory, …).
    """
    operator = work.session.get(models.Operator, case.operator_id) if case.operator_id else None
    if operator is None:
        raise NotFound("There is no such operator.")
    version = pins.version(work, case.release_id, "letter", template)
    application = work.session.get(models.Application, case.application_id) if case.application_id else None
    authorisation = work.session.get(models.Authorisation, case.authorisation_id) if case.authorisation_id else None
    rules = programmes.of(work, case, application.programme if application else _programme(authorisation))
    number = numbers.take(work, rules.numbers.get("letter", "LETTER"))
    common = _common(work, case, rules, operator, number, template)
    common |= {"application": _application(rules, application), "authorisation": _authorisation(rules, authorisation)}
    _require_own(template, common, facts or {})
    letter = models.Letter(
        id=work.new_id(),
        number=number,
        case_id=case.id,
        operator_id=operator.id,
        template=template,
        version_id=version.id,
        facts={**common, **(facts or {})},
        status="issued",
        issued_at=work.now,
    )
    work.session.add(letter)
    work.session.flush()
    clocks.notice(work, case, letter)
    history.record(work, LetterIssued(letter.id, number, template, version.id), case=case)
    outbox.add(work, "letter", {"letter_id": letter.id}, case)
    return {"letter_id": letter.id, "letter_number": number}


def render(work: Work, letter_id: str) -> None:
    """Makes the PDF of an issued letter and keeps it; from then on the addressee reads it in the portal."""
    letter = work.session.get_one(models.Letter, letter_id, with_for_update=True)
    if letter.sha256 is not None:
        return
    case = work.session.get_one(models.Case, letter.case_id)
    templates = pins.contents(work, case.release_id, "letter")
    for content in templates.values():
        require_local(content)
    pdf = printing.pdf(templates, letter.template, {"facts": json.dumps(letter.facts, ensure_ascii=False)})
    letter.sha256 = evidence.keep(work, pdf)
    letter.status, letter.rendered_at, letter.notified_at = "notified", work.now, work.now
    clocks.notified(work, letter)
    history.record(work, LetterRendered(letter.id, letter.number, letter.sha256), case=case)


def read(work: Work, letter_id: str) -> tuple[models.Letter, bytes]:
    """A letter and its PDF; that the actor took it is recorded. NotFound while it is being prepared."""
    letter = work.session.get(models.Letter, letter_id)
    if letter is None or letter.sha256 is None:
        raise NotFound("There is no such letter, or it is still being prepared.")
    case = work.session.get_one(models.Case, letter.case_id)
    history.record(work, DocumentRead(letter.id, f"{letter.number}.pdf"), case=case)
    return letter, work.session.get_one(models.Blob, letter.sha256).content


def check(templates: Mapping[str, bytes], key: str) -> None:
    """Renders a template with its made-up sample; Invalid, with the line, where that cannot be done or is not allowed."""
    require_local(templates[key])
    if not key.startswith("_"):
        printing.pdf(templates, key, {"sample": key})


def _require_own(template: str, common: Facts, facts: Facts) -> None:
    """A diagram adds facts and never replaces what every letter says (who writes, to whom, when, under which number)."""
    taken = sorted(set(common) & set(facts))
    if taken:
        problems = [Problem(f"facts.{name}", "Every letter has this fact already.") for name in taken]
        raise Invalid("The letter %(template)s was called wrongly.", problems, template=template)


def _common(
    work: Work, case: models.Case, rules: Programme, operator: models.Operator, number: str, template: str
) -> dict[str, object]:
    office, name = rules.office, rules.name_on(work.today)
    return {
        "language": "es",
        "letter": {
            "number": number,
            "template": template,
            "date": work.today.isoformat(),
            "place": office.get("city", ""),
        },
        "case": {"number": case.number},
        "office": {
            "name": office.get("name_es", ""),
            "name_en": office.get("name_en", ""),
            "unit": office.get("unit_es", ""),
            "unit_en": office.get("unit_en", ""),
            **{key: office.get(key, "") for key in ("address", "city", "email", "phone")},
        },
        "programme": {**_both("name", name), **_both("legal_basis", rules.legal_basis)},
        "operator": {
            "name": operator.name,
            "tax_id": operator.tax_id,
            "address": operator.address,
            "kind": operator.kind,
        },
        "signatory": _signatory(work, rules),
        "notification": _both("channel", CHANNEL),
        "appeal": _both("text", rules.appeal),
        "verification": _verification(office.get("portal", ""), number),
    }


def _signatory(work: Work, rules: Programme) -> dict[str, object]:
    """Who signs: the person whose act brought the letter about, in the post that the programme gives their role."""
    post = next((rules.signatories[role] for role in sorted(work.actor.roles) if role in rules.signatories), None)
    if post is None:
        unit = Words(rules.office.get("unit_es", ""), rules.office.get("unit_en", ""))
        return {"name": rules.office.get("name_es", ""), **_both("post", unit), "delegation": None}
    return {"name": work.actor.name, **_both("post", post), "delegation": None}


def _verification(portal: str, number: str) -> dict[str, object]:
    """Where anybody can check the letter: the address as text and as a QR code, its rows of dark and light."""
    address = f"{portal}{CHECK_PATH}{number}"
    matrix = [[bool(dark) for dark in row] for row in segno.make(address, micro=False).matrix]
    return {"url": address, "code": number, "qr": matrix}


def _application(rules: Programme, application: models.Application | None) -> dict[str, object] | None:
    if application is None:
        return None
    submitted = application.submitted_on.isoformat() if application.submitted_on else None
    return {"number": application.number, "types": _types(rules, application.types), "submitted_on": submitted}


def _authorisation(rules: Programme, authorisation: models.Authorisation | None) -> dict[str, object] | None:
    if authorisation is None:
        return None
    return {
        "certificate_number": authorisation.number,
        "effective_on": authorisation.effective_on.isoformat(),
        "types": _types(rules, authorisation.type.split(", ")),
    }


def _types(rules: Programme, types: list[str]) -> list[dict[str, str]]:
    known = (rules.types.get(name, Words(name, name)) for name in types)
    return [{"name": words.es, "name_en": words.en} for words in known]


def _both(name: str, words: Words) -> dict[str, str]:
    return {name: words.es, f"{name}_en": words.en}


def _programme(authorisation: models.Authorisation | None) -> str:
    if authorisation is None:
        raise NotFound("There is no such application.")
    return authorisation.programme
