"""The demo's books as tests take them from the shelf: written once for each anchor."""

from datetime import date
from functools import cache

import pytest

from ventanilla.backoffice_adapters.book import Book
from ventanilla.gateway.demo import DEMO, DemoManager

ANCHOR = date(2026, 11, 21)
ANCHORS = [ANCHOR, date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 10), date(2027, 3, 11), date(2028, 2, 29)]
WRITERS = {office: write for manager in DEMO for office, write in manager.writers.items()}

managers = pytest.mark.parametrize("manager", DEMO, ids=[manager.slug for manager in DEMO])
offices = pytest.mark.parametrize("office", WRITERS)
anchors = pytest.mark.parametrize("anchor", ANCHORS, ids=str)


@cache
def written(office: str, anchor: date = ANCHOR) -> Book:
    """The book of an office."""
    return WRITERS[office](anchor)


def books_of(manager: DemoManager, anchor: date = ANCHOR) -> dict[str, Book]:
    """Office → book of a manager."""
    return {office: written(office, anchor) for office in manager.writers}
