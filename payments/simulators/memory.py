"""A simulator's memory: in tables of this process, and, for the demo, in a file that outlives it.

Written at once and in the loop's own thread: few pay at a time, and each change is a row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from ventanilla.payments.simulators.records import (
    Kept,
    Notice,
    SimulatedOrder,
    SimulatedPayment,
    SimulatedRefund,
)

K = TypeVar("K", bound=Kept)
_TABLE: Final = """create table if not exists kept (
    kind text not null, name text not null, told text not null, primary key (kind, name))"""


class Memory:
    """Everything that one simulator knows; what is kept in one go is kept whole or not at all."""

    def __init__(self, path: Path | None = None) -> None:
        """Remember what the file at `path` holds; without one, nothing outlives the process."""
        self._file = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("pragma synchronous = normal")
        self._file.execute(_TABLE)
        self.orders = self._read(SimulatedOrder)
        self.payments = self._read(SimulatedPayment)
        self.refunds = self._read(SimulatedRefund)
        self.notices = self._read(Notice)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def keep(self, *records: Kept) -> None:
        """Remember these, in the place of those of the same kind and name."""
        self._file.execute("begin immediate")
        with self._file:
            self._file.executemany(
                "insert into kept values (?, ?, ?) on conflict (kind, name) do update set told = excluded.told",
                [(type(each).__name__, each.name, msgspec.json.encode(each).decode()) for each in records],
            )
        for each in records:
            self._put(each)

    def forget(self, notice: Notice) -> None:
        """Drop a notification that nothing is to be done about any more."""
        self._file.execute("delete from kept where kind = ? and name = ?", (Notice.__name__, notice.name))
        self.notices.pop(notice.name, None)

    def order_at(self, key: str) -> SimulatedOrder | None:
        """The order whose page has that name."""
        return next((order for order in self.orders.values() if order.key == key), None)

    def payments_of(self, reference: str) -> list[SimulatedPayment]:
        """All tries to pay an order, oldest first."""
        return [payment for payment in self.payments.values() if payment.reference == reference]

    def refunds_of(self, payment_id: str) -> list[SimulatedRefund]:
        """What went back of a payment, or is on its way."""
        return [refund for refund in self.refunds.values() if refund.payment_id == payment_id]

    def _put(self, record: Kept) -> None:
        match record:
            case SimulatedOrder():
                self.orders[record.name] = record
            case SimulatedPayment():
                self.payments[record.name] = record
            case SimulatedRefund():
                self.refunds[record.name] = record
            case Notice():
                self.notices[record.name] = record

    def _read(self, kind: type[K]) -> dict[str, K]:
        rows: Iterable[tuple[str, str]] = self._file.execute(
            "select name, told from kept where kind = ? order by rowid", (kind.__name__,)
        )
        return {name: msgspec.json.decode(told, type=kind) for name, told in rows}
