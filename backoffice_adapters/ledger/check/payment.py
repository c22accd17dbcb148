"""Payments agree with what they are allocated to."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import aware
from ventanilla.backoffice_adapters.ledger.totals import Totals, taken_back_minor


def payments(book: Book, totals: Totals) -> Iterator[str]:
    """No payment is allocated more than is left of it."""
    for payment in book.payments:
        allocated = totals.allocated[payment.key]
        if allocated > payment.amount.minor:
            yield f"payment {payment.key!r} of {payment.amount.minor} minor units is allocated {allocated}"
        elif allocated + taken_back_minor(payment, allocated) > payment.amount.minor:
            yield f"more was taken back of payment {payment.key!r} than it is not allocated"
        yield from aware(f"payment {payment.key!r}", paid_at=payment.paid_at)
