"""Accounts and log-ins: who somebody is, what roles they hold, and that a password is never kept or guessed."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select

from engine import absences, history, units
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import AccountCreated, LoggedIn, LoggedOut, LogInFailed
from engine.store import models
from engine.work import Absent, Actor, Work

ROLES: Final = (
    "preparer",
    "signatory",
    "reader",
    "intake_officer",
    "analyst",
    "validator",
    "committee",
    "director",
    "monitoring_officer",
    "legal_officer",
    "supervisor",
    "process_owner",
    "administrator",
    "auditor",
)
ACTING: Final = frozenset({"preparer", "signatory"})  # for an operator; what they may do is what their mandate gives
OPERATOR_ROLES: Final = ACTING | {"reader"}
STREAM: Final = "people"
LANGUAGES: Final = ("es", "en")
MINIMUM_PASSWORD: Final = 12  # characters
TRIES: Final = 5  # wrong passwords in a row, then the account rests
REST: Final = timedelta(minutes=10)
SESSION_LASTS: Final = timedelta(hours=10)

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")  # so that an unknown name takes as long as a wrong password


@dataclass(frozen=True, slots=True)
class LogIn:
    """Somebody is logged in: `token` goes to the browser and nowhere else, `csrf` into its forms."""

    token: str
    csrf: str
    account: models.Account
    actor: Actor


def create(
    work: Work,
    username: str,
    name: str,
    password: str,
    roles: Collection[str],
    operators: Collection[str] = (),
    language: str = "es",
) -> models.Account:
    """Opens an account; `roles` are of `ROLES`, `operators` the ids of operators it acts for."""
    _check(username, password, roles, language)
    if work.session.scalar(select(models.Account.id).where(models.Account.username == username)):
        raise Conflict("The user name %(username)s is taken.", username=username)
    account = models.Account(
        id=work.new_id(),
        username=username,
        name=name,
        password_hash=_hasher.hash(password),
        language=language,
        created_at=work.now,
        roles=[models.AccountRole(role=role) for role in sorted(set(roles))],
        operators=[models.AccountOperator(operator_id=operator) for operator in sorted(set(operators))],
    )
    work.session.add(account)
    work.session.flush()
    history.record(
        work, AccountCreated(account.id, username, sorted(set(roles)), sorted(set(operators))), stream=STREAM
    )
    return account


def log_in(work: Work, username: str, password: str) -> LogIn | None:
    """Logs in, or None when the name or the password is wrong (recorded); NotAllowed while the account rests."""
    query = select(models.Account).where(models.Account.username == username).with_for_update()
    account = work.session.scalar(query)
    if account and account.locked_until and account.locked_until > work.now:
        raise NotAllowed("Too many wrong passwords. Try again in ten minutes, or ask the administrator.")
    if not _matches(account.password_hash if account else _nobody, password) or account is None or not account.active:
        _count_failure(work, username, account)
        return None
    account.failed_logins, account.locked_until = 0, None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    login = LogIn(secrets.token_urlsafe(32), secrets.token_urlsafe(32), account, acting(work, account))
    work.session.add(
        models.LoginSession(
            token_hash=_digest(login.token),
            account_id=account.id,
            csrf=login.csrf,
            created_at=work.now,
            seen_at=work.now,
            expires_at=work.now + SESSION_LASTS,
        )
    )
    work.actor = login.actor  # who logs in is nobody until now; the fact is theirs
    history.record(work, LoggedIn(account.id), stream=STREAM)
    return login


def by_session(work: Work, token: str) -> LogIn | None:
    """Who the browser with this token is; None when the session has ended or the account was closed."""
    row = work.session.get(models.LoginSession, _digest(token))
    if row is None or row.expires_at <= work.now:
        return None
    account = work.session.get(models.Account, row.account_id)
    return LogIn(token, row.csrf, account, acting(work, account)) if account and account.active else None


def log_out(work: Work, token: str) -> None:
    """Ends the session of this token, and clears away those that have run out."""
    row = work.session.get(models.LoginSession, _digest(token))
    if row is not None:
        history.record(work, LoggedOut(row.account_id), stream=STREAM)
        work.session.delete(row)
    work.session.execute(delete(models.LoginSession).where(models.LoginSession.expires_at <= work.now))


def speak(work: Work, language: str) -> None:
    """The actor reads `es` or `en` from now on."""
    if language not in LANGUAGES:
        raise Invalid("Choose one of the languages offered.")
    account = work.session.get(models.Account, work.actor.id)
    if account is not None:
        account.language = language


def actor(
    account: models.Account,
    absent: tuple[Absent, ...] = (),
    units: Collection[str] = (),
    today: date | None = None,
) -> Actor:
    """The account as the one who does something, also in place of whoever is absent.

    A signatory may do whatever a preparer may. On a day, they act for those operators whose mandate runs on it.
    """
    own = {role.role for role in account.roles}
    if "signatory" in own:
        own.add("preparer")
    return Actor(
        account.id,
        account.name,
        frozenset(own).union(*(one.roles for one in absent)),
        frozenset(one.operator_id for one in account.operators if today is None or one.holds(today)),
        absent,
        frozenset(own),
        frozenset(units),
    )


def acting(work: Work, account: models.Account) -> Actor:
    """The account as the one who acts today, with whom it stands in for and the units it works in."""
    return actor(account, absences.stood_in_for(work, account.id), units.of(work, account), work.today)


def by_id(work: Work, account_id: str) -> Actor:
    """Whoever has this account, as the one who acts today; NotFound if it is gone or closed."""
    account = work.session.get(models.Account, account_id)
    if account is None or not account.active:
        raise NotFound("There is no account %(username)s.", username=account_id)
    return acting(work, account)


def by_username(work: Work, username: str) -> models.Account:
    """The account with this user name; NotFound if there is none."""
    account = work.session.scalar(select(models.Account).where(models.Account.username == username))
    if account is None:
        raise NotFound("There is no account %(username)s.", username=username)
    return account


def wrong_roles(roles: Collection[str]) -> list[Problem]:
    """Those that nobody can have."""
    unknown = sorted(set(roles) - set(ROLES))
    return [Problem("roles", "There is no role %(roles)s.", {"roles": ", ".join(unknown)})] if unknown else []


def hashed(password: str) -> str:
    """What is kept of a password; Invalid for one that is too short."""
    if weak := _weak(password):
        raise Invalid("The password cannot be used.", weak)
    return _hasher.hash(password)


def matches(account: models.Account, password: str) -> bool:
    """Whether this is the account's password."""
    return _matches(account.password_hash, password)


def _weak(password: str) -> list[Problem]:
    if len(password) >= MINIMUM_PASSWORD:
        return []
    return [Problem("password", "Use at least %(count)s characters.", {"count": MINIMUM_PASSWORD})]


def _check(username: str, password: str, roles: Collection[str], language: str) -> None:
    problems = []
    if not username.isascii() or not username.replace(".", "").replace("-", "").isalnum():
        problems.append(Problem("username", "Use letters without accents, digits, dots and hyphens."))
    problems += _weak(password)
    problems += wrong_roles(roles)
    if language not in LANGUAGES:
        problems.append(Problem("language", "Choose one of the languages offered."))
    if problems:
        raise Invalid("The account cannot be opened.", problems)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_failure(work: Work, username: str, account: models.Account | None) -> None:
    if account is not None:
        account.failed_logins += 1
        if account.failed_logins >= TRIES:
            account.failed_logins, account.locked_until = 0, work.now + REST
    history.record(work, LogInFailed(username[:255], "wrong name or password"), stream=STREAM)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
