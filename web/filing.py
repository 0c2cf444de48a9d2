"""Between a posted form and the engine: reading what was typed, keeping the files that came with it, naming them again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request, url_for

from engine import evidence
from engine.domain.errors import Invalid, Problem
from engine.forms import Form
from engine.queries.dossiers import Document
from engine.store import models
from engine.work import Work
from web import forms
from web.forms import FileView, Upload


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted, as typed; new files are in it as they came."""

    answers: Mapping[str, object]

    @property
    def has_uploads(self) -> bool:
        """Whether a new file is among the answers."""
        return bool(request.files) and any(file.filename for file in request.files.values())


def posted(form: Form) -> Typed:
    """The answers of this request to the form."""
    return Typed(forms.posted(form, request.form, request.files))


def stored(work: Work, case: models.Case, typed: Typed) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    """The answers with each new file kept as evidence of the case and named by its id; and what could not be kept."""

    def keep(upload: Upload) -> str:
        return evidence.store(work, case, upload.filename, upload.content)

    return forms.stored(typed.answers, keep)


def kept(work: Work, case: models.Case, typed: Typed) -> Mapping[str, object]:
    """As `stored`, but Invalid when a file could not be kept."""
    answers, problems = stored(work, case, typed)
    if problems:
        raise Invalid("There is something to correct.", problems)
    return answers


def without_uploads(typed: Typed) -> Mapping[str, object]:
    """The answers without their new files, for a page that only shows what was typed."""
    answers, _problems = forms.stored(typed.answers, lambda _upload: "")
    return answers


def views(documents: Iterable[Document]) -> dict[str, FileView]:
    """The documents of a case as forms name them, by id."""
    return {
        one.id: FileView(one.id, one.filename, url_for("documents.document", evidence_id=one.id)) for one in documents
    }
