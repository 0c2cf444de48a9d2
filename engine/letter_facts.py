"""What every letter says by law: who writes to whom, on what basis, when, signed by whom, and where it is checked."""

from collections.abc import Iterator, Mapping
from typing import Final

import segno

from engine import consents, delegations, questions
from engine.domain import templates
from engine.domain.errors import NotAllowed, Problem
from engine.domain.notices import AUTHORITY, AUTOMATIC, INTERNAL, MAIL
from engine.domain.programme import ClockRule, Programme, Words
from engine.store import models
from engine.work import SYSTEM, Work

Facts = Mapping[str, object]
CHECK_PATH: Final = "/check/"  # the public page that answers from the live record
CHANNEL: Final = Words("portal del operador", "operator's portal")
BY_MAIL: Final = Words("portal del operador y correo electrónico", "operator's portal and e-mail")
KEPT: Final = Words("no se notifica: documento de la oficina", "not notified: a document of the office")
TO_AUTHORITY: Final = Words("oficio a la autoridad consultada", "official letter to the authority consulted")
HEARING: Final = "hearing"
_LEGAL: Final = (  # what no letter may lack (domain page §9); the appeal clause where its template has one
    ("office", "name"),
    ("letter", "place"),
    ("operator", "name"),
    ("operator", "tax_id"),
    ("programme", "name"),
    ("programme", "legal_basis"),
    ("signatory", "name"),
    ("signatory", "post"),
    ("notification", "channel"),
)


def common(
    work: Work, case: models.Case, rules: Programme, operator: models.Operator, template: str, version: int | None
) -> dict[str, object]:
    """The facts of the office, the programme, the addressee and the file; the number comes when all else is right."""
    office, name = rules.office, rules.name_on(work.today)
    return {
        "language": operator.language or rules.language,
        "letter": {
            "template": template,
            "version": version,
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
            **{key: office[key] for key in ("paper", "tax_id_name") if office.get(key)},
        },
        "programme": {
            "id": rules.id,
            "language": rules.language,
            **both("name", name),
            **both("legal_basis", rules.legal_basis),
        },
        "benefits": benefits(rules),
        "operator": {
            "name": operator.name,
            "tax_id": operator.tax_id,
            "address": operator.address,
            "kind": operator.kind,
        },
        "notification": both("channel", BY_MAIL if MAIL in rules.notices.channels and operator.email else CHANNEL),
        "appeal": {**both("text", rules.appeal), "period": _appeal_period(rules)},
        "hearing": _period(rules.clocks.get(HEARING)),
    }


def asked(work: Work, case: models.Case) -> dict[str, object]:
    """What the criteria that the case is asked are called, by code, and the sites, by the key that answers carry."""
    whom = questions.asked(work, case, case.release_id, {})
    called = {
        one.code: one.short if one.short.es else one.title for one in questions.criteria(work, case.release_id, whom)
    }
    return {
        "criteria": {code: {"name": words.es, "name_en": words.en or words.es} for code, words in called.items()},
        "sites": {place.key: place.name for place in whom.places},
    }


def channel(audience: str) -> dict[str, object]:
    """How a letter travels that is not for the operator; nothing for one that is."""
    words = {INTERNAL: KEPT, AUTHORITY: TO_AUTHORITY}.get(audience)
    return {"notification": both("channel", words)} if words else {}


def agreed(work: Work, rules: Programme, operator: models.Operator) -> dict[str, object]:
    """What the addressee said of publication and of telling partners, each by itself; null where nobody asked."""
    kinds = (consents.PUBLICATION, consents.MUTUAL_RECOGNITION)
    return {kind: consents.given(work, operator.id, rules.id, kind) for kind in kinds}


def signatory(work: Work, rules: Programme, code: str) -> tuple[dict[str, object], models.Delegation | None]:
    """Who signs, in the post that the programme gives their role; the delegation if they sign for the authority.

    An act is signed by the competent authority or by whom it empowered in writing; NotAllowed for anybody else. What the
    law does by itself at the end of a period is signed by nobody: the unit sends it.
    """
    notices = rules.notices
    by_itself = work.actor.id == SYSTEM.id and code in AUTOMATIC
    held = None
    if code in notices.acts and not work.actor.holds(notices.authority) and not by_itself:
        held = delegations.find(work, rules.id, work.actor.id, code)
        if held is None:
            message = "The letter %(code)s is signed by the competent authority, or by somebody to whom it delegated that by a recorded act."
            raise NotAllowed(message, code=code).named("not_empowered")
    order = sorted(work.actor.roles, key=lambda role: (role != notices.authority or code not in notices.acts, role))
    post = next((rules.signatories[role] for role in order if role in rules.signatories), None)
    if post is None:
        unit = Words(rules.office.get("unit_es", ""), rules.office.get("unit_en", ""))
        return {"name": rules.office.get("name_es", ""), **both("post", unit), "delegation": None}, held
    return {"name": work.actor.name, **both("post", post), "delegation": held.act if held else None}, held


def verification(portal: str, number: str, code: str, sha256: str) -> dict[str, object]:
    """Where anybody can check the letter: the address as text and as a QR code, its rows of dark and light; and the hash."""
    address = f"{portal}{CHECK_PATH}{number}/{code}"
    matrix = [[bool(dark) for dark in row] for row in segno.make(address, micro=False).matrix]
    return {"url": address, "code": code, "qr": matrix, "sha256": sha256}


def missing(content: bytes, common_facts: Facts, own: Facts) -> Iterator[Problem]:
    """Every fact without which the letter would have an empty line, each by its name."""
    for name in templates.needs(content):
        value = own.get(name)
        if blank(value):
            yield Problem(f"facts.{name}", "The letter cannot be issued without this.")
        elif isinstance(value, list):
            empty = [number for number, row in enumerate(value, 1) if isinstance(row, Mapping) and _is_empty(row)]
            yield from (Problem(f"facts.{name}[{number}]", "This row says nothing.") for number in empty)
    legal = (*_LEGAL, ("appeal", "text")) if templates.appeals(content) else _LEGAL
    for group, name in legal:
        table = common_facts.get(group)
        if not isinstance(table, Mapping) or blank(table.get(name)):
            yield Problem(f"{group}.{name}", "Every letter must say this: complete the programme or the register.")


def blank(value: object) -> bool:
    """Whether a value would print as nothing."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def application(rules: Programme, row: models.Application | None) -> dict[str, object] | None:
    """The application a letter is about."""
    if row is None:
        return None
    submitted = row.submitted_on.isoformat() if row.submitted_on else None
    return {"number": row.number, "types": types(rules, row.types), "submitted_on": submitted}


def authorisation(rules: Programme, row: models.Authorisation | None) -> dict[str, object] | None:
    """The authorisation a letter is about."""
    if row is None:
        return None
    return {
        "certificate_number": row.number,
        "effective_on": row.effective_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "types": types(rules, row.type.split(", ")),
    }


def types(rules: Programme, names: list[str]) -> list[dict[str, str]]:
    """Types of authorisation in both languages; one that the programme does not know stands as it is called."""
    known = (rules.types.get(name, Words(name, name)) for name in names)
    return [{"name": words.es, "name_en": words.en} for words in known]


def benefits(rules: Programme) -> list[dict[str, str]]:
    """What the programme gives, in both languages."""
    return [both("name", one.words) for one in rules.benefits]


def both(name: str, words: Words) -> dict[str, str]:
    """A text under its name, and in English under `<name>_en`."""
    return {name: words.es, f"{name}_en": words.en}


def _period(rule: ClockRule | None) -> dict[str, object] | None:
    return None if rule is None else {"count": rule.period.count, "unit": str(rule.period.unit)}


def _appeal_period(rules: Programme) -> dict[str, object] | None:
    """The days to appeal, what they count from and the law that sets them: an act that names none runs no period."""
    rule = rules.clocks.get("appeal")
    period = _period(rule) if rules.review.exists else None
    if rule is None or period is None:
        return None
    return {**period, "from_receipt": rule.from_receipt, **both("basis", rule.legal_basis)}


def _is_empty(row: Mapping[str, object]) -> bool:
    return all(blank(value) for value in row.values())
