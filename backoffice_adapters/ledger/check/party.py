"""What parties are to the manager."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ventanilla.backoffice_adapters.book import Book, StandingEntry
from ventanilla.backoffice_adapters.ledger.roles import every
from ventanilla.backoffice_adapters.records import PartyRole

_OF_ACCOUNTS: Final = (PartyRole.TENANT, PartyRole.OWNER, PartyRole.RESIDENT, PartyRole.HOLDER)


def standings(book: Book) -> Iterator[str]:
    """Each role is of what the contract says, once from a day on, and ends after it begins."""
    for account in book.accounts:
        if account.holder_as not in _OF_ACCOUNTS:
            yield f"account {account.key!r} is held by a {account.holder_as}"
    for entry in book.standings:
        yield from _standing(entry)
    seen = Counter((entry.party, entry.role, entry.account, entry.community, entry.starts_on) for entry in every(book))
    for (party, role, account, community, _), times in seen.items():
        if times > 1:
            yield f"party {party!r} is {role} of {account or community or 'the manager'!r} {times} times from one day"


def _standing(entry: StandingEntry) -> Iterator[str]:
    what = f"party {entry.party!r} as {entry.role}"
    if (entry.account is not None) != (entry.role in _OF_ACCOUNTS):
        yield f"{what} {'lacks its' if entry.account is None else 'has an'} account"
    if entry.community is None and entry.role is PartyRole.BOARD_MEMBER:
        yield f"{what} lacks its community"
    if entry.community is not None and entry.role in _OF_ACCOUNTS:
        yield f"{what} has a community"
    if entry.starts_on and entry.ends_on and entry.ends_on < entry.starts_on:
        yield f"{what} ends on {entry.ends_on}, before it begins, {entry.starts_on}"
