"""Accruals."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import decimals
from ventanilla.backoffice_adapters.ledger.months import is_month


def accruals(book: Book) -> Iterator[str]:
    """Months are months, and figures are figures."""
    for accrual in book.accruals:
        what = f"accrual {accrual.key!r}"
        if not is_month(accrual.month):
            yield f"{what} is for {accrual.month!r}, which is no month such as 2026-11"
        yield from decimals(what, quantity=accrual.quantity, unit_price=accrual.unit_price)
