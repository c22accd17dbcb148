"""Keys and numbers: each stands for one thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import plain, well_formed


def kinds(book: Book) -> Iterator[tuple[str, Sequence[Any]]]:
    """Every kind of entry with a key, and its entries."""
    yield "party", book.parties
    yield "property", book.properties
    yield "unit", book.units
    yield "account", book.accounts
    yield "invoice", book.invoices
    yield "charge", book.charges
    yield "payment", book.payments
    yield "accrual", book.accruals
    yield "payment plan", book.payment_plans
    yield "instalment", book.instalments
    yield "meter", book.meters
    yield "reading", book.meter_readings
    yield "settlement", book.utility_settlements
    yield "community", book.communities
    yield "building", book.buildings
    yield "share", book.ownership_shares
    yield "supplier invoice", book.supplier_invoices
    yield "notice", book.notices


def keys(book: Book) -> Iterator[str]:
    """Keys are unique and well formed."""
    for kind, entries in kinds(book):
        seen = Counter(entry.key for entry in entries)
        yield from (f"{kind} {key!r} stands {times} times" for key, times in seen.items() if times > 1)
        yield from (f"{kind} key {key!r} is not 1–120 ordinary characters" for key in seen if not well_formed(key))


def numbers(book: Book) -> Iterator[str]:
    """Accounts are found by their numbers."""
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for account in book.accounts:
        seen[plain(account.number)].append(account.key)
    if "" in seen:
        yield f"accounts {seen.pop('')} have a number without letters and digits"
    yield from (f"accounts {keys} have the same number {number!r}" for number, keys in seen.items() if len(keys) > 1)
