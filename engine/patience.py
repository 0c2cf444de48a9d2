"""How often anybody may ask what is open to all, counted in the database, so that every process of the server counts together."""

from typing import Final

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite

from engine.store import models
from engine.work import Work

MINUTE: Final = 60  # seconds


def allows(work: Work, who: str, most: int) -> bool:
    """Counts that somebody asks, and says whether they asked at most so often within the last minute.

    The minute slides: of the calendar minute before, the part counts that is not yet a minute ago. Who goes on asking
    while refused is refused on. One row a caller, whatever the number of questions; rows of who stopped asking go.
    """
    minute, second = divmod(work.now.timestamp(), MINUTE)
    table = models.Asking.__table__
    make = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = make(models.Asking).values(who=who, minute=int(minute), count=1, before=0)
    known, now = table.c, int(minute)
    counted = new.on_conflict_do_update(
        index_elements=[known.who],
        set_={
            "count": case((known.minute == now, known.count + 1), else_=1),
            "before": case((known.minute == now, known.before), (known.minute == now - 1, known.count), else_=0),
            "minute": now,
        },
    ).returning(known.count, known.before)
    count, before = work.session.execute(counted).one()
    if count == 1:
        work.session.execute(delete(models.Asking).where(models.Asking.minute < now - 1))
    return bool(count + before * (1 - second / MINUTE) <= most)
