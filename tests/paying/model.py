"""What is true of paying, reckoned plainly: what may be quoted and committed, and what was promised to whom.

It knows the office's books and what was answered; how the portal does it, it does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from tests.paying.bank import LEAST, MOST
from tests.paying.bench import REACH, fee
from tests.paying.ledger import Bill, Books
from ventanilla.payments.contract import Notification, Reply

QUOTE_LASTS: Final = timedelta(minutes=15)
_UNPAYABLE: Final = frozenset({"PAID", "CANCELLED", "IN_PLAN"})
RANK: Final = {
    status: rank
    for rank, status in enumerate(("PENDING", "FAILED", "CONFIRMED", "PARTIALLY_REFUNDED", "REFUNDED", "REVERSED"))
}
"""Of two things that are told of a payment the later one; from CONFIRMED on money has come."""
MONEY: Final = RANK["CONFIRMED"]


@dataclass(frozen=True)
class Quote:
    """What somebody was told that they would pay."""

    id: str
    slug: str
    person: str
    lines: tuple[tuple[str, int], ...]
    """Invoices and minor units, in order."""
    at: datetime

    @property
    def total(self) -> int:
        """What the bank is to take."""
        return priced(self.lines)


@dataclass
class Promised:
    """What was acknowledged at one manager, and has to stand whatever happens."""

    checkouts: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """Reference and total, by id."""
    cancelled: set[str] = field(default_factory=set[str])
    """Checkouts that somebody was told are CANCELLED."""
    events: dict[str, tuple[Notification, Reply]] = field(default_factory=dict[str, tuple[Notification, Reply]])
    """Each notification that was accepted, and what it was answered."""
    refunds: set[str] = field(default_factory=set[str])
    decided: set[str] = field(default_factory=set[str])
    """Strays that staff were told are dealt with."""

    def least(self, payment_id: str) -> tuple[int, int]:
        """The rank and the refunded minor units that a payment has at least, by what was acknowledged of it."""
        told = [each for heard, _ in self.events.values() for each in heard.news if each.payment_id == payment_id]
        ranks = [RANK[each.status.value] for each in told]
        return max(ranks, default=0), max((each.refunded.minor for each in told if each.refunded), default=0)


def priced(lines: Sequence[tuple[str, int]]) -> int:
    """What paying so much comes to with the fee, in minor units."""
    paid = sum(minor for _, minor in lines)
    return paid + fee(paid)


def lines_of(books: Books, keys: Sequence[str], today: date) -> tuple[tuple[str, int], ...]:
    """What paying these invoices means that day."""
    return tuple((key, books.bills[key].open(today)) for key in keys)


def not_quoted(
    books: Books, documents: Mapping[str, str], person: str, keys: Sequence[str], today: date
) -> frozenset[str]:
    """Why somebody may not be quoted these invoices; empty if they may. `documents` are held by others."""
    if not keys:
        return frozenset({"EMPTY"})
    if max(Counter(keys).values()) > 1:
        return frozenset({"DUPLICATE_ITEM"})
    against = not_payable(books, person, keys, today)
    return against or frozenset({"PAYMENT_IN_PROGRESS"} if documents.keys() & set(keys) else ())


def not_payable(books: Books, person: str, keys: Sequence[str], today: date) -> frozenset[str]:
    """Why these invoices cannot be paid together that day, by what the office says."""
    bills = [books.bills[key] for key in keys]
    if against := frozenset(why for bill in bills if (why := _not_payable(bill, person, today))):
        return against
    if any(bill.account != bills[0].account for bill in bills):
        return frozenset({"ACCOUNT_MISMATCH"})
    total = priced(lines_of(books, keys, today))
    if total < LEAST:
        return frozenset({"AMOUNT_TOO_SMALL"})
    return frozenset({"AMOUNT_TOO_LARGE"} if total > MOST else ())


def _not_payable(bill: Bill, person: str, today: date) -> str | None:
    if bill.status == "DRAFT" or bill.account not in REACH[person]:
        return "NOT_FOUND"
    if bill.status in _UNPAYABLE:
        return "INVOICE_NOT_PAYABLE"
    return None if bill.open(today) else "NOTHING_OPEN"


def not_committed(
    books: Books, documents: Mapping[str, str], quote: Quote, person: str, moment: tuple[datetime, date]
) -> frozenset[str]:
    """Why a quote that nobody has committed may not be committed; empty if it may."""
    now, today = moment
    if quote.person != person:
        return frozenset({"NOT_FOUND"})
    if now >= quote.at + QUOTE_LASTS:
        return frozenset({"QUOTE_EXPIRED"})
    keys = [key for key, _ in quote.lines]
    if against := not_payable(books, person, keys, today):
        line = {"NOT_FOUND", "NOTHING_OPEN", "ACCOUNT_MISMATCH"}
        return frozenset("INVOICE_NOT_PAYABLE" if why in line else why for why in against)
    if lines_of(books, keys, today) != quote.lines:
        return frozenset({"AMOUNT_CHANGED"})
    return frozenset({"PAYMENT_IN_PROGRESS"} if documents.keys() & set(keys) else ())
