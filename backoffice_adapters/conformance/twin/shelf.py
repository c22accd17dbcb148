"""Where the twin keeps its book, and what all parts of it do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.book import AccountEntry, Book
from ventanilla.backoffice_adapters.conformance.picking import A, part_of
from ventanilla.backoffice_adapters.contract import Health, Hit, ListOrder, Setting, Window
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import AccountRef, Origin, PaymentStatus, Slice, Unit

T = TypeVar("T")
COUNTED = frozenset({PaymentStatus.CONFIRMED, PaymentStatus.SETTLED, PaymentStatus.PARTIALLY_REFUNDED})
"""Payments that count as paid, with what is left of them."""


class Shelf:
    """A book in memory. `fill` puts it there."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.zone = ZoneInfo(setting.time_zone)
        self._since = setting.clock()
        self.book = Book(currency=setting.currency)

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def health(self) -> Health:
        """Always well."""
        return Health(ok=True, as_of=self._since)

    async def fill(self, book: Book) -> None:
        """Take `book` in place of what was there."""
        self.book = book
        self._since = self.setting.clock()

    @property
    def _origin(self) -> Origin:
        return Origin(source=self.setting.office, as_of=self._since)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return total(amounts, self.book.currency)

    def _at_home(self, ref: AccountRef) -> bool:
        return ref.office == self.setting.office

    def _each(self, accounts: Sequence[AccountRef], answer: Callable[[AccountEntry], T | None]) -> list[Hit[T]]:
        """What `answer` says of each account of this office; None for every other."""
        entries = {entry.key: entry for entry in self.book.accounts}
        known = [entries.get(ref.key) if self._at_home(ref) else None for ref in accounts]
        return [None if entry is None else answer(entry) for entry in known]

    def _slices(
        self, rows: list[A], accounts: Sequence[AccountRef], order: ListOrder, window: Window
    ) -> list[Hit[Slice[A]]]:
        """The part of each account's rows that `window` asks for."""
        return self._each(
            accounts, lambda entry: part_of([row for row in rows if row.account_key == entry.key], order, window)
        )

    def _unit(self, entry: AccountEntry) -> Unit | None:
        return {unit.key: unit for unit in self.book.units}.get(entry.unit or "")
