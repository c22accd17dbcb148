"""What suppliers bill the manager, or a community that it administers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Sourced
from ventanilla.backoffice_adapters.records.place import Party


class SupplierInvoiceStatus(StrEnum):
    """Where a supplier's invoice stands."""

    TO_APPROVE = "TO_APPROVE"
    APPROVED = "APPROVED"
    PAID = "PAID"
    REJECTED = "REJECTED"


class SupplierInvoice(Sourced):
    """An invoice that a supplier wrote."""

    number: str
    """The supplier's own."""
    supplier_key: str
    """Whose it is."""
    supplier: Party
    community_key: str | None = None
    """The community that is billed; None for the manager itself."""
    community_name: str | None = None
    """There exactly when `community_key` is."""
    title: str
    amount: Money
    issued_on: date
    due_on: date
    status: SupplierInvoiceStatus
    paid_on: date | None = None
    """There exactly when it is PAID."""
