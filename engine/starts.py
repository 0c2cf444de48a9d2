"""Starting a case by hand: who may, about whom, and with which answers on the start form."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from engine import cases, commands, evidence, forms, offices, pins
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.forms import Form
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Work
from engine.workflow import Diagram

CERTIFICATE: Final = "certificate"  # what the diagram says that its cases are about
APPLICATION: Final = "application"
About = models.Authorisation | models.Application
PROGRAMME: Final = "programme"


def begin(
    work: Work,
    process: str,
    answers: Mapping[str, object],
    operator_id: str | None = None,
    authorisation_id: str | None = None,
    key: str | None = None,
    at: str | None = None,
    application_id: str | None = None,
) -> models.Case:
    """Starts a case about an operator, one of its authorisations or applications; Invalid names the fields that are wrong.

    It begins at the first plain start event of the process, or `at` the one named. With a `key` seen before, the case
    that was started then is given back.
    """
    release = pins.current(work, process)
    diagram = pins.definition(work, release.id).diagrams[process]
    require_may_start(work, diagram, at)
    wanted = diagram.started_about(at)
    if wanted == CERTIFICATE and not authorisation_id:
        raise Conflict("This process is started about a certificate.")
    if wanted == APPLICATION and not application_id:
        raise Conflict("This process is started about an application.")
    about = _about(work, authorisation_id, application_id)
    subject = _subject(work, operator_id, about)
    if not commands.first(work, key):
        return _started_before(work, key)
    _require_state(diagram, at, about)
    checked: Mapping[str, object] = {}
    if asked := diagram.start_form(at):
        form = pins.form(work, release.id, asked)
        known = {**subject, **offer(work, process, form, str(subject["operator_id"]), answers)}
        checked = forms.check(form, answers, known, now=work.local)
        evidence.require_of_case(work, None, form, checked)
        cases.require_room(subject, checked)
    case = cases.start(work, process, {**subject, **checked}, at=at)
    if key is not None:
        work.session.get_one(models.Command, key).answer = case.id
    return case


def require_may_start(work: Work, diagram: Diagram, at: str | None = None) -> None:
    """Raises NotAllowed unless the diagram lets one of the actor's roles start the process by hand, at that start."""
    allowed = diagram.start_roles_at(at)
    if not work.actor.holds(*allowed):
        roles = ", ".join(allowed)
        if not roles:
            raise NotAllowed("This process is not started by hand.")
        raise NotAllowed("This process is started by the roles %(role_names)s.", role_names=roles)


def _require_state(diagram: Diagram, at: str | None, about: About | None) -> None:
    """Raises Conflict where the diagram says in which states it is started, and what it is to be about is in another."""
    wanted = diagram.from_states(at)
    if wanted and about is not None and about.state not in wanted:
        message = "This process is not started about a certificate or an application in the state %(state)s."
        raise Conflict(message, state=about.state)


def offer(work: Work, process: str, form: Form, operator_id: str, answers: Mapping[str, object]) -> dict[str, object]:
    """What a start form that asks for a `programme` may take its options from; no case keeps it.

    `offered_types` are those of the programme that is answered, else of the one that the form proposes;
    `registered_sites` those of the operator. Each is {value, label, label_en}.
    """
    asked = next((field for field in form.walk() if field.key == PROGRAMME), None)
    if asked is None:
        return {}
    texts = pins.contents(work, pins.current(work, process).id, "programme")
    content = texts.get(str(answers.get(PROGRAMME) or asked.default))
    types = offices.read(content).types if content else {}
    sites = work.session.scalars(
        select(models.Site).where(models.Site.operator_id == operator_id).order_by(models.Site.name)
    )
    return {
        "offered_types": [{"value": key, "label": name.es, "label_en": name.en} for key, name in types.items()],
        "registered_sites": [{"value": site.id, "label": site.name, "label_en": site.name} for site in sites],
    }


def _about(work: Work, authorisation_id: str | None, application_id: str | None) -> About | None:
    """The certificate or the application that the case is to be about; None where it is about an operator only."""
    if authorisation_id:
        authorisation = work.session.get(models.Authorisation, authorisation_id)
        if authorisation is None:
            raise NotFound("There is no such authorisation.")
        return authorisation
    if application_id:
        application = work.session.get(models.Application, application_id)
        if application is None:
            raise NotFound("There is no such application.")
        return application
    return None


def _subject(work: Work, operator_id: str | None, about: About | None) -> dict[str, object]:
    """Whom and what the case is about, as its first data."""
    wanted = about.operator_id if about else operator_id
    operator = work.session.get(models.Operator, wanted) if wanted else None
    if operator is None:
        raise NotFound("There is no such operator.")
    outside = work.actor.holds(*OPERATOR_ROLES)
    if outside and operator.id not in work.actor.operators:
        raise NotAllowed("You do not act for this operator.")
    return {"operator_id": operator.id, "operator_name": operator.name, **_facts(about)}


def _facts(about: About | None) -> dict[str, object]:
    if isinstance(about, models.Authorisation):
        return {
            "authorisation_id": about.id,
            "certificate_number": about.number,
            "authorisation_state": about.state,
            "application_id": about.application_id,
            "programme": about.programme,
        }
    if about is not None:
        return {
            "application_id": about.id,
            "application_number": about.number,
            "programme": about.programme,
            "types": list(about.types),
        }
    return {}


def _started_before(work: Work, key: str | None) -> models.Case:
    case = work.session.get(models.Case, commands.answer(work, key or ""))
    if case is None:
        raise Conflict("This key was used for something else.")
    return case
