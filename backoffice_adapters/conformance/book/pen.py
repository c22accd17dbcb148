"""What all pages of the reference books are written with: days, account keys, amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Licence, Record

TODAY = date(2026, 5, 15)
"""The manager's local date in every check."""
NOW = datetime(2026, 5, 15, 17, 0, tzinfo=UTC)
"""The moment of every check: noon in `ZONE`."""
ZONE = "America/Bogota"
"""The manager's zone: five hours behind UTC all year, so that a late payment has another UTC date than local date."""
BIG = 2**53 + 1
"""An amount in minor units that no binary float holds."""

BUSY, CREDIT, EMPTY, CLOSED, WEALTHY, STATED, LATE = "acc1", "acc2", "acc3", "acc4", "acc5", "acc6", "acc7"
"""Account keys: much of everything; money in advance; nothing at all; ended; huge amounts; the office's own figure;
late in paying."""

QUIET, NO_SUPPLIER = "com3", "par2"
"""A community without buildings that nobody bills, and a party that bills nobody."""


class Pen(Record):
    """Writes one book; every amount is a multiple of `factor`, so that two books never agree by chance."""

    licence: Licence
    currency: str
    factor: int

    def money(self, minor: int) -> Money:
        """An amount of this book."""
        return Money(minor * self.factor, self.currency)


def noon(day: date) -> datetime:
    """Noon in `ZONE`."""
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC)
