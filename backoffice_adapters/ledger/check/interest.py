"""The table of late interest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ventanilla.backoffice_adapters.book import Book, InterestRate
from ventanilla.backoffice_adapters.ledger.check.base import decimals


def rates(book: Book) -> Iterator[str]:
    """Rates are not negative, and there is one for a day at most."""
    ordered = sorted(book.interest_rates, key=lambda rate: rate.valid_from)
    for rate in ordered:
        yield from _rate(rate)
    for earlier, later in pairwise(ordered):
        if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
            yield f"the interest rates from {earlier.valid_from} and from {later.valid_from} overlap"


def _rate(rate: InterestRate) -> Iterator[str]:
    what = f"the interest rate from {rate.valid_from}"
    yield from decimals(what, annual_rate=rate.annual_rate)
    if rate.annual_rate.startswith("-"):
        yield f"{what} is negative: {rate.annual_rate}"
    if rate.valid_until and rate.valid_until < rate.valid_from:
        yield f"{what} ends before, on {rate.valid_until}"
