"""What the people of the office and of an operator do at their screens: find the task, fill the form in, complete it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Error, FilePayload, Locator, Page, expect

from engine.demo import answers
from tests.browser.site import Visit, assert_accessible, log_in

Answers = Mapping[
    str, object
]  # by the question's name: text, the values of boxes, a file, more answers, or rows of them
PATIENCE = 40  # times that a page is opened again until the worker has done its part


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that somebody chooses from the disk."""

    name: str
    content: bytes

    @property
    def payload(self) -> FilePayload:
        """The file as the browser takes it."""
        return {"name": self.name, "mimeType": "application/octet-stream", "buffer": self.content}


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody has a screen of their own and logs in when first called: `staff("analista")`."""

    visit: Visit
    screens: dict[str, Page] = field(default_factory=dict)

    def __call__(self, username: str) -> Page:
        """The screen of this person."""
        if username not in self.screens:
            self.screens[username] = self.visit()
            log_in(self.screens[username], username)
        return self.screens[username]


def certificate(subject: str) -> Paper:
    """A real PDF that says that the company is in order with `subject`."""
    return Paper(f"{subject.replace(' ', '-')}.pdf", answers.certificate_of(subject, "Exportadora Lempa"))


def day(ahead: int = 0) -> str:
    """A day from today on, as somebody types it."""
    return f"{date.today() + timedelta(days=ahead):%d/%m/%Y}"  # noqa: DTZ011 - a day on the wall, like the browser's


def do(page: Page, task: str, given: Answers) -> None:
    """Opens the task from the inbox, looks whether anybody could use its page, answers it and completes it."""
    open_task(page, task)
    assert_accessible(page)
    fill(page, given)
    complete(page)


def open_task(page: Page, task: str, case: str = "") -> None:
    """Follows the inbox to the task of that name, of that case where there are more."""
    page.goto("/inbox")
    rows = page.locator("main tbody tr").filter(has=page.get_by_text(task, exact=True), has_text=case)
    rows.first.get_by_role("link").click()  # a vote has several, one for each member
    expect(page.get_by_role("heading", level=1)).to_have_text(task)


def complete(page: Page) -> None:
    """Presses the button and is told that it is done."""
    press_complete(page)
    expect(page.get_by_text("La tarea está hecha.")).to_be_visible()


def press_complete(page: Page) -> None:
    """Presses the button, whatever comes of it."""
    page.get_by_role("button", name="Completar la tarea").click()


def fill(page: Page, given: Answers) -> None:
    """Answers the questions of the form; rows that are not there yet are added with the page's own button."""
    for key, value in given.items():
        if isinstance(value, list):
            _add_rows(page, key, len(value))
    named = dict(_each(given, ""))
    for name in named:
        page.locator(f'[name="{name}"]').first.wait_for(state="attached")  # the page may still be on its way
    kinds = page.evaluate("names => names.map(name => document.getElementsByName(name)[0].type)", list(named))
    for (name, value), kind in zip(named.items(), kinds, strict=True):
        _answer(page.locator(f'[name="{name}"]'), kind, value)


def until_shown(page: Page, wanted: Locator) -> None:
    """Opens the page again until the worker has done what it shows; one that never does is a failure."""
    for _attempt in range(PATIENCE):
        try:
            wanted.wait_for(timeout=250)
        except Error:
            page.reload()
        else:
            return
    expect(wanted).to_be_visible()


def _add_rows(page: Page, key: str, wanted: int) -> None:
    rows = page.locator(f"#{key} .form-row")
    for number in range(rows.count(), wanted):
        page.locator(f'button[name="_rows"][value="add:{key}"]').click()
        expect(rows).to_have_count(number + 1)


def _each(given: Answers, above: str) -> Iterator[tuple[str, object]]:
    """Every question's name on the page with its answer; the parts of a name are joined by hyphens."""
    for key, value in given.items():
        name = f"{above}{key.replace('.', '-')}"
        if isinstance(value, Mapping):
            yield from _each(value, f"{name}-")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from _each(row, f"{name}-{number}-")
        else:
            yield name, value


def _answer(question: Locator, kind: str, value: object) -> None:
    if isinstance(value, Paper):
        question.set_input_files(value.payload)
    elif kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, tuple) else (value,):
            question.and_(question.page.locator(f'[value="{one}"]')).check()
    elif kind == "select-one":
        question.select_option(str(value))
    else:
        question.fill(str(value))
