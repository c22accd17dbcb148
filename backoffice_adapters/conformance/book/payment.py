"""Payments of the reference books, and what they settle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ventanilla.backoffice_adapters.book import InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.conformance.book.invoice import busy_invoices
from ventanilla.backoffice_adapters.conformance.book.pen import BIG, BUSY, CLOSED, CREDIT, WEALTHY, Pen, noon
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Allocation, InvoiceStatus, PaymentStatus

_PAID = (
    PaymentStatus.CONFIRMED,
    PaymentStatus.SETTLED,
    PaymentStatus.PENDING,
    PaymentStatus.FAILED,
    PaymentStatus.REVERSED,
)


def payments(pen: Pen) -> tuple[PaymentEntry, ...]:
    """Those that settle invoices; three a day in every state, some late in the evening; and single odd ones."""
    settling = tuple(
        payment(pen, f"set{entry.key[3:]}", BUSY, amount, noon(entry.issued_on)) for entry, amount in _settled(pen)
    )
    loose = tuple(
        payment(pen, f"pay{step:02d}", BUSY, pen.money(700 + step), _evening(step), status=_PAID[step % len(_PAID)])
        for step in range(10)
    )
    return (
        *settling,
        *loose,
        payment(pen, "adv1", CREDIT, pen.money(20_000), noon(date(2026, 4, 20))),
        payment(pen, "old1", CLOSED, pen.money(500), noon(date(2025, 12, 31))),
        payment(pen, "big1", WEALTHY, pen.money(BIG), noon(date(2026, 5, 3)), status=PaymentStatus.SETTLED),
    )


def allocations(pen: Pen) -> tuple[Allocation, ...]:
    """What each payment settles: all, a part, or a part in two steps."""
    return (
        *(_allocation(f"set{entry.key[3:]}", entry.key, amount, 3) for entry, amount in _settled(pen)),
        _allocation("old1", "old1", pen.money(500), 0),
        _allocation("big1", "big2", pen.money(BIG - 2), 5),
        _allocation("big1", "big2", pen.money(1), 4),
    )


def payment(
    pen: Pen, key: str, account: str, amount: Money, at: datetime, *, status: PaymentStatus = PaymentStatus.CONFIRMED
) -> PaymentEntry:
    """A payment that came at `at`."""
    return PaymentEntry(
        key=key,
        account=account,
        amount=amount,
        paid_at=at,
        status=status,
        method="Pago Fácil",
        reference=f"REF-{key}",
    )


def _settled(pen: Pen) -> list[tuple[InvoiceEntry, Money]]:
    """The busy account's invoices that are paid in whole or in part, and how much."""
    parts = {InvoiceStatus.PARTIALLY_PAID: pen.money(3_333)}
    settled = {InvoiceStatus.PAID, *parts}
    return [(entry, parts.get(entry.status, entry.total)) for entry in busy_invoices(pen) if entry.status in settled]


def _allocation(payment_key: str, invoice: str, amount: Money, day: int) -> Allocation:
    on = date(2026, 5, 3) + timedelta(days=day)
    return Allocation(payment_key=payment_key, invoice_key=invoice, amount=amount, allocated_on=on)


def _evening(step: int) -> datetime:
    """Half past seven in the evening in `ZONE` is already the next day in UTC; three payments share each moment."""
    return datetime(2026, 4, 9 + step // 3, 0, 30, tzinfo=UTC)
