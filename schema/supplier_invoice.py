"""Invoices of suppliers."""

from __future__ import annotations

from datetime import date

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.schema.enums import SupplierInvoiceStatus
from ventanilla.schema.fields import distinct, prop
from ventanilla.schema.money import Money
from ventanilla.schema.node import Sourced


@strawberry.type(description="What a supplier billed the manager, or a community that it administers.")
class SupplierInvoice(Sourced):
    """A supplier's invoice."""

    number: str = prop("The supplier's own number.")
    supplier_name: str = prop("Who wrote it.", of="supplier.name")
    supplier_document: str | None = prop(
        "The supplier's tax number, where the office knows one.", of="supplier.document_number"
    )
    community_name: str | None = prop("The community that is billed; null for the manager itself.")
    title: str = prop("What it is for.")
    amount: Money = prop("What it asks for.")
    issued_on: date = prop("When it was issued.")
    due_on: date = prop("The last day on which it is to be paid.")
    status: SupplierInvoiceStatus = prop("Where it stands.")
    paid_on: date | None = prop("When it was paid; null until then.")


@strawberry.input(description="Which invoices of suppliers; an empty list is no condition.")
class SupplierInvoiceFilter:
    """Filter of `BoardArea.supplierInvoices` and `Viewer.supplierDocuments`."""

    status: list[SupplierInvoiceStatus] | None = strawberry.field(default=None, description="In any of these states.")

    def record(self) -> contract.SupplierInvoiceFilter:
        """The filter as offices take it."""
        return contract.SupplierInvoiceFilter(statuses=distinct(self.status))
