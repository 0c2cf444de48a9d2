"""A group of a form may stand for a whole set of criteria: one group for each, from the set's own file.

The answers stand under the group's path by criterion code (WCO SAFE, conditions A to M), so a question that is reworded
next year keeps its history. Where a criterion is asked for each site, they stand under the site's key below the code.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

from engine import feel
from engine.forms.criteria import SITE, Criterion, read
from engine.forms.parts import Part
from engine.forms.records import Choices, Field, Kind, Option, Rules, Wording

PROGRAMME: Final = "programme"  # in place of the name of a set: those of the programme that the case goes by
LONGEST_KEY: Final = 40

_ANSWERS = (
    Option("yes", Wording("Sí", "Yes")),
    Option("partly", Wording("En parte", "Partly")),
    Option("no", Wording("No", "No")),
    Option("na", Wording("No aplica", "Does not apply")),
)
_SCORES = (
    Option(3, Wording("3 · Cumple y lo demuestra", "3 · Meets it and proves it")),
    Option(2, Wording("2 · Cumple con reservas menores", "2 · Meets it with small reservations")),
    Option(1, Wording("1 · Cumple solo en parte", "1 · Meets it only in part")),
    Option(0, Wording("0 · No cumple", "0 · Does not meet it")),
)
_CONFORMITY = (
    Option("conforms", Wording("Conforme", "Conforms")),
    Option("minor", Wording("No conformidad menor", "Minor non-conformity")),
    Option("major", Wording("No conformidad mayor", "Major non-conformity")),
)
_MANDATORY = Wording("Criterio obligatorio.", "Mandatory criterion.")
_EACH_SITE = Wording("Responda para cada instalación.", "Answer for every site.")
_EXPIRY = Field(
    Kind.DATE_TIME,
    "evidence_expires_on",
    "evidence_expires_on",
    label=Wording("El respaldo vale hasta", "The evidence is valid until"),
)
# Who answers anything but a plain yes says why; who finds less than full conformity gives the reason a letter will cite.
_TELLS_WHY = 'answer = "partly" or answer = "no" or answer = "na"'
_GIVES_REASON = 'score = 0 or score = 1 or score = "minor" or score = "major"'


@dataclass(frozen=True, slots=True)
class Place:
    """A site that is asked about: its name, and the key under which its answers stand."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom a programme asks its criteria: the sets, the types applied for with all they include, kind, day, places."""

    sets: tuple[str, ...]
    types: frozenset[str]
    kind: str
    day: date
    places: tuple[Place, ...] = ()

    def criteria(self, files: Mapping[str, bytes]) -> tuple[Criterion, ...]:
        """The criteria that are asked, in the order of the sets; one that stands in two of them is asked once."""
        listed = (one for name in self.sets if name in files for one in read(files[name]))
        meant = (one for one in listed if one.asked_on(self.day) and one.reaches(self.types, self.kind))
        return tuple({one.code: one for one in meant}.values())


def places(names: Iterable[str]) -> tuple[Place, ...]:
    """Sites by name, each once, with keys that pages and files can carry: `Planta Ilopango` is `planta_ilopango`."""
    found: dict[str, Place] = {}
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        key = stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_KEY] or "site"
        number = 1
        while key in found:
            number += 1
            key = f"{stem}_{number}"
        found[key] = Place(key, name)
    return tuple(found.values())


def everything(files: Mapping[str, bytes]) -> tuple[Criterion, ...]:
    """The criteria of all sets, each code once: what any programme may ask, where nobody knows of whom."""
    return tuple({one.code: one for name in sorted(files) for one in read(files[name])}.values())


def options(criteria: Iterable[Criterion]) -> tuple[Option, ...]:
    """The criteria to choose from."""
    titled = ((one.code, one.short or one.question) for one in criteria)
    return tuple(Option(code, _coded(code, title)) for code, title in titled)


def group(
    part: Part,
    key: str,
    criteria: Iterable[Criterion],
    template: tuple[Field, ...] = (),
    places: Collection[Place] | None = None,
) -> Field:
    """The group of all criteria: a section for each condition (A, B, …), in it a group for each criterion.

    `template` are the components that stand inside the group in the schema; they are asked for each criterion in place
    of the usual ones. In mode "officer" the operator's own answer stands above them, to read. What is asked per site is
    asked once for each of the `places`; once in all where there are none (None: of a set that the form itself names).
    """
    mode = part.property("mode") or "self"
    if mode not in ("self", "officer"):
        part.refuse("The mode of a group of criteria is self or officer, not %(mode)s.", mode=mode)
    scale = _CONFORMITY if part.property("scale") == "conformity" else _SCORES
    answers = part.property("answers") or "self_assessment"
    sections = []
    for condition, members in groupby(criteria, key=lambda one: one.code.partition(".")[0]):
        listed = list(members)
        asked = [_asked(one, _asks(one, template, mode, scale, answers), places) for one in listed]
        title = next((one.title for one in listed if one.title), Wording())
        label = Wording(f"{condition}. {title.es}".strip(), f"{condition}. {title.said('en')}".strip())
        sections.append(Field(Kind.GROUP, f"{key}_{condition}", label=label, fields=tuple(asked), section=True))
    return Field(
        Kind.GROUP,
        part.text("id") or key,
        key,
        label=part.wording("label"),
        description=part.wording("description"),
        hide=part.feel("hide", part.inner("conditional").get("hide")),
        fields=tuple(sections),
    )


def _asks(
    one: Criterion, template: tuple[Field, ...], mode: str, scale: tuple[Option, ...], answers: str
) -> tuple[Field, ...]:
    """What is asked about one criterion."""
    if mode == "self":
        return template or _self_fields(one)
    return (*_declared(one, answers), *(template or _officer_fields(one, scale)))


def _asked(criterion: Criterion, fields: tuple[Field, ...], places: Collection[Place] | None) -> Field:
    """The group of a criterion; in it one group for each place where it is asked by site."""
    on_site = criterion.per == SITE
    told = [criterion.question] if criterion.short else []
    told += [_EACH_SITE] if on_site else []
    told += [_MANDATORY] if criterion.level == "must" else []
    return Field(
        Kind.GROUP,
        criterion.code,
        criterion.code,
        label=_coded(criterion.code, criterion.short or criterion.question),
        description=Wording(" ".join(one.es for one in told), " ".join(one.said("en") for one in told)),
        fields=tuple(_at(place, fields) for place in places) if on_site and places else fields,
    )


def _at(place: Place, fields: tuple[Field, ...]) -> Field:
    """What is asked about one place; what the operator answered there stands one level deeper than for the company."""
    asked = tuple(
        replace(one, source=(*one.source[:-1], place.key, one.source[-1])) if one.source else one for one in fields
    )
    return Field(Kind.GROUP, place.key, place.key, label=Wording(place.name, place.name), fields=asked, site=place.name)


def _coded(code: str, title: Wording) -> Wording:
    return Wording(f"{code} · {title.es}", f"{code} · {title.said('en')}")


def _self_fields(criterion: Criterion) -> tuple[Field, ...]:
    return (
        Field(
            Kind.RADIO,
            "answer",
            "answer",
            label=Wording("Respuesta", "Answer"),
            rules=Rules(required=True),
            choices=Choices(written=_ANSWERS),
        ),
        Field(
            Kind.LONG_TEXT,
            "narrative",
            "narrative",
            label=Wording("Cómo se cumple, o por qué no", "How it is met, or why not"),
            rules=Rules(required_if=feel.compile(_TELLS_WHY)),
        ),
        Field(
            Kind.FILES,
            "evidence",
            "evidence",
            label=Wording("Respaldo", "Evidence"),
            description=criterion.evidence,
            multiple=True,
        ),
        *((_EXPIRY,) if criterion.evidence_expires else ()),
    )


def _declared(criterion: Criterion, answers: str) -> tuple[Field, ...]:
    """What the operator answered, to read beside the officer's own judgement."""
    labels = {
        "answer": Wording("El operador respondió", "The operator answered"),
        "narrative": Wording("El operador explicó", "The operator explained"),
        "evidence": Wording("Respaldo del operador", "The operator's evidence"),
        "evidence_expires_on": Wording("El respaldo vale hasta", "The evidence is valid until"),
    }
    return tuple(
        replace(
            one,
            key=f"operator_{one.key}",
            label=labels[one.key],
            description=Wording(),
            rules=Rules(),
            readonly=True,
            source=(answers, criterion.code, one.key),
        )
        for one in _self_fields(criterion)
    )


def _officer_fields(criterion: Criterion, scale: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field(
            Kind.RADIO,
            "score",
            "score",
            label=Wording("Valoración", "Assessment"),
            description=criterion.evidence,
            rules=Rules(required=True),
            choices=Choices(written=scale),
        ),
        Field(
            Kind.LONG_TEXT,
            "note",
            "note",
            label=Wording("Motivo", "Reason"),
            rules=Rules(required_if=feel.compile(_GIVES_REASON)),
        ),
    )
