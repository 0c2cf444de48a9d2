"""Lists that come page by page, and counts that stop counting where no reader needs the exact figure."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")
SIZE: Final = 25  # rows of a page
MOST: Final = 1000  # counts stop here: «1000 or more» says enough, and costs the same in an office of any size
LAST_PAGE: Final = 400  # nobody leafs further; searching is the way


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `total` is exact up to MOST, `more` says that a next page exists."""

    rows: tuple[Row, ...]
    number: int
    total: int
    more: bool

    @property
    def first(self) -> int:
        """The place in the whole list of the first row shown; 0 when there is none."""
        return (self.number - 1) * SIZE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place in the whole list of the last row shown."""
        return (self.number - 1) * SIZE + len(self.rows)

    @property
    def capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total >= MOST


def in_range(number: int) -> int:
    """The number of a page that exists to be asked for."""
    return min(max(number, 1), LAST_PAGE)


def offset(number: int) -> int:
    """How many rows stand before the page."""
    return (number - 1) * SIZE


def count(session: Session, query: Select[str]) -> int:
    """How many rows the query gives, up to MOST."""
    return session.scalar(select(func.count()).select_from(query.limit(MOST).subquery())) or 0
