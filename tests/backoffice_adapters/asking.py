"""What the tests of a ledger ask it with, and the sample read in plain Python to compare."""

from collections.abc import Callable
from typing import Any

import msgspec

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.sample import NOW, TODAY
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import (
    Call,
    InvoiceFilter,
    InvoiceOrder,
    Window,
)
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import (
    AccountRef,
)

CALL = Call(manager="osiedle", request_id="r", locale="pl-PL", now=NOW, today=TODAY, deadline=0)
BOOK = sample.book()
ALL = Window(limit=1_000)
EVERY = InvoiceFilter()


def ref(key: str, office: str = "own") -> AccountRef:
    return AccountRef(office=office, key=key, number=f"number of {key}")


REFS = [ref(account.key) for account in BOOK.accounts]


async def pages(
    ledger: Ledger,
    refs: list[AccountRef],
    where: InvoiceFilter = EVERY,
    order: InvoiceOrder = InvoiceOrder.ISSUED_ON_DESC,
    window: Window = ALL,
) -> list[Any]:
    return await ledger.invoices(CALL, refs, where, order, window)


def expected(
    key: str,
    order: Any,
    matches: Callable[[Any], bool] = lambda _: True,
    kind: str = "invoices",
    parent: str = "account",
) -> list[str]:
    """The keys of the sample's entries of `parent`, drafts excepted, in order."""
    rows = [
        entry
        for entry in getattr(BOOK, kind)
        if getattr(entry, parent) == key and getattr(entry, "status", "") != "DRAFT" and matches(entry)
    ]
    rows.sort(key=lambda entry: (getattr(entry, order.field), entry.key), reverse=order.descending)
    return [entry.key for entry in rows]


def keys_of(answer: Any) -> list[str]:
    return [item.key for item in answer.items]


def changed(**added: Any) -> Book:
    """The sample with more of something."""
    return msgspec.structs.replace(BOOK, **{kind: (*getattr(BOOK, kind), *more) for kind, more in added.items()})
