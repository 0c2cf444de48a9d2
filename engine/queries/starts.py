"""What an actor may start by hand, and about whom: an operator, or one of its certificates."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine import pins, starts
from engine.domain.errors import NotFound
from engine.forms import Form
from engine.people import OPERATOR_ROLES
from engine.queries import operators
from engine.store import models
from engine.work import Work
from engine.workflow import Diagram

OPERATOR: Final = "operator"
CERTIFICATE: Final = "certificate"


@dataclass(frozen=True, slots=True)
class Choice:
    """A process that the actor may start; `about` is operator or certificate."""

    process: str
    name: str
    name_en: str
    guide: str
    guide_en: str
    about: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start form of a process, and whom the case will be about."""

    choice: Choice
    operator: operators.Profile
    certificate: operators.Certificate | None
    form: Form | None


def choices(work: Work) -> tuple[Choice, ...]:
    """The processes in force that one of the actor's roles may start."""
    processes = work.session.scalars(select(models.Release.process).where(models.Release.current))
    diagrams = [_diagram(work, process) for process in sorted(processes)]
    return tuple(_choice(diagram) for diagram in diagrams if work.actor.holds(*diagram.start_roles))


def about_certificates(work: Work) -> tuple[Choice, ...]:
    """Those of them that are started about a certificate: they stand beside it on the operator's page."""
    return tuple(choice for choice in choices(work) if choice.about == CERTIFICATE)


def read(work: Work, process: str, operator_id: str, authorisation_id: str) -> StartPage:
    """The page on which a process is started; NotAllowed for those whose role does not start it."""
    diagram = _diagram(work, process)
    starts.require_may_start(work, diagram)
    choice = _choice(diagram)
    certificate = None
    if choice.about == CERTIFICATE:
        operator_id = _holder(work, authorisation_id)
        certificate = operators.visible_certificate(work, operator_id, authorisation_id)
    return StartPage(choice, operators.profile(work, operator_id), certificate, _form(work, process, diagram))


def form(work: Work, process: str) -> Form | None:
    """The start form of a process in force; None if it begins without questions."""
    return _form(work, process, _diagram(work, process))


def _form(work: Work, process: str, diagram: Diagram) -> Form | None:
    return pins.form(work, pins.current(work, process).id, diagram.start_form) if diagram.start_form else None


def _diagram(work: Work, process: str) -> Diagram:
    return pins.definition(work, pins.current(work, process).id).diagrams[process]


def _choice(diagram: Diagram) -> Choice:
    outside = not OPERATOR_ROLES.isdisjoint(diagram.start_roles)
    return Choice(
        process=diagram.process_id,
        name=diagram.name,
        name_en=diagram.name_en,
        guide=diagram.documentation,
        guide_en=diagram.documentation_en,
        about=diagram.properties.get("about", OPERATOR if outside else CERTIFICATE),
    )


def _holder(work: Work, authorisation_id: str) -> str:
    query = select(models.Authorisation.operator_id).where(models.Authorisation.id == authorisation_id)
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("There is no such authorisation.")
    return found
