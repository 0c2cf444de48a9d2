"""The script of the demonstration: a whole life of a certificate, from the application to the end of it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from engine import evidence
from engine.demo import answers
from engine.demo.acts import Act, Answers, Report, Wait, Write
from engine.demo.answers import Themes
from engine.demo.office import LEMPA
from engine.store import models
from engine.work import Work

VOTERS: Final = {"sv": ((10, "comite"), (11, "comite2"))}  # hour and member; by programme
APPLIED_FOR: Final[Mapping[str, list[str]]] = {"sv": ["exporter"], "eu": ["AEOS"], "wco": ["aeo"]}  # types by programme


def _plain(**fields: object) -> Write:
    return lambda _work, _case, _data: fields


def _day(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant by the clock on the office's wall (San Salvador keeps UTC-6 all year)."""
    return datetime(year, month, day, hour + 6, minute, tzinfo=UTC)


def _prepare(work: Work, case: models.Case, _data: Answers) -> Answers:
    register = evidence.store(work, case, "matricula.pdf", answers.certificate_of("inscripción", LEMPA.name))
    return {
        "activity": "Confección y exportación de prendas de vestir bajo régimen de zona franca.",
        "years_of_operation": 14,
        "has_group": "no",
        "contact_name": "Ana Beatriz Lemus",
        "contact_post": "Jefa de cumplimiento aduanero",
        "contact_email": LEMPA.email,
        "contact_phone": LEMPA.phone,
        "sites": [{"name": name, "address": address, "use": "Producción y despacho"} for name, address in LEMPA.sites],
        "registration_documents": [register],
        "consent_publication": "yes",
        "consent_sharing": "yes",
    }


def _assess(work: Work, case: models.Case, data: Answers) -> Answers:
    solvency = answers.certificate_of("pago de impuestos", LEMPA.name)
    papers = (
        evidence.store(work, case, "solvencia-tributaria.pdf", solvency),
        evidence.store(work, case, "libro-de-marchamos.csv", answers.seal_log()),
    )
    files = {
        code: paper
        for one in answers.THEMES.values()
        for code, paper in zip((one.solvency, one.seals), papers, strict=True)
    }
    return {"self_assessment": answers.self_assessment(files, answers.of_case(work, case, data))}


def _complete(work: Work, case: models.Case, _data: Answers) -> Answers:
    proof = answers.certificate_of("obligaciones municipales", LEMPA.name)
    return {
        "completion_note": "Se adjunta la solvencia municipal de las dos instalaciones.",
        "completion_documents": [evidence.store(work, case, "solvencia-municipal.pdf", proof)],
    }


def _open_findings(data: Answers) -> Iterator[str]:
    findings = data["findings"]
    if not isinstance(findings, list):
        raise TypeError(findings)
    return (finding["id"] for finding in findings if finding["severity"] != "observation")


def _propose_actions(work: Work, case: models.Case, data: Answers) -> Answers:
    photo = evidence.store(work, case, "candado-de-bodega.pdf", answers.certificate_of("medidas", LEMPA.name))
    rows: list[dict[str, object]] = [
        {
            "finding": finding,
            "cause": "El procedimiento no asignaba responsable por turno.",
            "action": "Se asignó responsable por turno y se capacitó al personal.",
            "responsible": "Ana Beatriz Lemus",
            "due_on": "2026-06-05",
            "evidence": [photo],
        }
        for finding in _open_findings(data)
    ]
    return {"actions": rows}


def _verify_actions(_work: Work, _case: models.Case, data: Answers) -> Answers:
    note = "Comprobado en el sitio con el libro y el personal de turno."
    return {
        "verifications": [
            {"finding": finding, "result": "corrected", "note": note} for finding in _open_findings(data)
        ],
        "second_visit_made": "no",
    }


def _assess_yearly(work: Work, case: models.Case, data: Answers) -> Answers:
    return {
        "changed": ["people"],
        "changes_described": "Cambió la persona a cargo de despacho.",
        "self_assessment": answers.self_assessment({}, answers.of_case(work, case, data)),
        "yearly_declaration": True,
    }


def script(programme: str = "sv") -> list[Act | Report | Wait]:
    """The life, in order: application, certificate, a year, a suspension that is lifted, one that ends in revocation."""
    themes = answers.THEMES[programme]
    return [
        *_application(programme),
        *_validation(themes),
        *_granting(programme),
        *_year(themes),
        *_lifted(themes),
        *_revoked(),
    ]


def _application(programme: str) -> list[Act | Report | Wait]:
    asked = _plain(programme=programme, types=APPLIED_FOR[programme])
    return [
        Act(_day(2026, 1, 12), "preparador", "application", "start", asked),
        Act(_day(2026, 1, 19), "preparador", "application", "prepare_application", _prepare),
        Act(_day(2026, 1, 30, 15), "preparador", "application", "assess_self", _assess),
        Act(
            _day(2026, 2, 2, 10),
            "representante",
            "application",
            "sign_and_submit",
            _plain(signature="submit", declaration=True),
        ),
        Act(
            _day(2026, 2, 6),
            "admision",
            "application",
            "check_admissibility",
            _plain(
                admission_checks=["established", "identified", "authority", "no_bar", "assessment"],
                admissibility="incomplete",
                missing_items=[
                    {
                        "item": "Solvencia municipal",
                        "reason": "Es una de las cuatro que exige el programa y no se adjuntó.",
                    }
                ],
            ),
        ),
        Act(_day(2026, 2, 12, 11), "preparador", "application", "complete_application", _complete),
        Act(
            _day(2026, 2, 13),
            "admision",
            "application",
            "check_admissibility",
            _plain(
                admission_checks=["established", "identified", "authority", "no_bar", "assessment", "solvency"],
                admissibility="complete",
            ),
        ),
        Act(
            _day(2026, 3, 16, 14),
            "analista",
            "application",
            "review_application",
            lambda work, case, data: {
                "scores": answers.scores(answers.of_case(work, case, data)),
                "risks": answers.risks(answers.of_case(work, case, data)),
                "risk_level": "medium",
                "review_summary": "Cumple; la custodia de marchamos y los socios comerciales se verifican en la visita.",
                "review_outcome": "sufficient",
            },
        ),
    ]


def _minutes(themes: Themes) -> Write:
    """The minutes of the site that is visited, each with the finding that was made there."""
    plant, store = (name for name, _address in LEMPA.sites)
    found = {
        plant: (themes.visitors, "minor", "El registro de visitas no anota la hora de salida."),
        store: (themes.seals, "major", "Los marchamos sin usar se guardan sin llave durante el turno de noche."),
    }

    def write(work: Work, _case: models.Case, data: Answers) -> Answers:
        site = str(data.get("site", plant))
        rows = [
            {"criterion": criterion, "site": site, "severity": severity, "text": text}
            for criterion, severity, text in ([found[site]] if site in found else [])
        ]
        return {
            "visited_on": work.today.isoformat(),
            "began": "08:30",
            "ended": "15:45",
            "attendees": [
                {"name": "Valeria Hernández", "post": "Validadora jefe", "party": "customs"},
                {"name": "Ana Beatriz Lemus", "post": "Jefa de cumplimiento aduanero", "party": "operator"},
            ],
            "facts_seen": "Se siguieron veinte despachos de punta a punta y se recorrió toda la instalación.",
            "findings": rows,
        }

    return write


_SIGNED: Final = {
    "minutes_signature": "sign",
    "signer_name": "Rosa Elena Portillo",
    "signer_post": "Representante legal",
}


def _validation(themes: Themes) -> list[Act | Report | Wait]:
    visits = [
        {"site": name, "mode": "visit", "day": f"2026-04-{day}", "time": "08:30", "team_size": 2}
        for (name, _address), day in zip(LEMPA.sites, (21, 22), strict=True)
    ]
    return [
        Act(
            _day(2026, 3, 23),
            "validador",
            "application",
            "plan_validation",
            _plain(
                visits=visits,
                team=[
                    {"name": "Valeria Hernández", "post": "Validadora jefe"},
                    {"name": "Mauricio Rivas", "post": "Validador"},
                ],
                focus_criteria=[themes.seals, themes.visitors, themes.partners],
                documents_to_prepare="Libro de marchamos, contratos con transportistas, plano de cámaras.",
                no_conflict=True,
            ),
        ),
        Act(_day(2026, 4, 21, 16), "validador", "application", "write_minutes", _minutes(themes)),
        Act(_day(2026, 4, 22, 10), "representante", "application", "countersign_minutes", _plain(**_SIGNED)),
        Act(_day(2026, 4, 22, 16), "validador", "application", "write_minutes", _minutes(themes)),
        Act(_day(2026, 4, 23), "representante", "application", "countersign_minutes", _plain(**_SIGNED)),
        Act(_day(2026, 5, 25), "preparador", "application", "propose_actions", _propose_actions),
        Act(_day(2026, 6, 2), "validador2", "application", "verify_actions", _verify_actions),
        Act(
            _day(2026, 6, 5),
            "validador",
            "application",
            "write_report",
            lambda work, case, data: {
                "conclusions": answers.conclusions(answers.of_case(work, case, data)),
                "risks": answers.risks(answers.of_case(work, case, data)),
                "validation_summary": "Las dos instalaciones cumplen; los dos hallazgos quedaron corregidos y verificados.",
                "validation_recommendation": "grant",
            },
        ),
        Act(_day(2026, 6, 8), "validador2", "application", "countersign_report", _plain(report_agreement="sign")),
    ]


def _granting(programme: str) -> list[Act | Report | Wait]:
    return [
        Act(
            _day(2026, 6, 10),
            "analista",
            "application",
            "write_proposal",
            _plain(
                proposal_summary="Operador con catorce años de operación, sin infracciones en el período.",
                remaining_risks="Custodia de marchamos por un tercero: revisar cada trimestre.",
                proposal="grant",
                proposal_reasons="Se cumplen las condiciones del programa en las dos instalaciones.",
            ),
        ),
        *_votes(programme),
        Act(
            _day(2026, 6, 12),
            "director",
            "application",
            "decide_on_proposal",
            _plain(decision="grant", decision_reasons="Se acoge el dictamen y la opinión del Comité."),
        ),
    ]


def _votes(programme: str) -> list[Act | Report | Wait]:
    """The members of the committee who make its quorum; some programmes have none."""
    said = _plain(vote="for", vote_reasons="El expediente está completo y los hallazgos, cerrados.")
    return [
        Act(_day(2026, 6, 11, hour), who, "application", "give_opinion", said)
        for hour, who in VOTERS.get(programme, ())
    ]


def _year(themes: Themes) -> list[Act | Report | Wait]:
    watch = [{"criterion": themes.seals, "what": "Custodia de marchamos de noche", "frequency": "quarterly"}]
    return [
        Act(_day(2026, 6, 15), "seguimiento", "monitoring", "plan_monitoring", _plain(watch_points=watch)),
        Report(
            _day(2026, 10, 5),
            "preparador",
            "change_reported",
            {"change": {"kind": "people", "text": "Nueva jefa de despacho desde el 1 de octubre."}},
        ),
        Act(
            _day(2026, 10, 7),
            "seguimiento",
            "monitoring",
            "assess_change",
            _plain(
                criteria_touched=[themes.staff],
                change_note="Verificada la idoneidad de la persona.",
                monitoring_outcome="continue",
            ),
        ),
        Wait(_day(2027, 6, 14)),
        Act(_day(2027, 6, 21), "preparador", "monitoring", "assess_yearly", _assess_yearly),
        Act(
            _day(2027, 6, 28),
            "seguimiento",
            "monitoring",
            "review_assessment",
            lambda work, case, data: {
                "scores": answers.scores(answers.of_case(work, case, data)),
                "assessment_note": "Completa y respaldada.",
                "monitoring_outcome": "continue",
            },
        ),
    ]


def _suspend(at: datetime, decided: datetime, incident: str, reasons: str) -> list[Act | Report | Wait]:
    """An incident, its assessment, the proposal to suspend under ground (b), and the decision."""
    return [
        Report(at, "preparador", "incident_reported", {"incident": {"kind": "seal", "text": incident}}),
        Act(
            at.replace(hour=20),
            "seguimiento",
            "monitoring",
            "assess_incident",
            _plain(
                incident_severity="major",
                incident_note="Confirmado con las cámaras y el libro.",
                monitoring_outcome="suspend",
                proposed_ground="b",
                proposed_reasons=reasons,
            ),
        ),
        Act(
            at.replace(hour=21),
            "seguimiento",
            "suspension",
            "propose_suspension",
            _plain(
                ground="b",
                suspension_reasons=reasons,
                measures_asked="Custodia bajo llave con doble control y prueba de su aplicación.",
                suspension_days=60,
                relied_on=[{"document": "Registro de marchamos de la planta y aviso del titular"}],
            ),
        ),
        Act(
            decided,
            "director",
            "suspension",
            "decide_suspension",
            _plain(suspension_decision="suspend", suspension_decision_reasons="Los hechos están probados."),
        ),
    ]


def _lifted(themes: Themes) -> list[Act | Report | Wait]:
    reasons = f"La custodia de marchamos dejó de cumplir la condición {themes.seals}."
    measure = [{"measure": "Caja fuerte con doble llave y bitácora digital.", "done_on": "2027-09-20"}]
    return [
        *_suspend(_day(2027, 9, 6), _day(2027, 9, 8), "Faltan tres marchamos del turno de noche.", reasons),
        Act(
            _day(2027, 9, 24),
            "representante",
            "suspension",
            "propose_measures",
            _plain(measures_answer="done", measures=measure),
        ),
        Act(
            _day(2027, 9, 30),
            "seguimiento",
            "suspension",
            "verify_measures",
            _plain(measures_result="cured", measures_note="Comprobado en el sitio."),
        ),
        Act(
            _day(2027, 10, 1),
            "director",
            "suspension",
            "decide_lift",
            _plain(lift_decision="lift", lift_reasons="Las medidas están probadas."),
        ),
    ]


def _revoked() -> list[Act | Report | Wait]:
    reasons = "La falta se repitió dentro del año y las medidas prometidas no se mantuvieron."
    return [
        *_suspend(_day(2028, 2, 7), _day(2028, 2, 9), "Un contenedor salió con un marchamo duplicado.", reasons),
        Wait(_day(2028, 4, 12)),
        Act(
            _day(2028, 4, 12),
            "seguimiento",
            "suspension",
            "propose_revocation",
            _plain(
                intended_act="revoke",
                revocation_grounds=[{"condition": "security", "ground": reasons}],
                relied_on=[{"document": "Acta de la segunda falta y bitácora de marchamos"}],
            ),
        ),
        Act(
            _day(2028, 4, 13),
            "juridico",
            "suspension",
            "advise_revocation",
            _plain(legal_opinion="favourable", legal_opinion_reasons="Los hechos constan y procede oír a la titular."),
        ),
        Act(
            _day(2028, 4, 14),
            "director",
            "suspension",
            "decide_intention",
            _plain(intention="announce", intention_reasons="La falta se repitió y nada se subsanó en el plazo."),
        ),
        Act(
            _day(2028, 4, 24),
            "representante",
            "suspension",
            "answer_intention",
            _plain(arguments=[{"argument": "El transportista cambió el marchamo sin aviso."}]),
        ),
        Act(
            _day(2028, 5, 2),
            "seguimiento",
            "suspension",
            "answer_arguments",
            _plain(
                argument_answers=[
                    {
                        "argument": "El transportista cambió el marchamo sin aviso.",
                        "answer": "La custodia es obligación de la titular, también frente a terceros.",
                    }
                ],
            ),
        ),
        Act(
            _day(2028, 5, 15),
            "director",
            "suspension",
            "decide_revocation",
            _plain(
                revocation_decision="revoke",
                reasons_by_ground=[{"reason": "Consta en el acta, y la titular no lo desvirtuó."}],
                revocation_reasons=reasons,
            ),
        ),
    ]
