"""Small forms for tests, written as the form editor writes them."""

import json
from collections.abc import Mapping

from engine import forms
from engine.domain.errors import Invalid
from engine.forms import Form

CRITERIA = """
[[criteria]]
code = "A.1"
level = "must"
per = "company"
title_es = "Cumplimiento"
title_en = "Compliance"
short_es = "Infracciones"
short_en = "Infringements"
question_es = "¿Hubo infracciones?"
question_en = "Were there infringements?"
evidence_es = "Extracto."
evidence_en = "Extract."

[[criteria]]
code = "G.2"
level = "should"
per = "site"
title_es = "Carga"
title_en = "Cargo"
question_es = "¿Se controlan los precintos?"
question_en = "Are seals controlled?"
evidence_es = "Libro de precintos."
evidence_en = "Seal log."
""".encode()

YES_NO = [{"value": "yes", "label": "Sí", "label_en": "Yes"}, {"value": "no", "label": "No", "label_en": "No"}]


def component(kind: str, key: str = "", **more: object) -> dict[str, object]:
    """One component with a label; `key` is its path where it is a container."""
    name = "path" if kind in ("group", "dynamiclist") else "key"
    return {"type": kind, "id": f"id_{key}", "label": key.capitalize(), **({name: key} if key else {}), **more}


def schema(*components: Mapping[str, object], **more: object) -> bytes:
    """The form as a file."""
    return json.dumps({"type": "default", "schemaVersion": 19, "components": components, **more}).encode()


def form(*components: Mapping[str, object]) -> Form:
    """The form as read, with one set of criteria to name: wco."""
    return forms.read(schema(*components), {"wco": CRITERIA})


def problems(source: bytes | Form, answers: Mapping[str, object] | None = None, **data: object) -> dict[str, str]:
    """What is wrong with a file, or with answers to a form: sentences by place."""
    try:
        if isinstance(source, Form):
            forms.check(source, answers or {}, data)
        else:
            forms.read(source, {"wco": CRITERIA})
    except Invalid as refusal:
        return {one.where: one.message % one.params for one in refusal.problems} or {"": str(refusal)}
    return {}


FINDINGS = component(
    "dynamiclist",
    "findings",
    components=[
        component("textfield", "title", validate={"required": True}),
        component(
            "select", "severity", values=[{"value": "minor", "label": "Menor"}, {"value": "major", "label": "Mayor"}]
        ),
        component("datetime", "due", conditional={"hide": '=severity != "major"'}, validate={"required": True}),
        component("filepicker", "photos", multiple=True),
    ],
)
EVERYTHING = (
    component("textfield", "name", validate={"required": True, "maxLength": 40}),
    component("textarea", "reasons", conditional={"hide": '=decision = "yes"'}, validate={"required": True}),
    component("number", "amount", decimalDigits=2, validate={"min": 0, "max": 1000}),
    component("datetime", "visited"),
    component("checkbox", "sure"),
    component("checklist", "kinds", values=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]),
    component("radio", "decision", values=YES_NO),
    component("filepicker", "papers", multiple=True, accept=".pdf"),
    component("expression", "double", expression="=amount * 2"),
    component("textfield", "operator_name", readonly=True),
    component("group", "", label="Sitio", components=[component("textfield", "town")]),
    component("group", "contact", components=[component("textfield", "email", validate={"validationType": "email"})]),
    component("group", "answers", properties={"criteria": "wco"}),
    FINDINGS,
)
