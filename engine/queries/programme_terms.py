"""What a programme says of who takes part, what is asked and what is given: types, criteria, people, letters, benefits."""

from collections.abc import Iterator

from engine.domain.programme import Programme, Words
from engine.queries.programme_sheet import Code, Item, Said, item, named, yes_or_no


def identity(rules: Programme) -> Iterator[Item]:
    """Names with their history, the office, the legal basis, number series."""
    for index, (since, words) in enumerate(rules.names):
        yield from item(rules, f"programme.names[{index}]", words, [("since", since, "from")], f"names.{since}")
    place: list[Said] = [
        ("country", rules.country, "country"),
        ("zone", rules.zone, "zone"),
        ("language", Code("languages", rules.language), "language"),
    ]
    yield from item(rules, "programme", Code("items", "programme"), place)
    both = [(key, Words(rules.office[f"{key}_es"], rules.office[f"{key}_en"]), f"{key}_es") for key in ("name", "unit")]
    texts = [(key, rules.office.get(key, ""), key) for key in ("address", "city", "portal", "email", "phone")]
    yield from item(rules, "office", Code("items", "office"), [*both, *texts])
    yield from item(rules, "legal_basis", Code("items", "legal_basis"), [("says", rules.legal_basis, "es")])
    series: list[Said] = [(f"series_{key}", text, key) for key, text in rules.numbers.items()]
    yield from item(rules, "numbers", Code("items", "numbers"), series)


def types(rules: Programme) -> Iterator[Item]:
    """The types or tiers, and the kinds of operators."""
    for name, kind in rules.type_rules.items():
        said: list[Said] = [
            ("tier", kind.tier, "tier"),
            ("includes", named(kind.includes, rules.types), "includes"),
            ("kinds", named(kind.kinds, rules.kinds), "kinds"),
        ]
        yield from item(rules, f"types.{name}", kind.words, said)
    kinds: list[Said] = [("kinds", tuple(rules.kinds.values()), "")]
    yield from item(rules, "kinds", Code("items", "kinds"), kinds)


def conditions(rules: Programme) -> Iterator[Item]:
    """What is asked: conditions of entry, sets of criteria, what no score outvotes."""
    entry = rules.entry
    said: list[Said] = [
        ("years_of_operation", entry.years_of_operation, "years_of_operation"),
        ("look_back", entry.look_back, "look_back"),
        (
            "infringement_share",
            "" if entry.infringement_share is None else f"{entry.infringement_share} %",
            "infringement_share",
        ),
    ]
    yield from item(rules, "entry", Code("items", "entry"), said)
    for index, use in enumerate(rules.criteria):
        said = [
            ("set", Code("sets", use.set), "set"),
            ("types", named(use.types, rules.types), "types"),
            ("kinds", named(use.kinds, rules.kinds), "kinds"),
        ]
        yield from item(rules, f"criteria[{index}]", Code("items", "criteria"), said, f"criteria.{use.set}")
    levels = tuple(Code("levels", level) for level in rules.hard_fails.levels)
    said = [("levels", levels, "levels"), ("criteria", rules.hard_fails.criteria, "criteria")]
    yield from item(rules, "hard_fails", Code("items", "hard_fails"), said)
    named_ones: list[Said] = [("decision", f"{purpose}: {id_}", purpose) for purpose, id_ in rules.decisions.items()]
    yield from item(rules, "decisions", Code("items", "decisions"), named_ones)


def people(rules: Programme) -> Iterator[Item]:
    """Who signs, and the committee."""
    for role, post in rules.signatories.items():
        said: list[Said] = [("post", post, "post_es"), ("delegable", role in rules.delegable, "delegable")]
        yield from item(rules, f"signatories.{role}", Code("roles", role), said)
    said = [("exists", yes_or_no(rules.committee.exists), "exists")]
    if rules.committee.exists:
        said += [
            ("members", rules.committee.members, "members"),
            ("quorum", rules.committee.quorum, "quorum"),
            ("binding", yes_or_no(rules.committee.binding), "binding"),
        ]
    yield from item(rules, "committee", Code("items", "committee"), said)


def duties(rules: Programme) -> Iterator[Item]:
    """The rules that keep duties apart."""
    for name, duty in rules.duties.items():
        said: list[Said] = [("on", yes_or_no(duty.on), "on"), ("months", duty.months, "months")]
        yield from item(rules, f"duties.{name}", Code("duties", name), said)


def letters(rules: Programme) -> Iterator[Item]:
    """How letters travel and who signs the acts, then each letter."""
    notices = rules.notices
    public: list[str] = sorted(notices.public, key=lambda state: (len(state), state))
    ways: list[Said] = [
        ("channels", tuple(Code("channels", one) for one in notices.channels), "channels"),
        ("acts", tuple(sorted(notices.acts)), "acts"),
        ("authority", Code("roles", notices.authority), "authority"),
        ("public_states", tuple(public), "public"),
    ]
    yield from item(rules, "notices", Code("items", "notices"), ways)
    for number, letter in rules.letters.items():
        said: list[Said] = [
            ("template", letter.template, "template"),
            ("signatory", Code("roles", letter.signatory) if letter.signatory else "", "signatory"),
            ("languages", tuple(Code("languages", one) for one in letter.languages), "languages"),
            ("audience", Code("audiences", letter.audience) if letter.audience else "", "audience"),
        ]
        yield from item(rules, f"letters.{number}", Words(number, number), said)


def appeal(rules: Programme) -> Iterator[Item]:
    """Whether and where acts are appealed."""
    said: list[Said] = [
        ("exists", yes_or_no(rules.review.exists), "exists"),
        ("body", rules.review.body, "body_es"),
        ("suspensive", yes_or_no(rules.review.suspensive), "suspensive"),
        ("against", tuple(Code("appealed", act) for act in rules.review.against), "against"),
        ("clause", rules.appeal, "es"),
    ]
    yield from item(rules, "appeal", Code("items", "appeal"), said)


def reminders(rules: Programme) -> Iterator[Item]:
    """How many days before its end each period is called to mind."""
    expiry = Code("items", "expiry")
    for name, days in rules.reminders.items():
        title = rules.clocks[name].name if name in rules.clocks else expiry
        said: list[Said] = [("before", tuple(str(day) for day in days), name)]
        yield from item(rules, "reminders", title, said, f"reminders.{name}")


def benefits(rules: Programme) -> Iterator[Item]:
    """The benefits."""
    for index, benefit in enumerate(rules.benefits):
        said: list[Said] = [
            ("types", named(benefit.types, rules.types), "types"),
            ("kinds", named(benefit.kinds, rules.kinds), "kinds"),
            ("system", benefit.system, "system"),
            ("benefit_on", tuple(Code("switches", one) for one in benefit.on), "on"),
            ("benefit_off", tuple(Code("switches", one) for one in benefit.off), "off"),
            ("legal_basis", benefit.legal_basis, "legal_basis_es"),
        ]
        yield from item(rules, f"benefits[{index}]", benefit.words, said, f"benefits.{benefit.code}")


def holder(rules: Programme) -> Iterator[Item]:
    """What holders must tell of, what they are asked to agree to, and who is watched closely."""
    for index, change in enumerate(rules.changes):
        said: list[Said] = [
            ("touches", change.criteria, "criteria"),
            ("reassess", yes_or_no(change.reassess), "reassess"),
        ]
        yield from item(rules, f"changes[{index}]", change.words, said, f"changes.{change.code}")
    young = rules.monitoring
    said = [
        ("young_holder_years", young.young_holder_years, "young_holder_years"),
        ("close_months", young.close_months, "close_months"),
    ]
    yield from item(rules, "monitoring", Code("items", "monitoring"), said)


def consents(rules: Programme) -> Iterator[Item]:
    """What the applicant is asked to agree to, each by itself."""
    for name, consent in rules.consents.items():
        yield from item(
            rules, f"consents.{name}", consent.words, [("required", yes_or_no(consent.required), "required")]
        )


def partners(rules: Programme) -> Iterator[Item]:
    """Consultation of authorities and mutual recognition."""
    for index, (since, silence) in enumerate(rules.consultation):
        said: list[Said] = [("since", since, "from"), ("silence", Code("silence", silence), "silence")]
        title = Code("items", "consultation")
        yield from item(rules, f"consultation[{index}]", title, said, f"consultation.{since}")
    sent = rules.mutual_recognition
    said = [("recognised", yes_or_no(sent.on), "on"), ("tin", sent.tin, "tin")]
    if sent.on:
        said.append(("frequency", Code("frequencies", sent.frequency), "frequency"))
        said.append(("fields", tuple(Code("told", one) for one in sent.fields), "fields"))
    yield from item(rules, "mutual_recognition", Code("items", "mutual_recognition"), said)
    for index, one in enumerate(sent.partners):
        said = [("country", one.code, "code"), ("since", one.since or "", "since"), ("address", one.address, "address")]
        yield from item(rules, f"mutual_recognition.partners[{index}]", one.words, said, f"partners.{one.code}")


def states(rules: Programme) -> Iterator[Item]:
    """The states that the programme does not know."""
    off = tuple(Code("states", state) for state in sorted(rules.states_off))
    yield from item(rules, "states", Code("items", "states"), [("without", off, "without")])
