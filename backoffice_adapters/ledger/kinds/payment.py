"""Payments, and what they settle."""

from __future__ import annotations

from datetime import date, datetime

from ventanilla.backoffice_adapters.contract import PaymentFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, at_moments
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, by_value, moment
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Allocation, Origin, Payment, PaymentStatus

_STATES = by_value(PaymentStatus)


def _payment(row: Row, origin: Origin, today: str) -> Payment:
    _, key, account, minor, unallocated, currency, paid_at, status, method, reference = row
    return Payment(
        key=key,
        origin=origin,
        account_key=account,
        amount=Money(minor, currency),
        paid_at=datetime.fromisoformat(paid_at),
        status=_STATES[status],
        method=method,
        reference=reference,
        unallocated=Money(unallocated, currency),
    )


def _conditions(where: PaymentFilter, present: Present) -> list[Condition]:
    return [*at_moments("paid_at", where.paid, present.zone), *any_of("status", where.statuses)]


PAYMENTS = Listed(
    table="payment",
    columns=(
        "key", "account_key", "amount_minor", "unallocated_minor", "currency", "paid_at", "status", "method",
        "reference",
    ),
    make=_payment,
    conditions=_conditions,
    place=moment,
)  # fmt: skip

_ALLOCATIONS = """SELECT o.key, a.payment_key, a.invoice_key, a.amount_minor, a.currency, a.allocated_on
    FROM {table} o LEFT JOIN allocation a ON a.book = o.book AND a.{table}_key = o.key AND {counted}
    WHERE o.book = $1 AND o.key IN $2[] AND o.status <> 'DRAFT' ORDER BY a.allocated_on, a.position"""
OF_INVOICES = _ALLOCATIONS.format(table="invoice", counted="a.counted = 1")
"""What `allocation` reads of payments that count, by invoice."""
OF_PAYMENTS = _ALLOCATIONS.format(table="payment", counted="1 = 1")
"""What `allocation` reads, by payment."""


def allocation(row: Row) -> Allocation:
    """An allocation."""
    _, payment, invoice, minor, currency, day = row
    return Allocation(
        payment_key=payment,
        invoice_key=invoice,
        amount=Money(minor, currency),
        allocated_on=date.fromisoformat(day),
    )
