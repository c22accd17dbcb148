"""The twin's invoices of suppliers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ventanilla.backoffice_adapters.book import SupplierInvoiceEntry
from ventanilla.backoffice_adapters.conformance.picking import among, part_of
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit, SupplierInvoiceFilter, SupplierInvoiceOrder, Window
from ventanilla.backoffice_adapters.records import Slice, SupplierInvoice


class SupplierInvoices(Shelf):
    """Invoices of suppliers, by whom they bill and by who wrote them."""

    async def supplier_invoices(
        self,
        call: Call,
        communities: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what suppliers billed each community."""
        rows = self._billed_by_suppliers(where)
        owned = {entry.key: [row for row in rows if row.community_key == entry.key] for entry in self.book.communities}
        return [part_of(owned[key], order, window) if key in owned else None for key in communities]

    async def supplier_invoices_of_parties(
        self,
        call: Call,
        parties: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what each party billed."""
        rows = self._billed_by_suppliers(where)
        owned = {party.key: [row for row in rows if row.supplier_key == party.key] for party in self.book.parties}
        return [part_of(owned[key], order, window) if key in owned else None for key in parties]

    def _billed_by_suppliers(self, where: SupplierInvoiceFilter) -> list[SupplierInvoice]:
        return [
            row for row in self._supplier_invoices(self.book.supplier_invoices) if among(row.status, where.statuses)
        ]

    def _supplier_invoices(self, entries: Iterable[SupplierInvoiceEntry]) -> list[SupplierInvoice]:
        parties = {party.key: party for party in self.book.parties}
        names = {entry.key: entry.name for entry in self.book.communities}
        return [
            SupplierInvoice(
                key=entry.key,
                origin=self._origin,
                number=entry.number,
                supplier_key=entry.supplier,
                supplier=parties[entry.supplier],
                community_key=entry.community,
                community_name=entry.community and names[entry.community],
                title=entry.title,
                amount=entry.amount,
                issued_on=entry.issued_on,
                due_on=entry.due_on,
                status=entry.status,
                paid_on=entry.paid_on,
            )
            for entry in entries
        ]
