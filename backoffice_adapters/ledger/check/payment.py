"""Payments agree with what they are allocated to."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import aware
from ventanilla.backoffice_adapters.ledger.totals import Totals


def payments(book: Book, totals: Totals) -> Iterator[str]:
    """No payment is allocated more than it is."""
    for payment in book.payments:
        allocated = totals.allocated[payment.key]
        if allocated > payment.amount.minor:
            yield f"payment {payment.key!r} of {payment.amount.minor} minor units is allocated {allocated}"
        yield from aware(f"payment {payment.key!r}", paid_at=payment.paid_at)
