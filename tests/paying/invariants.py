"""What holds of money after every step, and at the end, once everybody has answered and time has passed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from tests.paying.bank import Paid
from tests.paying.bench import OPENING, SLUGS, Bench
from tests.paying.ledger import Books
from tests.paying.model import MONEY, RANK, Promised, Quote
from tests.paying.portal import Held

RUNNING: Final = frozenset({"CREATED", "REDIRECTED", "PENDING"})
TOLD: Final = frozenset({"DUE", "BOOKED", "REFUSED"})
"""Bookings of money that pays its checkout."""
GONE: Final = frozenset({"GIVEN", "BOOKED", "UNBOOKED"})
COMING: Final = frozenset({"AMOUNT_MISMATCH", "PAID_TWICE", "UNKNOWN_REFERENCE", "BOOKING_REFUSED"})
_LONGEST_WAIT: Final = timedelta(minutes=10)
_LEASE: Final = timedelta(minutes=1)
_COUNTS: Final = frozenset({"CONFIRMED", "SETTLED", "PARTIALLY_REFUNDED"})


def holds(bench: Bench, held: dict[str, Held], promised: dict[str, Promised], quotes: list[Quote]) -> None:
    """After every step: I1 to I8, as far as they are about money."""
    for slug in SLUGS:
        books = bench.ledgers[slug].books()
        _adds_up(books)
        _books_agree(held[slug], books)
        _checkouts_are_as_quoted(held[slug], [each for each in quotes if each.slug == slug])
        for row in held[slug].payments:
            _payment_is_true(row, held[slug], bench.bank.accounts[slug].payments.get(row.payment_id), promised[slug])
        _nobody_is_forgotten(held[slug], bench.clock.latest)
        _promises_stand(held[slug], promised[slug])
        _no_false_alarm(held[slug])
        _documents_are_held(held[slug], bench.clock.latest)
    _nothing_is_shared(held)


def _adds_up(books: Books) -> None:
    """I8, and I1 within the office."""
    of_bill: Counter[str] = Counter()
    of_payment: Counter[str] = Counter()
    for payment, invoice, minor in books.allocated:
        assert minor > 0
        of_payment[payment] += minor
        if books.payments[payment].status in _COUNTS:
            of_bill[invoice] += minor
    for key, bill in books.bills.items():
        assert bill.paid == of_bill[key] <= bill.most, f"invoice {key}: {bill.paid} of {bill.most}"
    for key, payment in books.payments.items():
        assert payment.minor == of_payment[key] + payment.unallocated + payment.taken_back, f"payment {key}"
    for account, owed in books.owed.items():
        posted = [each for each in books.posted().values() if each.account == account]
        assert owed == OPENING - sum(each.minor - each.taken_back for each in posted), f"account {account}"


def _books_agree(held: Held, books: Books) -> None:
    """I1: what we hold for booked is what the office has of us, once each, with the same amounts."""
    posted = {key: each for key, each in books.posted().items() if not key.startswith("cash-")}
    for row in held.payments:
        at_office = posted.pop(row.id, None)
        if row.booking == "BOOKED":
            assert at_office, f"payment {row.payment_id} is not at the office"
            assert at_office.key == row.office_payment_key
        if at_office:
            assert row.booking in {"BOOKED", "DUE"}, f"payment {row.payment_id} is at the office, and {row.booking}"
            checkout = held.checkout(row.checkout_id)
            assert at_office.reference == checkout.reference
            assert at_office.account == checkout.account_key
            assert at_office.minor == office_minor(row, checkout)
    assert not posted, "the office has payments of ours that we do not know"
    ours = {row.id for row in held.returns}
    assert books.reversals.keys() <= ours, "the office took back what we know nothing of"


def office_minor(payment: Any, checkout: Any) -> int:
    """What of a payment is the office's: the fee is not, and what came otherwise is as it came."""
    ordered = checkout.amount_minor + checkout.payer_fee_minor
    return checkout.amount_minor if payment.amount_minor == ordered else payment.amount_minor


def _checkouts_are_as_quoted(held: Held, quotes: list[Quote]) -> None:
    """I8: what was committed is what was quoted, for ever, and adds up."""
    by_id = {each.id: each for each in quotes}
    for row in held.checkouts:
        lines = tuple((item.invoice_key, item.amount_minor) for item in held.items_of(row.id))
        quote = by_id[row.quote_id]
        assert lines == quote.lines
        assert row.amount_minor == sum(minor for _, minor in lines)
        assert row.amount_minor + row.payer_fee_minor == quote.total


def _payment_is_true(row: Any, held: Held, paid: Paid | None, promised: Promised) -> None:
    """What we hold of a payment is no more than is true, and no less than was acknowledged."""
    assert paid, "money that the bank knows nothing of"
    assert (row.amount_minor, row.currency, row.reference) == (paid.minor, paid.currency, paid.reference)
    checkout = held.checkout(row.checkout_id)
    rank, refunded = promised.least(row.payment_id) if checkout else (0, 0)
    assert rank <= RANK[row.status] <= RANK[paid.status.value], f"payment {row.payment_id} is {row.status}"
    assert refunded <= row.refunded_minor <= paid.refunded <= row.amount_minor
    assert sum(each.amount_minor for each in held.returns_of(row.id) if each.state in GONE) <= paid.refunded
    _is_judged(row, held, checkout)


def _is_judged(row: Any, held: Held, checkout: Any) -> None:
    """Money that has come pays its checkout, once, or is on the staff's list, or was dealt with there."""
    if RANK[row.status] < MONEY:
        assert row.booking == "NONE"
        return
    strays = {each.kind: each.state for each in held.strays_of(row.id) if each.kind in COMING}
    if row.booking in {"REVIEW", "REFUSED"}:
        given_back = any(each.requested_by for each in held.returns_of(row.id))
        assert "OPEN" in strays.values() or given_back, f"nobody looks at {row.payment_id}"
    if row.booking == "DISMISSED":
        assert strays, f"nobody has seen {row.payment_id}"
        assert "OPEN" not in strays.values()
    if row.booking in TOLD and not held.booked_by_staff(row.id):
        assert checkout.state == "SUCCEEDED"
        assert row.amount_minor == checkout.amount_minor + checkout.payer_fee_minor
        others = [each for each in held.payments_of(checkout.id) if not held.booked_by_staff(each.id)]
        assert sum(each.booking in TOLD for each in others) == 1, f"{checkout.reference} is paid twice"
    assert row.booking != "NONE"


def _nobody_is_forgotten(held: Held, now: datetime) -> None:
    """I5: whatever waits is looked at again, soon; whatever is taken has a lease that ends."""
    waiting = [
        *(row for row in held.checkouts if row.state in RUNNING),
        *(row for row in held.events if row.state in {"HINT", "PARKED"}),
        *(row for row in held.payments if row.booking == "DUE"),
        *(row for row in held.returns if row.state in {"REQUESTED", "ASKED", "GIVEN"}),
    ]
    for row in waiting:
        assert row.due_at, f"nobody looks at {row} again"
        assert datetime.fromisoformat(row.due_at) <= now + _LONGEST_WAIT
    for row in (*held.checkouts, *held.events, *held.payments, *held.returns):
        if row.leased_by:
            assert datetime.fromisoformat(row.due_at) <= now + _LEASE


def _no_false_alarm(held: Held) -> None:
    """Bank and office are honest here, so nothing of theirs is missed, nor of ours found there that we lack."""
    assert {row.kind for row in held.strays} <= COMING | {"RETURN_REFUSED"}


def _documents_are_held(held: Held, now: datetime) -> None:
    """What somebody pays, or has paid and is not booked yet, nobody else can begin to pay; not even for a while."""
    common = Counter(row.invoice_key for row in held.items)
    for row in held.checkouts:
        items = held.items_of(row.id)
        if row.state in RUNNING:
            assert all(each.held for each in items), f"{row.reference} runs and does not hold what it pays"
        if row.state == "EXPIRED":
            assert now >= datetime.fromisoformat(row.expires_at), f"{row.reference} expired before its time"
        comes = [each for each in held.payments_of(row.id) if each.booking == "DUE"]
        if comes and not any(held.booked_by_staff(each.id) for each in comes):
            assert all(each.held or common[each.invoice_key] > 1 for each in items), f"{row.reference} let go too soon"


def _promises_stand(held: Held, promised: Promised) -> None:
    """I6: what was acknowledged is there; I2: each event has one row."""
    for id, (reference, total) in promised.checkouts.items():
        row = held.checkout(id)
        assert (row.reference, row.amount_minor + row.payer_fee_minor) == (reference, total)
    for id in promised.cancelled:
        assert held.checkout(id).state in {"CANCELLED", "SUCCEEDED"}
    assert len({(row.platform, row.event_key) for row in held.events}) == len(held.events) >= len(promised.events)
    assert promised.refunds <= {row.id for row in held.returns}
    assert promised.decided <= {row.id for row in held.strays}
    assert len({(row.kind, row.subject) for row in held.strays}) == len(held.strays)


def _nothing_is_shared(held: dict[str, Held]) -> None:
    """I7: no key of one manager's rows is in another's."""
    for slug, own in held.items():
        checkouts, payments = {row.id for row in own.checkouts}, {row.id for row in own.payments}
        assert {row.checkout_id for row in (*own.items, *own.payments, *own.strays)} - {None} <= checkouts, slug
        assert {row.platform_payment_id for row in (*own.returns, *own.strays)} - {None} <= payments, slug
    every = [row.id for own in held.values() for row in (*own.checkouts, *own.payments, *own.returns, *own.strays)]
    assert len(set(every)) == len(every)


# -- at the end -----------------------------------------------------------------------------------------------------


def ends_well(bench: Bench, held: dict[str, Held]) -> None:
    """Once everybody has answered: all money is booked once or on the list, and nothing is held for nobody."""
    for slug in SLUGS:
        books, bank = bench.ledgers[slug].books(), bench.bank.accounts[slug]
        by_payment = {row.payment_id: row for row in held[slug].payments}
        for paid in bank.payments.values():
            if RANK[paid.status.value] >= MONEY:
                assert paid.payment_id in by_payment, f"{paid} is lost"
                _has_arrived(by_payment[paid.payment_id], paid, held[slug], books)
        for invoice, checkout_id in held[slug].documents.items():
            _is_held_for_somebody(invoice, held[slug].checkout(checkout_id), held[slug])


def _has_arrived(row: Any, paid: Paid, held: Held, books: Books) -> None:
    """Money is at the office, or on the staff's list, or was taken off it by them; what went back of it as well."""
    assert RANK[row.status] >= MONEY
    assert row.booking in {"BOOKED", "REVIEW", "REFUSED", "DISMISSED"}, f"{row.payment_id} is {row.booking}"
    if row.booking in {"REVIEW", "REFUSED"}:
        assert any(each.state == "OPEN" for each in held.strays_of(row.id)), f"nobody looks at {row.payment_id}"
    returns = held.returns_of(row.id)
    undecided = {"GIVEN"} if row.booking in {"REVIEW", "REFUSED"} else set[str]()
    assert {each.state for each in returns} <= {"BOOKED", "REFUSED", "UNBOOKED"} | undecided, returns
    assert sum(each.amount_minor for each in returns if each.state in GONE) == paid.refunded, (returns, paid)
    for each in returns:
        if each.state == "UNBOOKED":
            assert any(stray.subject == each.id for stray in held.strays), "nobody looks at what went back"
    if row.booking == "BOOKED":
        back = sum(each.office_minor or 0 for each in returns if each.state == "BOOKED")
        assert books.posted()[row.id].taken_back == back


def _is_held_for_somebody(invoice: str, checkout: Any, held: Held) -> None:
    waits = {row.booking for row in held.payments_of(checkout.id)} & {"REVIEW", "REFUSED"}
    assert waits, f"{invoice} is held by a checkout that is {checkout.state}, for nobody"
