"""What administrators do with accounts: roles, unit, operators, closing and opening again, another password."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select

from engine import history, people
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import AccountChanged, PasswordSet
from engine.store import models
from engine.work import Work

ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody is in the office: roles, unit (id), operators they act for (ids), and whether the account is open."""

    roles: frozenset[str]
    unit_id: str | None = None
    operators: frozenset[str] = frozenset()
    active: bool = True


def position(account: models.Account) -> Position:
    """What the account says now."""
    return Position(
        frozenset(role.role for role in account.roles),
        account.unit_id,
        frozenset(one.operator_id for one in account.operators),
        account.active,
    )


def open_account(work: Work, username: str, name: str, password: str, wanted: Position) -> models.Account:
    """A new account in this position; Invalid names what is wrong with it."""
    if not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator changes who works where.")
    problems = _of_position(work, wanted, frozenset())
    if not name.strip():
        problems.append(Problem("name", "Enter a name."))
    if problems:
        raise Invalid("The account cannot be opened.", problems)
    account = people.create(work, username, name.strip(), password, wanted.roles, wanted.operators)
    account.unit_id = wanted.unit_id
    return account


def get(work: Work, account_id: str) -> models.Account:
    """The account; NotFound if there is none."""
    account = work.session.get(models.Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def change(work: Work, account_id: str, wanted: Position, reason: str) -> None:
    """Gives an account another position, with a reason; nobody changes their own, and one administrator always stays."""
    account = _account(work, account_id)
    before = position(account)
    if wanted == before:
        return
    problems = _problems(work, account, wanted, reason)
    if problems:
        raise Invalid("The account cannot be changed.", problems)
    if ADMINISTRATOR in before.roles and not (wanted.active and ADMINISTRATOR in wanted.roles):
        _require_another_administrator(work, account)
    account.roles = [_role(account, role) for role in sorted(wanted.roles)]
    account.operators = [_operator(account, operator) for operator in sorted(wanted.operators)]
    account.unit_id, account.active = wanted.unit_id, wanted.active
    if not wanted.active:
        work.session.execute(delete(models.LoginSession).where(models.LoginSession.account_id == account.id))
    work.session.flush()
    event = AccountChanged(account.id, account.username, _said(before), _said(wanted), reason.strip())
    history.record(work, event, stream=people.STREAM)


def set_password(work: Work, account_id: str, password: str) -> None:
    """Gives somebody else's account another password and ends its sessions; an administrator's to do."""
    _set_password(work, _account(work, account_id), password)


def set_own_password(work: Work, old: str, new: str) -> None:
    """Gives the actor another password, if they know the old one, and ends all their sessions."""
    account = get(work, work.actor.id)
    if not people.matches(account, old):
        raise Invalid("The password cannot be used.", [Problem("old", "This is not your password.")])
    _set_password(work, account, new)


def _set_password(work: Work, account: models.Account, password: str) -> None:
    account.password_hash = people.hashed(password)
    account.failed_logins, account.locked_until = 0, None
    work.session.execute(delete(models.LoginSession).where(models.LoginSession.account_id == account.id))
    history.record(work, PasswordSet(account.id), stream=people.STREAM)


def everybody(work: Work) -> Sequence[models.Account]:
    """Every account, the open ones first, by name."""
    query = select(models.Account).order_by(models.Account.active.desc(), models.Account.name)
    return work.session.scalars(query).unique().all()


def _account(work: Work, account_id: str) -> models.Account:
    if not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator changes who works where.")
    if account_id == work.actor.id:
        raise NotAllowed("Another administrator changes your own account.")
    account = work.session.get(models.Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _problems(work: Work, account: models.Account, wanted: Position, reason: str) -> list[Problem]:
    problems = _of_position(work, wanted, position(account).operators)
    if not reason.strip():
        problems.append(Problem("reason", "Give your reason."))
    return problems


def _of_position(work: Work, wanted: Position, held: frozenset[str]) -> list[Problem]:
    problems = [*people.wrong_roles(wanted.roles)]
    if not wanted.roles:
        problems.append(Problem("roles", "Choose at least one role."))
    outside = wanted.roles & people.OPERATOR_ROLES
    if outside and outside != wanted.roles:
        problems.append(Problem("roles", "Whoever acts for an operator has no role in the office."))
    if outside and not wanted.operators:
        problems.append(Problem("operators", "Choose the operators that they act for."))
    if wanted.unit_id is not None and work.session.get(models.Unit, wanted.unit_id) is None:
        problems.append(Problem("unit", "There is no such unit."))
    if wanted.operators - held - set(_known_operators(work, wanted.operators)):
        problems.append(Problem("operators", "Choose an operator."))
    return problems


def _known_operators(work: Work, ids: Collection[str]) -> Sequence[str]:
    return work.session.scalars(select(models.Operator.id).where(models.Operator.id.in_(ids))).all()


def _require_another_administrator(work: Work, account: models.Account) -> None:
    others = (
        select(models.AccountRole.account_id)
        .join(models.Account)
        .where(models.AccountRole.role == ADMINISTRATOR, models.Account.active, models.Account.id != account.id)
    )
    if work.session.scalars(others).first() is None:
        raise Conflict("This is the only administrator: name another one first.")


def _role(account: models.Account, role: str) -> models.AccountRole:
    held = {one.role: one for one in account.roles}
    return held.get(role) or models.AccountRole(role=role)


def _operator(account: models.Account, operator: str) -> models.AccountOperator:
    held = {one.operator_id: one for one in account.operators}
    return held.get(operator) or models.AccountOperator(operator_id=operator)


def _said(position_: Position) -> dict[str, object]:
    return {
        "roles": sorted(position_.roles),
        "unit": position_.unit_id,
        "operators": sorted(position_.operators),
        "active": position_.active,
    }
