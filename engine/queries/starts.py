"""What an actor may start by hand, and about whom: an operator, or one of its certificates."""

from collections.abc import Collection
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
CERTIFICATE: Final = starts.CERTIFICATE
APPLICATION: Final = starts.APPLICATION


@dataclass(frozen=True, slots=True)
class Choice:
    """A process that the actor may start; `about` is operator or certificate.

    Where it has several plain starts there is a choice for each, with its name: `at` is its element. `states` are those of
    the certificate or application in which it is offered; none said: as long as the certificate gives benefits. `clock` is
    the legal clock that must run for it meanwhile.
    """

    process: str
    name: str
    name_en: str
    guide: str
    guide_en: str
    about: str
    at: str | None = None
    states: tuple[str, ...] = ()
    clock: str = ""

    def fits(self, state: str, benefits_on: bool, running: Collection[str] = ()) -> bool:  # noqa: FBT001 - what a page knows of a certificate
        """Whether it is offered about a certificate or application in that state, of which these clocks run."""
        return (not self.clock or self.clock in running) and (state in self.states if self.states else benefits_on)


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start form of a process, and whom the case will be about."""

    choice: Choice
    operator: operators.Profile
    certificate: operators.Certificate | None
    application: operators.Request | None
    form: Form | None


def choices(work: Work) -> tuple[Choice, ...]:
    """The processes in force that one of the actor's roles may start."""
    processes = work.session.scalars(select(models.Release.process).where(models.Release.current))
    diagrams = [_diagram(work, process) for process in sorted(processes)]
    places = ((diagram, at) for diagram in diagrams for at in _places(diagram))
    return tuple(_choice(diagram, at) for diagram, at in places if work.actor.holds(*diagram.start_roles_at(at)))


def about_certificates(work: Work) -> tuple[Choice, ...]:
    """Those of them that are started about a certificate: they stand beside it on the operator's page."""
    return tuple(choice for choice in choices(work) if choice.about == CERTIFICATE)


def about_applications(work: Work) -> tuple[Choice, ...]:
    """Those of them that are started about an application."""
    return tuple(choice for choice in choices(work) if choice.about == APPLICATION)


def read(
    work: Work, process: str, operator_id: str, authorisation_id: str, at: str | None = None, application_id: str = ""
) -> StartPage:
    """The page on which a process is started, at the start named; NotAllowed for those whose role does not start it."""
    diagram = _diagram(work, process)
    starts.require_may_start(work, diagram, at)
    choice = _choice(diagram, at)
    certificate = application = None
    if choice.about == CERTIFICATE:
        operator_id = _holder(work, authorisation_id)
        certificate = operators.visible_certificate(work, operator_id, authorisation_id)
    if choice.about == APPLICATION:
        operator_id, application = _applicant(work, application_id)
    profile = operators.profile(work, operator_id)
    return StartPage(choice, profile, certificate, application, _form(work, process, diagram, at))


def form(work: Work, process: str, at: str | None = None) -> Form | None:
    """The start form of a process in force, of the start named; None if it begins without questions."""
    return _form(work, process, _diagram(work, process), at)


def _form(work: Work, process: str, diagram: Diagram, at: str | None) -> Form | None:
    asked = diagram.start_form(at)
    return pins.form(work, pins.current(work, process).id, asked) if asked else None


def _places(diagram: Diagram) -> list[str | None]:
    """The starts to choose from; none by name where there is nothing to choose."""
    starts = diagram.plain_starts
    return [start.id for start in starts] if len(starts) > 1 else [None]


def _diagram(work: Work, process: str) -> Diagram:
    return pins.definition(work, pins.current(work, process).id).diagrams[process]


def _choice(diagram: Diagram, at: str | None) -> Choice:
    start = next((element for element in diagram.plain_starts if element.id == at), None)
    outside = not OPERATOR_ROLES.isdisjoint(diagram.start_roles_at(at))
    return Choice(
        process=diagram.process_id,
        name=f"{diagram.name}: {start.name or start.id}" if start else diagram.name,
        name_en=f"{diagram.name_en}: {start.name_en or start.name or start.id}" if start else diagram.name_en,
        guide=diagram.documentation,
        guide_en=diagram.documentation_en,
        about=diagram.started_about(at) or (OPERATOR if outside else CERTIFICATE),
        at=start.id if start else None,
        states=diagram.from_states(at),
        clock=diagram.while_runs(at),
    )


def _holder(work: Work, authorisation_id: str) -> str:
    query = select(models.Authorisation.operator_id).where(models.Authorisation.id == authorisation_id)
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("There is no such authorisation.")
    return found


def _applicant(work: Work, application_id: str) -> tuple[str, operators.Request]:
    """Whose application it is, and the application as its operator's page shows it."""
    query = select(models.Application.operator_id).where(models.Application.id == application_id)
    operator_id = work.session.scalar(query)
    shown = operators.profile(work, operator_id).requests if operator_id else ()
    found = next((one for one in shown if one.id == application_id), None)
    if operator_id is None or found is None:
        raise NotFound("There is no such application.")
    return operator_id, found
