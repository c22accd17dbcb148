"""What a book's allocations amount to, and what settles an invoice today."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.records import InstalmentStatus, InvoiceStatus, PaymentStatus, Record

COUNTED: Final = (PaymentStatus.CONFIRMED, PaymentStatus.SETTLED, PaymentStatus.PARTIALLY_REFUNDED)
"""The states of a payment that count as paid, with what is left of it."""
OPEN: Final = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.IN_PLAN)
"""The states of an invoice that something may be owed in."""
OVERDUE: Final = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)
"""The states of an invoice that can be overdue."""
_OPEN: Final = frozenset(state.value for state in OPEN)
"""As texts: a page asks this of hundreds of invoices, and members are compared four times as slowly."""


class Totals(Record):
    """Sums in minor units, by key."""

    counted: frozenset[str]
    """The payments that count as paid."""
    paid: Counter[str]
    """Invoice → Σ allocations of payments that count."""
    allocated: Counter[str]
    """Payment → Σ its allocations."""
    planned: Counter[str]
    """Plan → Σ its instalments."""
    paid_in: Counter[str]
    """Plan → Σ its instalments PAID."""
    instalments: Counter[str]
    """Plan → how many instalments it has."""


def totals_of(book: Book) -> Totals:
    """Add up the allocations and instalments of a book."""
    counted = frozenset(payment.key for payment in book.payments if payment.status in COUNTED)
    paid: Counter[str] = Counter()
    allocated: Counter[str] = Counter()
    for allocation in book.allocations:
        allocated[allocation.payment_key] += allocation.amount.minor
        if allocation.payment_key in counted:
            paid[allocation.invoice_key] += allocation.amount.minor
    planned: Counter[str] = Counter()
    paid_in: Counter[str] = Counter()
    for instalment in book.instalments:
        planned[instalment.plan] += instalment.amount.minor
        if instalment.status is InstalmentStatus.PAID:
            paid_in[instalment.plan] += instalment.amount.minor
    return Totals(
        counted=counted,
        paid=paid,
        allocated=allocated,
        planned=planned,
        paid_in=paid_in,
        instalments=Counter(instalment.plan for instalment in book.instalments),
    )


def taken_back_minor(payment: PaymentEntry, allocated: int) -> int:
    """How much of a payment went back, in minor units; `allocated` is the sum of its allocations."""
    if payment.taken_back is not None:
        return payment.taken_back.minor
    return payment.amount.minor - allocated if payment.status is PaymentStatus.PARTIALLY_REFUNDED else 0


def most_payable(invoice: InvoiceEntry) -> int:
    """What settles the invoice at the latest, in minor units."""
    return (invoice.total if invoice.later_total is None else invoice.later_total).minor


def open_minor(  # noqa: PLR0917  columns, in the order that the code of a reader hands them over
    today: str, status: str, due_on: str, later: int | None, total: int, paid: int
) -> int:
    """What settles an invoice on `today`, in minor units; dates are ISO texts, `later` is due after `due_on`."""
    if status not in _OPEN:
        return 0
    due = later if later is not None and due_on < today else total
    return max(0, due - paid)
