"""Payments, and what they settle."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.account import AccountRef
from ventanilla.backoffice_adapters.records.base import Record, Sourced


class PaymentStatus(StrEnum):
    """Where a payment stands. CONFIRMED, SETTLED and what is left of PARTIALLY_REFUNDED count as paid, nothing else."""

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
    """What is not yet matched with any document: the account's credit from this payment. With what it was matched
    with it adds up to `amount`, less what was taken back."""


class Allocation(Record):
    """A part of a payment that settles a part of an invoice."""

    payment_key: str
    invoice_key: str
    amount: Money
    allocated_on: date


class PaymentItem(Record):
    """An invoice that money is meant for, and how much of it."""

    invoice_key: str
    amount: Money


class NewPayment(Record):
    """Money that came in, to be booked for an account exactly once."""

    key: str
    """What makes it this one: 1–64 printable ASCII characters, chosen by whoever posts. Never the payment's own key."""
    account: AccountRef
    amount: Money
    paid_at: datetime
    """When it was paid, aware. Its local day says what an invoice asked for, however late the word of it comes."""
    method: str
    reference: str | None = None
    items: tuple[PaymentItem, ...] = ()
    """What it is to be matched with, in this order; not more than `amount` together."""


class PostedPayment(Record):
    """A payment as it was booked, or as taking back left it."""

    payment: Payment
    allocations: tuple[Allocation, ...]
    """What it is matched with, oldest first."""
    replayed: bool = False
    """Whether the key had been posted before: this is what was answered then, and nothing was booked now."""


class ReversalKind(StrEnum):
    """Who takes money back: REFUND the manager, who gives it back; REVERSAL the payer's bank."""

    REFUND = "REFUND"
    REVERSAL = "REVERSAL"


class NewReversal(Record):
    """Money of a payment that goes back, to be booked exactly once. `key` is as that of a `NewPayment`."""

    key: str
    payment_key: str
    amount: Money
    """At most what is left of the payment; a REVERSAL takes all of that."""
    at: datetime
    kind: ReversalKind
