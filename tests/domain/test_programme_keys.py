"""What a programme's file may say since release 0.2, and how it is refused where it says it wrongly."""

from datetime import date
from pathlib import Path

import pytest

from engine.domain import programme
from engine.domain.calendars import Unit
from engine.domain.errors import Invalid
from engine.domain.programme import Programme

OLD = (Path(__file__).parents[1] / "golden" / "programmes" / "sv-0.2.0.toml").read_text(encoding="utf-8")
MORE = """
[types.AEOC]
es = "Simplificaciones"
en = "Customs simplifications"
kinds = ["trader"]
[types.AEOS]
es = "Seguridad"
en = "Security"
tier = 2
[types.AEOF]
es = "Ambas"
en = "Both"
includes = ["AEOC", "AEOS"]
[kinds.trader]
es = "Comerciante"
en = "Trader"
[[criteria]]
set = "common"
[[criteria]]
set = "security"
types = ["AEOS"]
[grounds.competence]
es = "Competencia"
en = "Competence"
types = ["AEOC"]
[dependent_decisions.simplified]
es = "Declaración simplificada"
en = "Simplified declaration"
types = ["AEOC"]
grounds = ["competence"]
[bars.revoked.types.AEOS]
base = 5
unit = "years"
[validity.types.AEOS]
term = 3
unit = "years"
[clocks.criminal]
es = "Proceso penal"
en = "Criminal proceedings"
unit = "calendar"
open_ended = true
adds_to = "decision"
legal_basis_es = "Ley"
legal_basis_en = "Law"
assumption = ["unit"]
note_es = "Por confirmar."
note_en = "To be confirmed."
question = 2
day_count = { first_day_counts = true, cut_off = "16:00:00" }
[duties.cooling_off]
months = 24
[duties.committee_without_visitors]
on = false
[committee]
exists = true
members = 5
quorum = 3
[letters]
languages = ["es", "en"]
[letters.D01]
template = "D01_receipt"
signatory = "director"
[reminders]
decision = [7, 30]
expiry = [180, 90]
[mutual_recognition]
on = true
tin = "{country}{tax_id}"
fields = ["tin", "status"]
[[mutual_recognition.partners]]
code = "GT"
es = "Guatemala"
en = "Guatemala"
address = "oea@sat.example"
statuses = { B4 = "interrupted" }
[[consultation]]
from = 2025-05-19
silence = "answer_obligatory"
[[consultation]]
from = 2016-05-01
silence = "tolerated"
[renewal]
model = "fixed_term"
window_opens = 90
window_closes = 30
[suspension.a]
es = "Faltan elementos"
en = "Elements are missing"
most = 30
until_established = ["competence"]
if_not_cured = "end"
[effects.revoked]
days = 1
unit = "calendar"
[succession]
bar_follows = false
[states]
without = ["B10"]
"""
SYSTEM = 'code = "lower_selectivity"'
TEXT = OLD.replace(SYSTEM, f'{SYSTEM}\ntypes = ["AEOS"]\non = ["take_effect"]\noff = ["suspend"]') + MORE


def read(text: str = TEXT) -> Programme:
    return programme.check(text.encode())


def problems(text: str) -> dict[str, str]:
    """What publication complains about, by place without its line."""
    with pytest.raises(Invalid) as refused:
        programme.check(text.encode())
    return {problem.where.rpartition(", ")[2]: str(problem) for problem in refused.value.problems}


def test_a_file_of_release_0_2_reads_with_the_values_the_office_worked_by() -> None:
    rules = programme.read(OLD.encode())

    assert rules.criteria_sets(["exporter"]) == ()
    assert rules.hard_fails.levels == ("must",)
    assert rules.renewal.model == "none_monitoring"
    assert rules.duty("proposer_not_approver").on
    assert not rules.duty("cooling_off").on
    assert rules.enables("B11")
    assert rules.bar("revoked", ["exporter"]) == rules.bars["revoked"]
    assert rules.bar("own_request") is None
    assert rules.adverse_effect.count == 0
    assert rules.bar_follows
    assert rules.clock("acceptance").waits_for_completion
    assert rules.types_reached("anything") == tuple(rules.types)
    assert rules.languages == ("es", "en")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('at_expiry = "by_ground"', 'at_expiry = "somehow"'),
        ('adds_to = "decision"', 'adds_to = "nothing"'),
        ('code = "special_window"', "code = 3"),
        ("[bars.own_request]\n", "[bars.own_request]\nwhy = 3\n"),
        ("[validity]", "[unheard_of]\nx = 1\n[validity]"),
    ],
)  # fmt: skip
def test_what_release_0_2_let_pass_can_still_be_read_but_not_published(before: str, after: str) -> None:
    text = OLD.replace(before, after, 1)

    assert programme.read(text.encode()).id == "sv"
    with pytest.raises(Invalid):
        programme.check(text.encode())


def test_a_type_that_stands_for_others_is_asked_what_they_are_asked() -> None:
    rules = read()

    assert rules.includes("AEOF") == ("AEOC", "AEOS")
    assert rules.criteria_sets(["AEOC"]) == ("common",)
    assert rules.criteria_sets(["AEOF"]) == ("common", "security")
    assert [one.code for one in rules.benefits_for(["AEOC"])] == ["special_window", "priority_inspection"]
    assert "lower_selectivity" in {one.code for one in rules.benefits_for(["AEOF"])}


def test_a_ground_reaches_the_types_it_is_a_condition_of_and_what_rests_on_them() -> None:
    rules = read()

    assert rules.types_reached("competence") == ("AEOC", "AEOF")
    assert set(rules.dependents(["AEOC"], "competence")) == {"simplified"}
    assert rules.dependents(["AEOS"], "competence") == {}


def test_bars_and_terms_may_differ_by_type() -> None:
    rules = read()
    longest, usual = rules.bar("revoked", ["AEOC", "AEOS"]), rules.bar("revoked", ["AEOC"])

    assert longest is not None
    assert usual is not None
    assert (longest.count, usual.count) == (5, 3)
    assert (rules.validity_of(["AEOS"]).count, rules.validity_of(["AEOC"]).count) == (3, 0)


def test_a_clock_may_last_as_long_as_is_needed_and_count_days_in_its_own_way() -> None:
    rules = read()
    clock = rules.clock("criminal")

    assert clock.open_ended
    assert clock.most is None
    assert "criminal" in rules.additions_to("decision")
    assert clock.day_count.first_day_counts
    assert clock.day_count.moves_off_holidays
    assert rules.clock("decision").day_count == rules.day_count


def test_what_silence_means_depends_on_the_day() -> None:
    rules = read()

    assert rules.consultation_silence_on(date(2025, 5, 18)) == "tolerated"
    assert rules.consultation_silence_on(date(2025, 5, 19)) == "answer_obligatory"


def test_the_rest_is_read_as_it_is_written() -> None:
    rules = read()

    assert rules.committee.quorum == 3
    assert rules.duty("cooling_off").months == 24
    assert not rules.duty("committee_without_visitors").on
    assert rules.letter("D01").signatory == "director"
    assert rules.reminders == {"decision": (30, 7), "expiry": (180, 90)}
    assert rules.mutual_recognition.partners[0].code == "GT"
    assert rules.mutual_recognition.partners[0].statuses == {"B4": "interrupted"}
    assert rules.renewal.window_opens == 90
    assert rules.suspension["a"].days == 30
    assert rules.suspension["a"].unit is Unit.CALENDAR
    assert not rules.enables("B10")
    assert (rules.effect_of("revoked").count, rules.effect_of("suspended").count) == (1, 0)
    assert not rules.bar_follows
    assert rules.dependent_decisions["simplified"].on_revocation == "revoked"


def test_every_assumption_is_kept_with_its_note_its_question_and_its_line() -> None:
    rules = read()
    found = next(one for one in rules.assumptions if one.place == "clocks.criminal")

    assert found.question == 2
    assert found.note.en == "To be confirmed."
    assert found.concerns("clocks.criminal.unit")
    assert not found.concerns("clocks.criminal.adds_to")
    assert found.line == TEXT.splitlines().index("[clocks.criminal]") + 1


@pytest.mark.parametrize(
    ("before", "after", "place", "said"),
    [
        ('kinds = ["trader"]', 'kinds = ["tramp"]', "types.AEOC.kinds", "tramp is not known"),
        ('includes = ["AEOC", "AEOS"]', 'includes = ["AEOX"]', "types.AEOF.includes", "AEOX"),
        ('types = ["AEOS"]\n[grounds', 'types = ["X"]\n[grounds', "criteria[1].types", "X is not known"),
        ('grounds = ["competence"]', 'grounds = ["luck"]', "dependent_decisions.simplified.grounds", "luck"),
        ("open_ended = true", "open_ended = true\nbase = 3", "clocks.criminal.base", "Leave this out"),
        ("[duties.cooling_off]\nmonths = 24", "[duties.cooling_off]", "duties.cooling_off.months", "how many months"),
        ("[duties.committee_w", "[duties.committee_x", "duties.committee_xithout_visitors", "no such rule"),
        ("quorum = 3", "quorum = 9", "committee.quorum", "not larger"),
        ("quorum = 3\n", "", "committee.quorum", "how many members"),
        ("[letters.D01]", "[letters.D99]", "letters.D99", "D01 to D35"),
        ("decision = [7, 30]", "siesta = [7]", "reminders.siesta", "not known"),
        ("decision = [7, 30]", 'decision = ["7"]', "reminders.decision", "list of whole numbers"),
        ('tin = "{country}{tax_id}"', 'tin = "x"', "mutual_recognition.tin", "where the number stands"),
        ("statuses = { B4 =", "statuses = { B44 =", "mutual_recognition.partners[0].statuses.B44", "not known"),
        ('silence = "tolerated"', 'silence = "golden"', "consultation[1].silence", "Write one of"),
        ("window_closes = 30", "window_closes = 120", "renewal.window_closes", "fewer days"),
        ('without = ["B10"]', 'without = ["B99"]', "states.without", "B99 is not known"),
        ('assumption = ["unit"]', "assumption = 3", "clocks.criminal.assumption", "Write true, false"),
        ('assumption = ["unit"]', 'assumption = ["base"]', "clocks.criminal.assumption", "base is not known"),
        ('note_en = "To be confirmed."\n', "", "clocks.criminal.note_en", "both languages"),
        ("question = 2", "question = 14", "clocks.criminal.question", "from 1 to 13"),
        ('on = ["take_effect"]', 'on = ["magic"]', "benefits[1].on", "magic"),
        ('code = "priority_inspection"', 'code = "special_window"', "benefits[2].code", "twice"),
        ('cut_off = "16:00:00" }', "cutoff = 3 }", "clocks.criminal.day_count.cutoff", "not known"),
        ("[[consultation]]\nfrom = 2016-05-01", "[[consultation]]\nfrom = 3", "consultation[1].from", "Write a date"),
        ("[effects.revoked]", "[effects.forgotten]", "effects.forgotten", "no such act"),
        ("[committee]", "[comittee]", "comittee", "not known here"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_key_and_line(before: str, after: str, place: str, said: str) -> None:
    assert before in TEXT

    found = problems(TEXT.replace(before, after, 1))

    assert place in found, found
    assert found[place].startswith("line ")
    assert said in found[place]


def test_acts_that_may_be_appealed_have_a_period() -> None:
    found = problems(TEXT.replace("[appeal]\n", "[appeal]\nexists = true\n"))

    assert "how long" in found["clocks.appeal"]


def test_a_letter_that_the_programme_does_not_send_is_refused_by_number() -> None:
    with pytest.raises(Invalid, match="no letter D02"):
        read().letter("D02")
