"""The twin's payments, and what they were matched with."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import PaymentEntry
from ventanilla.backoffice_adapters.conformance.picking import among, grouped, within
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit, PaymentFilter, PaymentOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef, Allocation, Payment, PaymentStatus, Slice


class Payments(Shelf):
    """Payments; what is unallocated is added up from allocations."""

    async def payments(
        self, call: Call, accounts: Sequence[AccountRef], where: PaymentFilter, order: PaymentOrder, window: Window
    ) -> list[Hit[Slice[Payment]]]:
        """A part of each account's payments."""
        rows = [row for row in map(self._payment, self.book.payments) if self._payment_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def payments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Payment]]:
        """The payments with these keys."""
        found = {entry.key: self._payment(entry) for entry in self.book.payments}
        return [found.get(key) for key in keys]

    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with."""
        known = {entry.key for entry in self.book.payments}
        return grouped(payments, known, self.book.allocations, lambda row: row.payment_key)

    def _matched_with(self, entry: PaymentEntry) -> Money:
        """The sum of a payment's allocations."""
        return self._sum(row.amount for row in self.book.allocations if row.payment_key == entry.key)

    def _taken_back(self, entry: PaymentEntry) -> Money:
        """How much of a payment went back."""
        if entry.taken_back is not None:
            return entry.taken_back
        part = entry.status is PaymentStatus.PARTIALLY_REFUNDED
        return entry.amount - self._matched_with(entry) if part else Money(0, self.book.currency)

    def _payment(self, entry: PaymentEntry) -> Payment:
        return Payment(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            amount=entry.amount,
            paid_at=entry.paid_at,
            status=entry.status,
            method=entry.method,
            reference=entry.reference,
            unallocated=entry.amount - self._matched_with(entry) - self._taken_back(entry),
        )

    def _payment_fits(self, row: Payment, where: PaymentFilter) -> bool:
        return among(row.status, where.statuses) and within(row.paid_at.astimezone(self.zone).date(), where.paid)
