"""Forms on pages: what was posted becomes answers, answers become a page, with every problem at its question."""

from web.forms.answered import answers_view
from web.forms.filling import away, view
from web.forms.posting import Upload, html_name, posted, rows_changed, stored
from web.forms.views import AnswersView, FileView, FormView

__all__ = [
    "AnswersView",
    "FileView",
    "FormView",
    "Upload",
    "answers_view",
    "away",
    "html_name",
    "posted",
    "rows_changed",
    "stored",
    "view",
]
