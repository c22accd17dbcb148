"""The twin's invoices, their lines and what was matched with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ventanilla.backoffice_adapters.book import InvoiceEntry
from ventanilla.backoffice_adapters.conformance.picking import by_position, grouped, invoice_fits
from ventanilla.backoffice_adapters.conformance.twin.shelf import COUNTED, Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit, InvoiceFilter, InvoiceOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    Allocation,
    DueDate,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Slice,
)

OWED = frozenset({InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.IN_PLAN})
"""States in which something is open."""


class Invoices(Shelf):
    """Invoices; what is paid and open is added up from allocations."""

    async def invoices(
        self, call: Call, accounts: Sequence[AccountRef], where: InvoiceFilter, order: InvoiceOrder, window: Window
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each account's invoices."""
        rows = [row for row in self._invoices(call.today) if invoice_fits(row, where, call.today)]
        return self._slices(rows, accounts, order, window)

    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The invoices with these keys."""
        found = {row.key: row for row in self._invoices(call.today)}
        return [found.get(key) for key in keys]

    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each invoice."""
        found = {entry.key: by_position(entry.lines) for entry in self._shown()}
        return [found.get(key) for key in invoices]

    async def invoice_allocations(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What was matched with each invoice by payments that count."""
        known = {entry.key for entry in self._shown()}
        return grouped(invoices, known, self._counted(), lambda row: row.invoice_key)

    def _shown(self) -> list[InvoiceEntry]:
        return [entry for entry in self.book.invoices if entry.status is not InvoiceStatus.DRAFT]

    def _counted(self) -> list[Allocation]:
        """The allocations of payments that count."""
        counted = {entry.key for entry in self.book.payments if entry.status in COUNTED}
        return [row for row in self.book.allocations if row.payment_key in counted]

    def _invoices(self, today: date) -> list[Invoice]:
        counted = self._counted()
        return [self._invoice(entry, counted, today) for entry in self._shown()]

    def _invoice(self, entry: InvoiceEntry, counted: list[Allocation], today: date) -> Invoice:
        paid = self._sum(row.amount for row in counted if row.invoice_key == entry.key)
        dues = [DueDate(due_on=entry.due_on, amount=entry.total)]
        if entry.later_due_on and entry.later_total:
            dues.append(DueDate(due_on=entry.later_due_on, amount=entry.later_total))
        asked = next((due.amount for due in dues if today <= due.due_on), dues[-1].amount)
        zero = Money(0, self.book.currency)
        return Invoice(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            number=entry.number,
            kind=entry.kind,
            status=entry.status,
            title=entry.title,
            issued_on=entry.issued_on,
            due_dates=tuple(dues),
            total=entry.total,
            paid=paid,
            open=max(zero, asked - paid) if entry.status in OWED else zero,
            period_from=entry.period_from,
            period_to=entry.period_to,
            paid_at=entry.paid_at,
            official_reference=entry.official_reference,
        )
