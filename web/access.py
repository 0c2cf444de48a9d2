"""Who may open which page: an endpoint that is not in this table is open to nobody."""

from typing import Final

from engine.people import OPERATOR_ROLES, ROLES
from engine.queries.visible import OFFICERS, READERS

PUBLIC: Final = frozenset({"public"})
EVERYBODY: Final = frozenset(ROLES)
WORKERS: Final = OFFICERS | OPERATOR_ROLES  # they have tasks
CASES: Final = READERS | OPERATOR_ROLES  # they have cases to look at
OWNERS: Final = frozenset({"process_owner"})
AUDITORS: Final = frozenset({"auditor"})
ADMINISTRATORS: Final = frozenset({"administrator"})
STUDIO: Final = OWNERS | AUDITORS  # auditors read the versions, and change none

ACCESS: Final[dict[str, frozenset[str]]] = {
    "static": PUBLIC,
    "auth.form": PUBLIC,
    "auth.enter": PUBLIC,
    "auth.leave": EVERYBODY,
    "account.speak": PUBLIC,
    "account.show": EVERYBODY,
    "home.index": EVERYBODY,
    "home.search": CASES,
    "home.icon": PUBLIC,
    "public.form": PUBLIC,
    "public.check": PUBLIC,
    "public.letter": PUBLIC,
    "public.document": PUBLIC,
    "public.keys": PUBLIC,
    "inbox.index": WORKERS,
    "tasks.show": WORKERS,
    "tasks.claim": WORKERS,
    "tasks.claim_next": WORKERS,
    "tasks.release": WORKERS,
    "tasks.save_draft": WORKERS,
    "tasks.conditions": WORKERS,
    "tasks.complete": WORKERS,
    "cases.index": CASES,
    "cases.show": CASES,
    "cases.tasks": CASES,
    "cases.history": CASES,
    "cases.documents": CASES,
    "cases.letters": CASES,
    "cases.diagram": CASES,
    "cases.diagram_file": CASES,
    "cases.withdraw": frozenset({"signatory"}),
    "cases.send_withdrawal": frozenset({"signatory"}),
    "timers.index": ADMINISTRATORS,
    "timers.form": ADMINISTRATORS | {"director"},
    "timers.postpone": ADMINISTRATORS | {"director"},
    "messages.index": ADMINISTRATORS,
    "messages.show": ADMINISTRATORS,
    "messages.give": ADMINISTRATORS,
    "messages.begin": ADMINISTRATORS,
    "messages.discard": ADMINISTRATORS,
    "documents.document": CASES,
    "documents.letter": CASES,
    "deliveries.show": CASES,
    "deliveries.bounce": OFFICERS,
    "deliveries.again": OFFICERS,
    "deliveries.paper": OFFICERS,
    "deliveries.delegated": READERS | ADMINISTRATORS,
    "deliveries.delegate": frozenset({"director"}),
    "deliveries.take_back": frozenset({"director"}),
    "operators.index": CASES,
    "operators.show": CASES,
    "operators.report": CASES,
    "operators.send": OFFICERS | OPERATOR_ROLES,
    "start.index": WORKERS,
    "start.form": WORKERS,
    "start.begin": WORKERS,
    "start.conditions": WORKERS,
    "studio.index": STUDIO,
    "studio.show": STUDIO,
    "studio.what_runs": STUDIO,
    "studio.new": OWNERS,
    "studio.create": OWNERS,
    "studio.open_draft": OWNERS,
    "studio.edit": STUDIO,
    "studio.save": OWNERS,
    "studio.upload": OWNERS,
    "studio.check": OWNERS,
    "studio.submit": OWNERS,
    "studio.version": STUDIO,
    "studio.content": STUDIO,
    "studio.try_out": STUDIO,
    "studio.drawing": STUDIO,
    "studio.publish": OWNERS,
    "studio.send_back": OWNERS,
    "upgrades.index": STUDIO,
    "upgrades.plan": STUDIO,
    "upgrades.ask": OWNERS,
    "upgrades.show": STUDIO,
    "upgrades.approve": OWNERS,
    "upgrades.leave": OWNERS,
    "upgrades.undo": OWNERS,
    "incidents.index": ADMINISTRATORS | AUDITORS,  # who reads, and mends nothing
    "incidents.show": ADMINISTRATORS | AUDITORS,
    "incidents.case": ADMINISTRATORS | AUDITORS,
    "incidents.ask": ADMINISTRATORS,
    "incidents.try_out": ADMINISTRATORS,
    "incidents.do": ADMINISTRATORS,
    "incidents.close": ADMINISTRATORS,
    "incidents.send_again": ADMINISTRATORS,
    "audit.index": AUDITORS,
    "audit.case": AUDITORS,
    "audit.stream": AUDITORS,
    "audit.verify": AUDITORS,
    "audit.verify_stream": AUDITORS,
    "audit.take_away": AUDITORS,
    "audit.take_away_stream": AUDITORS,
}


def may_open(endpoint: str, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may open the endpoint; no roles: somebody who has not logged in."""
    allowed = ACCESS.get(endpoint, frozenset())
    return allowed == PUBLIC or not allowed.isdisjoint(roles)
