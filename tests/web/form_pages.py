"""A form on a page, as a reader gets it: rendered with the real templates, read back as a browser would send it."""

import io
from collections.abc import Mapping, Sequence

from flask import Flask, g
from lxml import html
from werkzeug.datastructures import FileStorage, MultiDict

from engine.domain.errors import Problem
from engine.forms import Form
from web import forms, pages
from web.forms import AnswersView, FileView, FormView

app = Flask("web")
pages.dress(app)

PAGE = """{% from "macros/fields.html" import form_errors, form_fields %}
<form method="post">{{ form_errors(view) }}{{ form_fields(view) }}</form>"""
ANSWERS = """{% from "macros/fields.html" import form_answers %}<div>{{ form_answers(view, "/tasks/1") }}</div>"""


def page(
    form: Form,
    answers: Mapping[str, object] | None = None,
    problems: Sequence[Problem] = (),
    language: str = "es",
    files: Mapping[str, FileView] | None = None,
    **data: object,
) -> html.HtmlElement:
    """The page of a form."""
    return rendered(PAGE, forms.view(form, answers or {}, problems, language, data=data, files=files or {}))


def rendered(template: str, view: FormView | AnswersView) -> html.HtmlElement:
    """A piece of a page, in the language of the view."""
    with app.test_request_context():
        g.language = view.language
        return html.fromstring(app.jinja_env.from_string(template).render(view=view))


def text(element: html.HtmlElement) -> str:
    """What a person reads there."""
    return " ".join(element.text_content().split())


def sent(element: html.HtmlElement) -> MultiDict[str, str]:
    """What a browser posts when nothing was touched."""
    return MultiDict(element.form_values())


def file(name: str = "libro.pdf", content: bytes = b"%PDF-1.7") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(content), filename=name)


def said(problems: Sequence[Problem]) -> dict[str, str]:
    """Problems as sentences by place."""
    return {one.where: one.message % one.params for one in problems}
