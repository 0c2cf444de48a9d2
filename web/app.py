"""The application as a factory; what it needs is handed to it as `Settings`."""

import itertools

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.store.database import Database
from engine.work import insist
from web import (
    account,
    admin,
    audit,
    auth,
    calendars,
    cases,
    certificates,
    deliveries,
    documents,
    errors,
    exceptions,
    home,
    inbox,
    incidents,
    messages,
    operators,
    pages,
    programmes,
    public,
    security,
    start,
    studio,
    tasks,
    timers,
    upgrades,
)
from web.settings import MEGABYTE, Settings

BLUEPRINTS = (
    auth.bp,
    account.bp,
    home.bp,
    inbox.bp,
    tasks.bp,
    cases.bp,
    timers.bp,
    calendars.bp,
    messages.bp,
    documents.bp,
    certificates.bp,
    deliveries.bp,
    operators.bp,
    start.bp,
    studio.bp,
    programmes.bp,
    upgrades.bp,
    incidents.bp,
    audit.bp,
    exceptions.bp,
    admin.bp,
    public.bp,
)
MOST_FORM_PARTS = 20_000  # a self-assessment of many sites has some thousand fields


class Pages(Flask):
    """Flask, but that a view whose work lost a lock to others is called once more, and nobody sees it."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Calls the view; files that it has read already are read from their beginning again."""
        tries = itertools.count()

        def view() -> ResponseReturnValue:
            if next(tries):
                for _name, files in request.files.lists():
                    for file in files:
                        file.stream.seek(0)
            return super(Pages, self).dispatch_request()

        return insist(view)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The pages over one database; without one, the database that the settings name is opened."""
    app = Pages(__name__)
    app.config.update(
        SECRET_KEY=settings.secret,
        SESSION_COOKIE_NAME="marchamo_visit",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
    )
    app.extensions["marchamo.database"] = database or Database(settings.database, settings.zone)
    app.extensions["marchamo.settings"] = settings
    if settings.secure:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]  # TLS ends at the proxy before us
    security.protect(app, settings)
    auth.guard(app)
    errors.answer_errors(app)
    pages.dress(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
