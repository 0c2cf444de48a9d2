"""Forms: a form-js schema is read once, and every answer to it is checked here, whoever sends it and however.

Beyond the schema itself, components may carry these custom properties:
`label_en`, `description_en`, `text_en`, `prefixAdorner_en`, `suffixAdorner_en`: the English beside the Spanish of the schema
    (options carry `label_en` beside their `label`);
`required_if`: FEEL, the question must be answered where it gives true;
`pattern_hint`, `pattern_hint_en`: what the pattern asks for, in words;
`row`, `row_en`: what one row of a list is called;
`read_values`: FEEL, beside `valuesExpression`: the options that earlier answers may name, though nobody can choose them now;
`criteria`, `mode`, `scale`, `answers`: a group stands for a set of criteria, asked of the operator (`self`) or assessed by
    an `officer`, by `score` or `conformity`, beside the operator's own `answers`; a choice with `criteria` offers them.
    `criteria` names a set, or is `programme`: those that the programme of the case asks of whom it is about, for each of its
    sites where a criterion is asked by site.
"""

from engine.forms.asking import PROGRAMME, Asked, Place, places
from engine.forms.checking import check, evidence_ids
from engine.forms.criteria import Criterion
from engine.forms.criteria import check as check_criteria
from engine.forms.criteria import read as read_criteria
from engine.forms.prefill import prefilled
from engine.forms.reading import read
from engine.forms.records import Field, Form, Kind

__all__ = [
    "PROGRAMME",
    "Asked",
    "Criterion",
    "Field",
    "Form",
    "Kind",
    "Place",
    "check",
    "check_criteria",
    "evidence_ids",
    "places",
    "prefilled",
    "read",
    "read_criteria",
]
