"""Settlements of utilities."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book, UtilitySettlementEntry
from ventanilla.backoffice_adapters.ledger.check.base import MOST, decimals, whole


def settlements(book: Book) -> Iterator[str]:
    """A settlement has lines that add up to what can be kept, and a period in order."""
    for settlement in book.utility_settlements:
        yield from _settlement(settlement)


def _settlement(settlement: UtilitySettlementEntry) -> Iterator[str]:
    what, lines = f"settlement {settlement.key!r}", settlement.lines
    if not lines:
        yield f"{what} has no line"
    if settlement.period_to < settlement.period_from:
        yield f"the period of {what} ends on {settlement.period_to}, before it begins on {settlement.period_from}"
    if max(sum(line.cost.minor for line in lines), sum(line.advances.minor for line in lines)) > MOST:
        yield f"the lines of {what} add up to more than {MOST} minor units"
    if not whole(lines):
        yield f"a line of {what} has a text with a NUL or half a surrogate pair"
    for line in lines:
        yield from decimals(what, quantity=line.quantity)
