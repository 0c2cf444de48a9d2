"""Reading a form: the form-js schema of bpmn.io (MIT), as far as pages without JavaScript can keep it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import orjson

from engine import feel
from engine.domain.errors import Invalid, Problem
from engine.forms import asking, criteria
from engine.forms.parts import Part
from engine.forms.records import CHOICES, CONTAINERS, SILENT, Choices, Field, Form, Kind, Option, Rules, Wording, level

MAX_BYTES = 512 * 1024
MAX_DEPTH = 8
MAX_FIELDS = 500
MAX_OPTIONS = 500
MAX_TEXT = 10_000
SCHEMA_VERSION = 19
KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")

# The page has its own buttons, so the one that form-js puts under every form is passed over.
_IGNORED = frozenset({"button"})
_REFUSED = {
    "html": "HTML in a form is refused, because it could carry a program. Use a text.",
    "iframe": "A page inside the page is refused. Put a link into a text.",
    "table": "A table cannot be shown here yet. Use a text or a list of rows.",
    "image": "A picture cannot be shown here. Put a link into a text.",
    "documentPreview": "A preview of documents cannot be shown here. The files of a case stand on its page.",
}
_SUBTYPES = ("date", "time", "datetime")


def read(source: bytes, criteria_files: Mapping[str, bytes] | None = None, asked: asking.Asked | None = None) -> Form:
    """The form in this JSON; `criteria_files` are the sets of criteria that its groups may name, by name.

    Groups and choices of the programme's criteria have those that are `asked` of somebody; all there are where nobody
    knows of whom.

    Raises:
        Invalid: with one problem for each thing wrong, at the component's key or id.
    """
    schema = _schema(source)
    reader = _Reader(criteria_files or {}, asked)
    fields = reader.fields(schema, depth=1)
    whole = Part(schema, reader.problems)
    form = Form(
        whole.text("id"), fields, Wording(whole.property("title_es"), whole.property("title_en")), reader.by_programme
    )
    _refuse_twins(fields, reader.problems)
    _refuse_readonly_rows(form, reader.problems)
    if reader.problems:
        raise Invalid("The form cannot be used as it is.", reader.problems)
    return form


def _schema(source: bytes) -> Mapping[str, object]:
    if len(source) > MAX_BYTES:
        raise Invalid("The form is larger than %(limit)s kB.", limit=MAX_BYTES // 1024)
    try:
        schema = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise Invalid("The form is not JSON: %(reason)s.", reason=str(error)) from error
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        raise Invalid("The form has no list of components.")
    version = schema.get("schemaVersion", 1)
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        raise Invalid("The form is of schema version %(version)s; up to 19 is understood.", version=version)
    return schema


class _Reader:
    """Walks the components once; collects every problem instead of stopping at the first."""

    def __init__(self, criteria_files: Mapping[str, bytes], asked: asking.Asked | None) -> None:
        self.criteria_files = criteria_files
        self.asked = asked
        self.by_programme = False
        self.problems: list[Problem] = []
        self.ids: set[str] = set()
        self.count = 0

    def fields(self, parent: Mapping[str, object], depth: int) -> tuple[Field, ...]:
        components = parent.get("components")
        if not isinstance(components, list):
            return ()
        if depth > MAX_DEPTH:
            raise Invalid("The form is nested more than %(limit)s levels deep.", limit=MAX_DEPTH)
        return tuple(found for one in components for found in self._component(one, depth))

    def _component(self, raw: object, depth: int) -> Iterator[Field]:
        self.count += 1
        if self.count > MAX_FIELDS:
            raise Invalid("The form has more than %(limit)s components.", limit=MAX_FIELDS)
        if not isinstance(raw, dict):
            self.problems.append(Problem("", "A component is not a JSON object."))
            return
        part = Part(raw, self.problems)
        kind = part.text("type")
        if kind in _IGNORED:
            return
        if kind in _REFUSED:
            part.refuse(_REFUSED[kind])
        elif kind not in list(Kind):
            part.refuse("Components of the type %(type)s are not known.", type=kind[:60])
        elif kind == Kind.GROUP and part.property("criteria"):
            yield from self._criteria(part, depth)
        else:
            yield self._field(Kind(kind), part, depth)

    def _field(self, kind: Kind, part: Part, depth: int) -> Field:
        key = _key(kind, part)
        label = part.wording("label")
        if not label and kind not in SILENT | CONTAINERS:
            part.refuse("A question needs words: give it a label.")
        return Field(
            kind=kind,
            id=self._id(part.text("id") or key or "part"),
            key=key,
            label=label,
            description=part.wording("description"),
            rules=_rules(kind, part),
            choices=self._choices(part) if kind in CHOICES else Choices(),
            hide=part.feel("hide", part.inner("conditional").get("hide")),
            readonly=part.flag("readonly") or part.flag("disabled"),
            default=part.raw.get("defaultValue"),
            subtype=_subtype(kind, part),
            prefix=part.wording("prefixAdorner", part.inner("appearance")),
            suffix=part.wording("suffixAdorner", part.inner("appearance")),
            accept=tuple(one.strip().lower() for one in part.text("accept").split(",") if one.strip()),
            multiple=part.flag("multiple"),
            expression=_computed(part) if kind == Kind.COMPUTED else None,
            words=part.wording("text") if kind == Kind.WORDS else Wording(),
            fields=self.fields(part.raw, depth + 1) if kind in CONTAINERS else (),
            rows=part.whole("defaultRepetitions", 0, 20) if "defaultRepetitions" in part.raw else 1,
            fixed=part.raw.get("allowAddRemove") is False,
            row=Wording(part.property("row"), part.property("row_en")),
            section=kind == Kind.GROUP and depth == 1 and bool(label),
        )

    def _id(self, wanted: str) -> str:
        """An id that no other component has: the page links to it."""
        found = wanted if wanted not in self.ids else f"{wanted}_{self.count}"
        self.ids.add(found)
        return found

    def _criteria(self, part: Part, depth: int) -> Iterator[Field]:
        listed = self._listed(part)
        key = _key(Kind.GROUP, part)
        if not key:
            part.refuse("A group of criteria needs a path, under which the answers stand.")
        elif listed is not None:
            of_programme = part.property("criteria") == asking.PROGRAMME
            places = (self.asked.places if self.asked else ()) if of_programme else None
            yield asking.group(part, key, listed, self.fields(part.raw, depth + 1), places)

    def _listed(self, part: Part) -> tuple[criteria.Criterion, ...] | None:
        """The criteria that a component asks for by the name of a set, or as those of the programme."""
        name = part.property("criteria")
        try:
            if name == asking.PROGRAMME:
                self.by_programme = True
                files = self.criteria_files
                return self.asked.criteria(files) if self.asked else asking.everything(files)
            if name in self.criteria_files:
                return criteria.read(self.criteria_files[name])
        except Invalid as refusal:
            self.problems += refusal.problems or [Problem(part.where, refusal.message, refusal.params)]
            return None
        part.refuse("There is no set of criteria named %(name)s.", name=name)
        return None

    def _choices(self, part: Part) -> Choices:
        if part.property("criteria"):
            return Choices(written=asking.options(self._listed(part) or ()))
        return _choices(part)


def _key(kind: Kind, part: Part) -> str:
    name = "path" if kind in CONTAINERS else "key"
    key = part.text(name)
    if kind in SILENT or (kind == Kind.GROUP and not key):
        return ""
    if not KEY.fullmatch(key):
        part.refuse("The key %(key)s must be of small letters, digits and _, beginning with a letter.", key=key[:80])
    return key


def _rules(kind: Kind, part: Part) -> Rules:
    found = part.inner("validate")
    shape = found.get("validationType")
    rules = Rules(
        required=found.get("required") is True,
        required_if=part.feel("required_if", part.property("required_if") or None),
        min_length=part.limit(found, "minLength"),
        max_length=part.limit(found, "maxLength"),
        pattern=part.pattern(found.get("pattern")),
        pattern_hint=Wording(part.property("pattern_hint"), part.property("pattern_hint_en")),
        shape=shape if shape in ("email", "phone") else "",
        minimum=part.number(found, "min"),
        maximum=part.number(found, "max"),
        digits=part.whole("decimalDigits", 0, 10) if "decimalDigits" in part.raw else None,
        no_past=kind == Kind.DATE_TIME and part.flag("disallowPassedDates"),
    )
    _refuse_empty_range(part, rules.min_length, rules.max_length)
    _refuse_empty_range(part, rules.minimum, rules.maximum)
    return rules


def _refuse_empty_range(part: Part, low: Decimal | int | None, high: Decimal | int | None) -> None:
    if low is not None and high is not None and low > high:
        part.refuse("The least allowed (%(low)s) is above the most allowed (%(high)s).", low=low, high=high)


def _choices(part: Part) -> Choices:
    if expression := part.feel("valuesExpression", part.raw.get("valuesExpression")):
        return Choices(expression=expression, read=part.feel("read_values", part.property("read_values")))
    if data_key := part.text("valuesKey"):
        return Choices(data_key=data_key)
    values = part.raw.get("values")
    if not isinstance(values, list) or not values or len(values) > MAX_OPTIONS:
        part.refuse("The choice needs between 1 and %(limit)s options.", limit=MAX_OPTIONS)
        return Choices()
    options = tuple(option for option in map(option_of, values) if option)
    if len(options) < len(values):
        part.refuse("An option needs a value (text or whole number).")
    if len({str(option.value) for option in options}) < len(options):
        part.refuse("Two options have the same value.")
    return Choices(written=options)


def option_of(raw: object) -> Option | None:
    """One option, from the form or from case data: a plain value, or an object with `value` and `label`."""
    entry = raw if isinstance(raw, dict) else {"value": raw}
    value = entry.get("value")
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    label = entry.get("label")
    english, description, english_too = (entry.get(name) for name in ("label_en", "description", "description_en"))
    return Option(
        value,
        Wording(label if isinstance(label, str) and label else str(value), english if isinstance(english, str) else ""),
        Wording(
            description if isinstance(description, str) else "", english_too if isinstance(english_too, str) else ""
        ),
    )


def _subtype(kind: Kind, part: Part) -> str:
    subtype = part.text("subtype") or "date"
    if kind == Kind.DATE_TIME and subtype not in _SUBTYPES:
        part.refuse("A date component is a date, a time or a datetime, not %(subtype)s.", subtype=subtype[:60])
    return subtype


def _computed(part: Part) -> feel.Expression | None:
    expression = part.feel("expression", part.raw.get("expression"))
    if expression is None:
        part.refuse("A computed field needs an expression.")
    return expression


def _refuse_twins(fields: tuple[Field, ...], problems: list[Problem]) -> None:
    seen: set[str] = set()
    for one in level(fields):
        if one.key in seen:
            problems.append(Problem(one.key, "Two components write to the key %(key)s.", {"key": one.key}))
        seen.add(one.key)
        if one.kind in CONTAINERS:
            _refuse_twins(one.fields, problems)


def _refuse_readonly_rows(form: Form, problems: list[Problem]) -> None:
    """A row has no lasting number, so nothing the case knows can be shown beside it."""
    lists = (one for one in form.walk() if one.kind == Kind.ROWS)
    inner = (each for one in lists for each in Form("", one.fields).walk() if each.readonly)
    problems += [Problem(one.key, "A field that nobody fills in cannot stand in a list of rows.") for one in inner]
