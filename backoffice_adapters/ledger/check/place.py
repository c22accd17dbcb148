"""Addresses, units, buildings and shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import decimals, whole

_GREATEST: Final = 2**31 - 1


def places(book: Book) -> Iterator[str]:
    """Street lines can be kept, figures are figures."""
    for kind, entries in (
        ("property", book.properties),
        ("building", book.buildings),
        ("community", book.communities),
    ):
        for entry in entries:
            if not whole(entry.address.lines):
                yield f"{kind} {entry.key!r} has a street line with a NUL or half a surrogate pair"
    for unit in book.units:
        yield from decimals(f"unit {unit.key!r}", area_m2=unit.area_m2)
    yield from _buildings(book)
    yield from _shares(book)


def _buildings(book: Book) -> Iterator[str]:
    for building in book.buildings:
        for name, value in (("year", building.built_in), ("number of units", building.unit_count)):
            if value is not None and not 0 <= value <= _GREATEST:
                yield f"the {name} of building {building.key!r} is {value}"


def _shares(book: Book) -> Iterator[str]:
    for share in book.ownership_shares:
        if not (1 <= share.numerator <= _GREATEST and 1 <= share.denominator <= _GREATEST):
            yield (f"share {share.key!r} is {share.numerator}/{share.denominator}; both may be from 1 to {_GREATEST}")
