"""What the accounts of a community add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import MOST
from ventanilla.backoffice_adapters.ledger.totals import most_payable


def sums(book: Book) -> Iterator[str]:
    """What a community was asked for, and what it paid, can be kept as one amount: its board is told."""
    homes = _homes(book)
    asked = ((entry.account, most_payable(entry)) for entry in book.invoices)
    paid = ((entry.account, entry.amount.minor) for entry in book.payments)
    for what, amounts in (("invoices", asked), ("payments", paid)):
        added: Counter[str] = Counter()
        for account, minor in amounts:
            if account in homes:
                added[homes[account]] += minor
        for community, minor in added.items():
            if minor > MOST:
                yield f"the {what} of community {community!r} add up to more than {MOST} minor units"


def _homes(book: Book) -> dict[str, str]:
    """Account → the community that its unit is in, where there is one."""
    communities = {building.key: building.community for building in book.buildings}
    units = {unit.key: communities.get(unit.building_key or "") for unit in book.units}
    found = ((account.key, units.get(account.unit or "")) for account in book.accounts)
    return {account: community for account, community in found if community}
