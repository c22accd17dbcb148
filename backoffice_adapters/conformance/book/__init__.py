"""The reference books: small offices full of what goes wrong in real ones, one noun a page.

`book` belongs to the manager under test. `other_book` belongs to a second manager and repeats the same keys with
other people and other amounts. All dates stand around `TODAY`.
"""

from ventanilla.backoffice_adapters.conformance.book.meter import READ, UNREAD
from ventanilla.backoffice_adapters.conformance.book.notice import elsewhere, readers
from ventanilla.backoffice_adapters.conformance.book.party import NOBODY, TEXTS, filters
from ventanilla.backoffice_adapters.conformance.book.pen import (
    BIG,
    BUSY,
    CLOSED,
    CREDIT,
    EMPTY,
    LATE,
    NO_SUPPLIER,
    NOW,
    QUIET,
    STATED,
    TODAY,
    WEALTHY,
    ZONE,
)
from ventanilla.backoffice_adapters.conformance.book.whole import book, grown, other_book

__all__ = [
    "BIG",
    "BUSY",
    "CLOSED",
    "CREDIT",
    "EMPTY",
    "LATE",
    "NOBODY",
    "NOW",
    "NO_SUPPLIER",
    "QUIET",
    "READ",
    "STATED",
    "TEXTS",
    "TODAY",
    "UNREAD",
    "WEALTHY",
    "ZONE",
    "book",
    "elsewhere",
    "filters",
    "grown",
    "other_book",
    "readers",
]
