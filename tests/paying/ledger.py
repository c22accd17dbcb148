"""An office's books seen from behind: what they hold, and what its own people do there."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_OPEN = ("ISSUED", "PARTIALLY_PAID")


@dataclass(frozen=True)
class Bill:
    """An invoice as it stands."""

    key: str
    account: str
    status: str
    due_on: str
    later: int | None
    total: int
    paid: int

    def open(self, today: date) -> int:
        """What settles it that day, in minor units; 0 for what is not payable."""
        if self.status not in _OPEN:
            return 0
        late = self.later is not None and self.due_on < today.isoformat()
        return max(0, (self.later if late and self.later else self.total) - self.paid)

    @property
    def most(self) -> int:
        """What it asks for at the latest."""
        return self.later or self.total


@dataclass(frozen=True)
class Booked:
    """A payment in the books."""

    key: str
    account: str
    minor: int
    unallocated: int
    status: str
    reference: str | None
    taken_back: int
    posted: str | None
    """The key under which it was posted; None for what stood there before."""


@dataclass(frozen=True)
class Books:
    """All that is in them about money, at one moment."""

    bills: dict[str, Bill]
    payments: dict[str, Booked]
    allocated: list[tuple[str, str, int]]
    """Payment, invoice, minor units."""
    owed: dict[str, int]
    """Account → the office's own figure of what it owes, in minor units."""
    reversals: dict[str, str]
    """The key of what was taken back → of which payment."""

    def posted(self) -> dict[str, Booked]:
        """What was posted, by its key."""
        return {each.posted: each for each in self.payments.values() if each.posted}


class Ledger:
    """One office's database."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=20)

    def close(self) -> None:
        """Leave it."""
        self._connection.close()

    def books(self) -> Books:
        """What it holds now."""
        self._rows("BEGIN")
        try:
            return self._read()
        finally:
            self._rows("COMMIT")

    def move(self, invoice: str, former: str, status: str) -> None:
        """Somebody at the office lets an invoice stand otherwise, if it stood as they thought."""
        self._rows("UPDATE invoice SET status = ? WHERE key = ? AND status = ?", status, invoice, former)

    def _read(self) -> Books:
        posted: dict[str, dict[str, str]] = {"PAYMENT": {}, "REVERSAL": {}}
        for key, kind, payment in self._rows("SELECT key, kind, payment_key FROM posting"):
            posted[kind][key] = payment
        assert len(set(posted["PAYMENT"].values())) == len(posted["PAYMENT"]), "two keys, one payment"
        key_of = {payment: key for key, payment in posted["PAYMENT"].items()}
        bills = self._rows("SELECT key, account_key, status, due_on, later_minor, total_minor, paid_minor FROM invoice")
        payments = self._rows(
            """SELECT key, account_key, amount_minor, unallocated_minor, status, reference,
            COALESCE(taken_back_minor, 0) FROM payment"""
        )
        return Books(
            bills={row[0]: Bill(*row) for row in bills},
            payments={row[0]: Booked(*row, posted=key_of.get(row[0])) for row in payments},
            allocated=self._rows("SELECT payment_key, invoice_key, amount_minor FROM allocation"),
            owed=dict(self._rows("SELECT key, stated_minor FROM account")),
            reversals=posted["REVERSAL"],
        )

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()
