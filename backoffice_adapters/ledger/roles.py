"""What parties are to the manager, as rows: what accounts make of their holders, and what is said besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from ventanilla.backoffice_adapters.book import Book, StandingEntry
from ventanilla.backoffice_adapters.records import AccountStatus, PartyRole

_PLACES: Final = {role: place for place, role in enumerate(PartyRole)}
Row = tuple[str, int, str, str | None, str | None, str | None, str | None]
"""Party, position, role, account, community, first and last day."""


def standings_of(book: Book) -> Iterator[Row]:
    """Every standing by its party, in the contract's order; of a CLOSED account there is none."""
    grouped: defaultdict[str, list[StandingEntry]] = defaultdict(list)
    for entry in every(book):
        grouped[entry.party].append(entry)
    for party, entries in grouped.items():
        for position, entry in enumerate(sorted(entries, key=_place)):
            starts, ends = _day(entry.starts_on), _day(entry.ends_on)
            yield party, position, entry.role.value, entry.account, entry.community, starts, ends


def every(book: Book) -> Iterator[StandingEntry]:
    """Every standing, those of the holders of accounts first."""
    closed = {account.key for account in book.accounts if account.status is AccountStatus.CLOSED}
    for account in book.accounts:
        if account.key not in closed:
            yield StandingEntry(
                party=account.holder,
                role=account.holder_as,
                account=account.key,
                starts_on=account.opened_on,
                ends_on=account.closed_on,
            )
    yield from (entry for entry in book.standings if entry.account not in closed)


def _place(entry: StandingEntry) -> tuple[int, str, str, str]:
    return _PLACES[entry.role], entry.account or "", entry.community or "", _day(entry.starts_on) or ""


def _day(day: date | None) -> str | None:
    return day and day.isoformat()
