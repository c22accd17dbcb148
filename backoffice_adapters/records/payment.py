"""Payments, and what they settle."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Record, Sourced


class PaymentStatus(StrEnum):
    """Where a payment stands; only CONFIRMED and SETTLED count as paid."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    SETTLED = "SETTLED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    REVERSED = "REVERSED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    REVIEW = "REVIEW"


class Payment(Sourced):
    """Money received for an account."""

    account_key: str
    amount: Money
    paid_at: datetime
    status: PaymentStatus
    method: str
    """How it came, in the manager's language: "Transferencia", "Pago Fácil", "przelew"."""
    reference: str | None = None
    unallocated: Money
    """What is not yet matched with any document: the account's credit from this payment."""


class Allocation(Record):
    """A part of a payment that settles a part of an invoice."""

    payment_key: str
    invoice_key: str
    amount: Money
    allocated_on: date
