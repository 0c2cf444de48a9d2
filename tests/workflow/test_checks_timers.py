"""A timer says a time that can be reckoned with: written out or computed, it is checked before a case depends on it."""

import pytest

from tests.workflow.drawing import drawn, flow, node, plain, properties, refused, task


def waiting(definition: str, said: str = "") -> str:
    found = refused(drawn(plain(node("intermediateCatchEvent", "wait", said, definition), names="wait")))
    return found.get("wait", "")


def beside(definition: str, *, interrupting: str = "true") -> str:
    event = node("boundaryEvent", "late", "", definition, f'attachedToRef="look" cancelActivity="{interrupting}"')
    return refused(drawn(plain(task("look") + event, names="look") + flow("late", "done"))).get("late", "")


def timer(kind: str, text: str) -> str:
    written = text.replace("<", "&lt;")
    return f"<timerEventDefinition><{kind}>{written}</{kind}></timerEventDefinition>"


@pytest.mark.parametrize("text", ["PT1H", "P10D", "P1M", "P1Y", "P2W", "P1DT12H", "P1Y2M", "P1M10D"])
def test_a_period_of_iso_8601_is_a_timer(text: str) -> None:
    assert waiting(timer("timeDuration", text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1 hour",
        "P",
        "PT",
        "P1",
        "1D",
        "PT1X",
        "P1H",
        "2026-11-23",
        "R3/P1D",
        "P" + "1" * 80 + "D",
        "P999Y9999999M",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert "cannot read" in waiting(timer("timeDuration", text))


@pytest.mark.parametrize("text", ["-PT1H", "-P1M"])
def test_a_negative_period_is_refused(text: str) -> None:
    assert "is negative" in waiting(timer("timeDuration", text))


@pytest.mark.parametrize(
    "text", ["2026-11-23", "2026-11-23T10:00:00", "2026-11-23T10:00:00-06:00", "2026-11-23T16:00:00Z"]
)
def test_a_date_is_a_timer(text: str) -> None:
    assert waiting(timer("timeDate", text)) == ""


@pytest.mark.parametrize("text", ["23.11.2026", "2026-02-30", "tomorrow", "PT1H"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert "cannot read" in waiting(timer("timeDate", text))


@pytest.mark.parametrize(
    "text", ["R3/PT1H", "R/P1D", "R12/P1M", "R/2027-01-01T08:00/P1Y", "R3/2027-01-01T08:00:00-06:00/P1M"]
)
def test_a_cycle_beside_a_task_is_a_timer(text: str) -> None:
    assert beside(timer("timeCycle", text), interrupting="false") == ""


@pytest.mark.parametrize("text", ["PT1H", "R3/2026-11-23/PT1H", "R3/P1M/P1D", "R/soon/P1D", "R3/2026-13-01T08:00/P1D"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    assert "cannot read" in beside(timer("timeCycle", text), interrupting="false")


def test_a_negative_cycle_is_refused() -> None:
    assert "is negative" in beside(timer("timeCycle", "R3/-PT1H"), interrupting="false")


@pytest.mark.parametrize("definition", ["<timerEventDefinition/>", timer("timeDuration", " ")])
def test_a_timer_says_a_time(definition: str) -> None:
    assert "says no time" in waiting(definition)


def test_a_cycle_where_it_could_happen_once_only_is_refused() -> None:
    assert "once only" in waiting(timer("timeCycle", "R3/PT1H"))
    assert "once only" in beside(timer("timeCycle", "R3/PT1H"), interrupting="true")


@pytest.mark.parametrize("text", ["P0D", "PT0S", "P0Y"])
def test_a_period_of_nothing_is_refused(text: str) -> None:
    assert "nothing at all" in waiting(timer("timeDuration", text))


@pytest.mark.parametrize("text", ["R0/PT1H", "R3/PT0S", "R00/P1D", "R0/2027-01-01T08:00/P1D"])
def test_a_cycle_that_never_comes_or_stands_still_is_refused(text: str) -> None:
    assert "nothing at all" in beside(timer("timeCycle", text), interrupting="false")


@pytest.mark.parametrize("text", ["0 0 9 * * MON", "0 0 9 * * ?", "*/5 * * * *", "@daily", "@every 5m"])
def test_a_form_of_cron_is_refused_and_told_what_to_write(text: str) -> None:
    assert "write R/2027-01-04T09:00/P1W" in beside(timer("timeCycle", text), interrupting="false")


@pytest.mark.parametrize("text", ["R/-P1D", "R3/2027-01-01T08:00/-P1D"])
def test_a_cycle_that_runs_backwards_is_refused(text: str) -> None:
    assert "is negative" in beside(timer("timeCycle", text), interrupting="false")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", '=duration("P10D")'),
        ("timeDuration", '="P1M10D"'),
        ("timeDuration", "=duration(reply_period)"),
        ("timeDuration", "=reply_due_at"),
        ("timeDate", '=date("2027-01-31")'),
        ("timeDate", "=date(answers.until)"),
        ("timeDate", '=now() + duration("P1D")'),
        ("timeDate", '="2027-01-31T08:00"'),
        ("timeDate", "=reply_due_at"),
    ],
)
def test_an_expression_that_gives_a_time_is_a_timer(kind: str, text: str) -> None:
    assert waiting(timer(kind, text)) == ""


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("timeDuration", '=duration("-P1D")', "nothing or negative"),
        ("timeDuration", '=duration("PT0S")', "nothing or negative"),
        ("timeDuration", '="-P1M"', "is negative"),
        ("timeDuration", '="soon"', "cannot read"),
        ("timeDuration", "=5", "needs timeDuration"),
        ("timeDuration", "=null", "needs timeDuration"),
        ("timeDuration", "=a < b", "needs timeDuration"),
        ("timeDuration", "=date(until)", "needs timeDuration"),
        ("timeDate", "=duration(period)", "needs timeDate"),
        ("timeDate", '=duration("P1D")', "needs timeDate"),
        ("timeDate", "=[]", "needs timeDate"),
    ],
)
def test_an_expression_that_plainly_gives_no_such_time_is_refused(kind: str, text: str, reason: str) -> None:
    assert reason in waiting(timer(kind, text))


def test_a_cycle_that_is_computed_is_checked_as_if_written_out() -> None:
    assert beside(timer("timeCycle", '="R3/P1M"'), interrupting="false") == ""
    assert beside(timer("timeCycle", '="R3/P0D"'), interrupting="false") != ""
    assert "needs timeCycle" in beside(timer("timeCycle", "=today()"), interrupting="false")


@pytest.mark.parametrize("text", ["P10D", "PT8H", "P1DT4H", '=duration("P10D")', "=reply_period"])
def test_a_period_of_days_or_hours_may_count_working_time(text: str) -> None:
    assert waiting(timer("timeDuration", text), properties(days="working")) == ""


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P2W", "P1M10D"])
def test_months_and_weeks_have_no_working_days_to_count(text: str) -> None:
    assert "P10D is ten working days" in waiting(timer("timeDuration", text), properties(days="working"))


def test_a_date_has_no_working_days_to_count() -> None:
    assert "no working days to count" in waiting(timer("timeDate", "2027-01-31"), properties(days="working"))


def test_days_are_working_or_calendar_days_and_belong_to_a_time() -> None:
    assert "write working" in waiting(timer("timeDuration", "P1D"), properties(days="business"))
    assert waiting(timer("timeDuration", "P1D"), properties(days="calendar")) == ""
    assert (
        "remove it here" in refused(drawn(plain(task("look", said=properties(days="working")), names="look")))["look"]
    )


def sending(lives: str, kind: str = "intermediateThrowEvent", name: str = "time_to_live") -> str:
    told = '<messageEventDefinition messageRef="m1"/>' if kind == "intermediateThrowEvent" else ""
    said = properties(**{name: lives.replace('"', "&quot;")})
    throw = node(kind, "tell", said, told)
    return refused(drawn(plain(throw, names="tell"), root='<message id="m1" name="news"/>')).get("tell", "")


@pytest.mark.parametrize("lives", ["P30D", "PT1H", "0", "=period", '="P30D"'])
def test_what_sends_a_message_may_say_how_long_it_is_kept(lives: str) -> None:
    assert sending(lives) == ""


@pytest.mark.parametrize("lives", ["long", "-P1D", "PT0S", "2027-01-31", "30"])
def test_a_time_to_live_is_a_period_that_lies_ahead(lives: str) -> None:
    assert "no period" in sending(lives)


def test_only_what_sends_a_message_says_how_long_it_is_kept() -> None:
    assert "sends no message" in sending("P30D", "userTask")


def test_what_sends_a_message_may_say_that_it_reaches_every_case() -> None:
    assert sending("every case", name="reaches") == ""
    assert "write every case" in sending("everybody", name="reaches")
    assert "sends no message" in sending("every case", "userTask", name="reaches")
