"""Where a request opens work: once, in the name of whoever is logged in."""

from collections.abc import Generator
from contextlib import contextmanager

from flask import current_app, g

from engine.people import LogIn
from engine.store.database import Database
from engine.work import NOBODY, Actor, Work, begin, look


def database() -> Database:
    """The database of this installation."""
    opened = current_app.extensions["marchamo.database"]
    if not isinstance(opened, Database):
        raise TypeError(opened)
    return opened


def log_in() -> LogIn | None:
    """Whose request this is; None for somebody who has not logged in."""
    held = g.get("log_in")
    return held if isinstance(held, LogIn) else None


def actor() -> Actor:
    """Whoever is logged in, as the one who acts; NOBODY before log-in."""
    held = log_in()
    return held.actor if held else NOBODY


@contextmanager
def work_of_user() -> Generator[Work]:
    """Work of the one who is logged in: leaving the block commits, an exception rolls back."""
    with begin(database(), actor()) as work:
        yield work


@contextmanager
def look_of_user() -> Generator[Work]:
    """Work that only reads, in the name of the one who is logged in."""
    with look(database(), actor()) as work:
        yield work
