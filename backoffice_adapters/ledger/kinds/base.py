"""What a kind of record is to the ledger, and how columns become values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.database import Row, stamp
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.months import is_month
from ventanilla.backoffice_adapters.records import Origin, Record

R = TypeVar("R")
W = TypeVar("W")
E = TypeVar("E", bound=StrEnum)
Make = Callable[[Row, Origin, str], R]
"""Row, origin and today's date as ISO text → record."""


class Present(Record):
    """What a filter may be measured by."""

    today: date
    zone: ZoneInfo


class Kind(Record, Generic[R]):
    """A kind of record: its table, its columns, and how a row becomes a record."""

    table: str
    columns: tuple[str, ...]
    make: Make[R]
    listed: str = "1 = 1"
    """The condition under which a row is anybody's business."""

    def named(self, alias: str) -> str:
        """The columns, of the table called `alias`."""
        return ", ".join(f"{alias}.{column}" for column in self.columns)


def day(value: str) -> str:
    """The text of a day as the tables keep it; `ValueError` for anything else."""
    return date.fromisoformat(value).isoformat()


def moment(value: str) -> str:
    """The text of a moment as the tables keep it; `ValueError` for anything else."""
    return stamp(datetime.fromisoformat(value))


def month(value: str) -> str:
    """The text of a calendar month, ``"2026-11"``; `ValueError` for anything else."""
    if not is_month(value):
        raise ValueError(value)
    return value


class Listed(Kind[R], Generic[R, W]):
    """A kind that is read by pages: whose part it is, what it is filtered by, and what a place in the list is."""

    parent: str = "account_key"
    """The column that names whose part a row is."""
    parents: str = "account"
    """Their table."""
    conditions: Callable[[W, Present], list[Condition]]
    place: Callable[[str], str] = day
    """A position's sort value as the column has it; `ValueError` for what is none."""


def by_value(enum: type[E]) -> dict[str, E]:
    """Value → member: a look-up is several times quicker than calling the enum."""
    return {member.value: member for member in enum}


def day_of(text: str | None) -> date | None:
    """A day, where there is one."""
    return date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> datetime | None:
    """A moment, where there is one."""
    return datetime.fromisoformat(text) if text else None
