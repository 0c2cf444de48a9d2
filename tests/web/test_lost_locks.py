"""A request that lost a lock to others is answered all the same: the reader never sees that it happened."""

import io
import sqlite3

import pytest
from flask import request
from sqlalchemy.exc import OperationalError

from web.app import Pages


def a_lost_lock() -> OperationalError:
    """What the driver says when another writer was in the way for too long."""
    said = sqlite3.OperationalError("database is locked")
    said.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", None, said)


def test_a_request_that_lost_a_lock_is_answered_and_its_files_are_whole() -> None:
    app, read = Pages(__name__), []

    @app.post("/probe")
    def probe() -> str:
        read.append([file.read() for file in request.files.getlist("paper")])
        if len(read) < 3:
            raise a_lost_lock()
        return request.form["note"]

    papers = [(io.BytesIO(b"one"), "a.pdf"), (io.BytesIO(b"two"), "b.pdf")]
    answer = app.test_client().post("/probe", data={"note": "kept", "paper": papers})

    assert (answer.status_code, answer.text) == (200, "kept")
    assert read == [[b"one", b"two"]] * 3


def test_a_request_that_goes_wrong_otherwise_is_not_tried_again() -> None:
    app, tries = Pages(__name__), []
    app.testing = True

    @app.get("/probe")
    def probe() -> str:
        tries.append(1)
        raise KeyError

    with pytest.raises(KeyError):
        app.test_client().get("/probe")

    assert tries == [1]
