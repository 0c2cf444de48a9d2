"""Operators: the list, one operator with all it holds, and what it or an officer reports about it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import operators as registry
from engine import reports
from engine.domain.errors import Invalid
from engine.queries import cases, certificates, operators, starts
from engine.work import Work
from web import errors, filing, forms
from web.addresses import number
from web.i18n import N_, language
from web.work import look_of_user, work_of_user

bp = Blueprint("operators", __name__)


@bp.get("/operators")
def index() -> str:
    """The operators that the reader may see."""
    text = request.args.get("q", "").strip()
    with look_of_user() as work:
        page = operators.listing(work, text, number(request.args.get("page")))
        return render_template("operators/index.html", page=page, text=text)


@bp.get("/operators/<operator_id>")
def show(operator_id: str) -> str:
    """One operator: certificates first, then applications, measures and cases."""
    with look_of_user() as work:
        return render_template(
            "operators/show.html",
            operator=operators.profile(work, operator_id),
            bars=certificates.bars_of(work, operator_id),
            cases=cases.of_operator(work, operator_id),
            processes=starts.about_certificates(work),
            proceedings=starts.about_applications(work),
            today=work.today,
        )


@bp.post("/operators/<operator_id>/language")
def write_in(operator_id: str) -> Response:
    """Chooses the language of the letters to the operator."""
    with work_of_user() as work:
        registry.write_in(work, operator_id, request.form.get("language") or None)
    flash(N_("Saved. Letters that are issued from now on have a translation into that language."))
    return redirect(url_for(".show", operator_id=operator_id))


@bp.get("/operators/<operator_id>/certificates/<authorisation_id>/<kind>")
def report(operator_id: str, authorisation_id: str, kind: str) -> str:
    """The page on which a change or an incident is told."""
    with look_of_user() as work:
        return _report(work, operator_id, authorisation_id, kind, {})


@bp.post("/operators/<operator_id>/certificates/<authorisation_id>/<kind>")
def send(operator_id: str, authorisation_id: str, kind: str) -> Response | tuple[str, int]:
    """Tells it to the case that watches the certificate, or shows what is wrong with what was typed."""
    with look_of_user() as work:
        posted = filing.posted(reports.form(work, kind))
        typed = filing.without_uploads(posted)
        if forms.rows_changed(request.form):
            return _report(work, operator_id, authorisation_id, kind, typed), 200
    try:
        with work_of_user() as work:
            if posted.has_uploads:
                typed = filing.kept(work, reports.watching_case(work, authorisation_id), posted)
            reports.send(work, authorisation_id, kind, typed)
    except Invalid as refusal:
        with look_of_user() as work:
            page = _report(work, operator_id, authorisation_id, kind, typed, refusal)
        return page, errors.status(refusal)
    flash(N_("Thank you. The monitoring officer has it now."))
    return redirect(url_for(".show", operator_id=operator_id))


def _report(
    work: Work,
    operator_id: str,
    authorisation_id: str,
    kind: str,
    typed: Mapping[str, object],
    refusal: Invalid | None = None,
) -> str:
    asked = reports.form(work, kind)
    problems = refusal.problems if refusal else ()
    return render_template(
        "operators/report.html",
        operator=operators.profile(work, operator_id),
        certificate=operators.visible_certificate(work, operator_id, authorisation_id),
        kind=kind,
        form=forms.view(asked, typed, problems, language(), now=work.local),
        refusal=refusal,
    )
