"""Notices."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book, NoticeEntry
from ventanilla.backoffice_adapters.ledger.check.base import aware


def notices(book: Book) -> Iterator[str]:
    """A notice is seen from a moment to a later one."""
    for notice in book.notices:
        wrong = [
            *aware(f"notice {notice.key!r}", published_from=notice.published_from, visible_until=notice.visible_until)
        ]
        # Moments with a time zone and without cannot be compared.
        yield from wrong or _window(notice)


def _window(notice: NoticeEntry) -> Iterator[str]:
    if notice.visible_until and notice.visible_until <= notice.published_from:
        yield (
            f"notice {notice.key!r} is visible until {notice.visible_until.isoformat()}, "
            f"not after it is published, {notice.published_from.isoformat()}"
        )
