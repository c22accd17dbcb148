"""Enrolments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.ledger.check.base import aware


def enrolments(book: Book) -> Iterator[str]:
    """One of a kind for an account, with the day it began exactly when it is active."""
    seen = Counter((enrolment.account, enrolment.kind) for enrolment in book.enrolments)
    for (account, kind), times in seen.items():
        if times > 1:
            yield f"the {kind} enrolment of account {account!r} stands {times} times"
    for enrolment in book.enrolments:
        what = f"the {enrolment.kind} enrolment of account {enrolment.account!r}"
        if enrolment.active != (enrolment.since is not None):
            yield f"{what} is {'active and lacks' if enrolment.active else 'not active and has'} the day it began"
        yield from aware(what, cancelled_at=enrolment.cancelled_at)
