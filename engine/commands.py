"""A command that carries a key is done once: whoever sends it again gets the first answer."""

from engine.domain.errors import Conflict
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work


def first(work: Work, key: str | None, answer: str = "") -> bool:
    """Whether this is the first time that the key is seen; the key is kept with its answer if so.

    Two who come at once with one key wait for each other here. A key of somebody else's command is a Conflict.
    """
    if key is None:
        return True
    if insert_if_absent(work.transaction, models.Command, key=key, actor_id=work.actor.id, at=work.now, answer=answer):
        return True
    if work.session.get_one(models.Command, key).actor_id != work.actor.id:
        raise Conflict("This key was used by somebody else.")
    return False


def answer(work: Work, key: str) -> str:
    """The answer that the command with this key got."""
    return work.session.get_one(models.Command, key).answer
