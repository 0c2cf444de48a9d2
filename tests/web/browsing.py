"""A browser without scripts: it keeps its cookies, finds a form on a page and sends it with what somebody typed."""

import re
from html import unescape
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD


class Browser:
    """One person at one browser; `page` is the last answer."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page: TestResponse

    def log_in(self, username: str, password: str = PASSWORD) -> "Browser":
        """Through the log-in page, as everybody does."""
        self.get("/login")
        self.send("/login", username=username, password=password)
        return self

    def get(self, address: str) -> TestResponse:
        """Opens a page, following where it leads."""
        self.page = self.client.get(address, follow_redirects=True, buffered=True)
        return self.page

    def send(self, action: str, *, button: str | None = None, **typed: object) -> TestResponse:
        """Sends the form of the page that leads to `action`, with what it holds and what is typed over it.

        `button` presses one that sends the same form elsewhere.
        """
        data = {**self.form(action), **typed}
        self.page = self.client.post(button or action, data=data, follow_redirects=True, buffered=True)
        return self.page

    def form(self, action: str) -> dict[str, object]:
        """The fields of the form that leads to this address, as they stand on the page."""
        parser = _Forms()
        parser.feed(self.page.text)
        for leads_to, fields in parser.forms:
            if leads_to == action:
                return fields
        message = f"no form leads to {action}"
        raise AssertionError(message)

    def words(self) -> str:
        """The page as it is read: without marks, spaces single."""
        body = re.sub(r"<(script|style).*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def link(self, text: str) -> str:
        """The address of the link with this text in it."""
        for address, inner in re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.page.text, flags=re.DOTALL):
            if text in unescape(re.sub(r"<[^>]+>", "", inner)):
                return unescape(address)
        message = f"no link says {text}"
        raise AssertionError(message)


class _Forms(HTMLParser):
    """Every form of a page with the fields that a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, object]]] = []
        self._field = ""
        self._text = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
            self._inside = True
        elif self._inside and tag == "input" and "name" in given:
            kind, ticked = given.get("type", "text"), "checked" in given
            if kind not in {"file", "submit"} and (kind not in {"checkbox", "radio"} or ticked):
                self.forms[-1][1][given["name"]] = given.get("value", "")
        elif self._inside and tag in {"textarea", "select"}:
            self._field, self._text = given.get("name", ""), ""
        elif self._inside and tag == "option" and "selected" in given:
            self._text = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._field and self.get_starttag_text() and self.get_starttag_text().startswith("<textarea"):
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag in {"textarea", "select"} and self._field:
            self.forms[-1][1][self._field] = self._text.removeprefix("\n")
            self._field = ""
