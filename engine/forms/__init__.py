"""Forms: a form-js schema is read once, and every answer to it is checked here, whoever sends it and however."""

from engine.forms.checking import check, evidence_ids
from engine.forms.criteria import read as read_criteria
from engine.forms.prefill import prefilled
from engine.forms.reading import read
from engine.forms.records import Field, Form, Kind

__all__ = ["Field", "Form", "Kind", "check", "evidence_ids", "prefilled", "read", "read_criteria"]
