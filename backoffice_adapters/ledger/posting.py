"""Booking: a payment, or what is taken back of one, goes into a ledger's tables exactly once under its key.

Each runs in one transaction, which is the caller's; what answers a `Fault` has written nothing. Who books holds the
book's row, so that bookings of one book follow one another in all processes, on PostgreSQL as on SQLite: what one has
read, no other changes before it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.database import Work, stamp
from ventanilla.backoffice_adapters.ledger.bills import Bill, bills_of, move_balance, write_bills
from ventanilla.backoffice_adapters.ledger.check import keepable, well_formed
from ventanilla.backoffice_adapters.ledger.check.base import MOST
from ventanilla.backoffice_adapters.ledger.journal import Numbers, came, hold
from ventanilla.backoffice_adapters.ledger.posted import (
    PAYMENT,
    REVERSAL,
    answered,
    digest_of,
    is_posting_key,
    keep,
    next_payment_key,
)
from ventanilla.backoffice_adapters.ledger.totals import COUNTED
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Allocation,
    NewPayment,
    NewReversal,
    Origin,
    Payment,
    PaymentStatus,
    PostedPayment,
    ReversalKind,
)


@dataclass(slots=True)
class _Match:
    """What a payment gives to an invoice."""

    invoice: str
    minor: int


async def post(
    work: Work, book: str, new: NewPayment, origin: Origin, zone: ZoneInfo, *, payment_key: str | None = None
) -> PostedPayment | Fault:
    """Book `new` and match it with its items, as `BillingOffice.post_payments` says; or tell why not.

    `origin` is what the payment says it comes from, its source the office whose accounts these are; `zone` says what
    its local day is. `payment_key` is the payment's own key; None for the one after the office's last.
    """
    if problem := _unsound(new, origin.source):
        return _invalid(problem)
    moment, on = stamp(new.paid_at), new.paid_at.astimezone(zone).date()
    digest = digest_of(PAYMENT, new.account.key, new.amount, moment, new.method, new.reference, new.items)
    numbers = await hold(work, book)
    if known := await answered(work, book, new.key, digest):
        return known
    bills = await bills_of(work, book, [item.invoice_key for item in new.items])
    if problem := await _unknown(work, book, new, bills):
        return _invalid(problem)
    matches = _matched(new, bills, on.isoformat(), moment)
    payment = _payment(new, payment_key or await next_payment_key(work, book), matches, origin)
    posted = PostedPayment(payment=payment, allocations=_allocations(payment, matches, on))
    await _write(work, book, posted, numbers)
    await write_bills(work, book, [bills[key] for key in {match.invoice: None for match in matches}], numbers)
    await numbers.keep(work, book)
    await move_balance(work, book, new.account.key, -new.amount.minor)
    await keep(work, book, new.key, kind=PAYMENT, digest=digest, answer=posted)
    return posted


def _invalid(problem: str) -> Fault:
    """A refusal of what can never be booked as it is."""
    return Fault(code=FaultCode.INVALID, detail=problem)


def _unsound_posting(key: str, amount: Money) -> str:
    """What is wrong with anything posted, whatever the book says; empty if nothing."""
    if not is_posting_key(key):
        return "its key is not 1–64 printable ASCII characters"
    return "" if 0 < amount.minor <= MOST else f"its amount is not from 1 to {MOST} minor units"


def _unsound(new: NewPayment, source: str) -> str:
    """What is wrong with a payment by itself; empty if nothing."""
    if problem := _unsound_posting(new.key, new.amount):
        return problem
    if new.account.office != source or not well_formed(new.account.key):
        return "its account is not known here"
    if new.paid_at.tzinfo is None:
        return "paid_at has no time zone"
    if not keepable(new.method + (new.reference or "")):
        return "its method or reference cannot be kept as text"
    return _unsound_items(new)


def _unsound_items(new: NewPayment) -> str:
    if not all(well_formed(item.invoice_key) for item in new.items):
        return "an invoice of its items is not known"
    if any(item.amount.currency != new.amount.currency or item.amount.minor <= 0 for item in new.items):
        return "an item is in another currency, or its amount is not positive"
    added = sum(item.amount.minor for item in new.items)
    return "its items add up to more than its amount" if added > new.amount.minor else ""


async def _unknown(work: Work, book: str, new: NewPayment, bills: Mapping[str, Bill]) -> str:
    """What is wrong with a payment by what the book says; empty if nothing."""
    rows = await work.rows(
        "SELECT currency, stated_minor FROM account WHERE book = $1 AND key = $2", [book, new.account.key]
    )
    if not rows:
        return "its account is not known here"
    currency, stated = rows[0]
    if currency != new.amount.currency:
        return f"it is in {new.amount.currency}, its account in {currency}"
    if stated is not None and stated - new.amount.minor < -MOST:
        return "its account's balance would be too great to be kept"
    strange = [item for item in new.items if _account_of(bills, item.invoice_key) != new.account.key]
    return "an invoice of its items is not known, or another account's" if strange else ""


def _account_of(bills: Mapping[str, Bill], invoice: str) -> str | None:
    return bills[invoice].account if invoice in bills else None


def _matched(new: NewPayment, bills: Mapping[str, Bill], on: str, moment: str) -> list[_Match]:
    """What each item gives to its invoice, which takes it; those that give nothing are left out."""
    matches: list[_Match] = []
    for item in new.items:
        bill = bills[item.invoice_key]
        minor = min(item.amount.minor, bill.open(on))
        if minor:
            bill.take(minor, on, moment)
            matches.append(_Match(bill.key, minor))
    return matches


def _payment(new: NewPayment, key: str, matches: Sequence[_Match], origin: Origin) -> Payment:
    rest = new.amount.minor - sum(match.minor for match in matches)
    return Payment(
        key=key,
        origin=origin,
        account_key=new.account.key,
        amount=new.amount,
        paid_at=new.paid_at.astimezone(UTC),
        status=PaymentStatus.CONFIRMED,
        method=new.method,
        reference=new.reference,
        unallocated=Money(rest, new.amount.currency),
    )


def _allocations(payment: Payment, matches: Sequence[_Match], on: date) -> tuple[Allocation, ...]:
    currency = payment.amount.currency
    return tuple(
        Allocation(
            payment_key=payment.key,
            invoice_key=match.invoice,
            amount=Money(match.minor, currency),
            allocated_on=on,
        )
        for match in matches
    )


async def _write(work: Work, book: str, posted: PostedPayment, numbers: Numbers) -> None:
    """Put a payment and its allocations into their tables."""
    payment = posted.payment
    await came(work, book, "payment", [payment.key])
    await work.execute(
        "INSERT INTO payment VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11)",
        [book, payment.key, payment.account_key, payment.amount.minor, payment.unallocated.minor,
         payment.amount.currency, stamp(payment.paid_at), payment.status.value, payment.method, payment.reference,
         numbers.next()],
    )  # fmt: skip
    [(last,)] = await work.rows("SELECT COALESCE(MAX(position), -1) FROM allocation WHERE book = $1", [book])
    await work.many(
        "INSERT INTO allocation VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        [
            (book, position, payment.key, row.invoice_key, row.amount.minor, row.amount.currency,
             row.allocated_on.isoformat())
            for position, row in enumerate(posted.allocations, start=last + 1)
        ],
    )  # fmt: skip


# -- taking back -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    """An allocation of the payment that something is taken back of."""

    position: int
    invoice: str
    minor: int
    allocated_on: str


async def reverse(work: Work, book: str, new: NewReversal, origin: Origin) -> PostedPayment | Fault:
    """Take back what `new` says, as `BillingOffice.reverse_payments` does; or tell why not.

    `origin` is what the payment says it comes from.
    """
    if problem := _unsound_posting(new.key, new.amount) or ("" if new.at.tzinfo else "`at` has no time zone"):
        return _invalid(problem)
    digest = digest_of(REVERSAL, new.payment_key, new.amount, stamp(new.at), new.kind)
    numbers = await hold(work, book)
    if known := await answered(work, book, new.key, digest):
        return known
    held = await _held(work, book, new.payment_key, origin) if well_formed(new.payment_key) else None
    if held is None:
        return Fault(code=FaultCode.NOT_FOUND, detail="the payment is not known here")
    payment, taken_back = held
    left = payment.amount.minor - taken_back
    if problem := _untakeable(new, payment, left):
        return _invalid(problem)
    parts = await _parts(work, book, payment.key)
    lost = _shrink(parts, new.amount.minor - payment.unallocated.minor)
    posted = _left(payment, new, left, parts)
    await _take_back(work, book, posted, parts, taken_back=taken_back + new.amount.minor, numbers=numbers)
    await _reopen(work, book, lost, numbers)
    await numbers.keep(work, book)
    await move_balance(work, book, payment.account_key, new.amount.minor)
    await keep(work, book, new.key, kind=REVERSAL, digest=digest, answer=posted)
    return posted


def _untakeable(new: NewReversal, payment: Payment, left: int) -> str:
    """Why it cannot be taken back; empty if it can. `left` is what is left of the payment, in minor units."""
    if payment.status not in COUNTED:
        return f"the payment is {payment.status}; only one that counts can be taken back"
    if new.amount.currency != payment.amount.currency:
        return f"it is in {new.amount.currency}, the payment in {payment.amount.currency}"
    if new.amount.minor > left:
        return f"more than the {left} minor units that are left of the payment"
    whole = new.kind is ReversalKind.REFUND or new.amount.minor == left
    return "" if whole else f"a REVERSAL takes all that is left of the payment, {left} minor units"


async def _held(work: Work, book: str, key: str, origin: Origin) -> tuple[Payment, int] | None:
    """The payment with this key, and how much of it was taken back before, in minor units."""
    rows = await work.rows(
        """SELECT account_key, amount_minor, unallocated_minor, currency, paid_at, status, method, reference,
        COALESCE(taken_back_minor, 0) FROM payment WHERE book = $1 AND key = $2 FOR UPDATE""",
        [book, key],
    )
    if not rows:
        return None
    account, amount, unallocated, currency, paid_at, status, method, reference, taken_back = rows[0]
    payment = Payment(
        key=key,
        origin=origin,
        account_key=account,
        amount=Money(amount, currency),
        paid_at=datetime.fromisoformat(paid_at),
        status=PaymentStatus(status),
        method=method,
        reference=reference,
        unallocated=Money(unallocated, currency),
    )
    return payment, taken_back


async def _parts(work: Work, book: str, payment: str) -> list[_Part]:
    """What the payment is matched with, oldest first."""
    rows = await work.rows(
        """SELECT position, invoice_key, amount_minor, allocated_on FROM allocation
        WHERE book = $1 AND payment_key = $2 ORDER BY allocated_on, position FOR UPDATE""",
        [book, payment],
    )
    return [_Part(*row) for row in rows]


def _shrink(parts: Sequence[_Part], minor: int) -> Counter[str]:
    """Take `minor`, if positive, off the parts, the latest first; invoice → how much it loses."""
    lost: Counter[str] = Counter()
    for part in reversed(parts):
        if minor > 0:
            taken = min(part.minor, minor)
            part.minor -= taken
            lost[part.invoice] += taken
            minor -= taken
    return lost


def _left(payment: Payment, new: NewReversal, left: int, parts: Sequence[_Part]) -> PostedPayment:
    """The payment with what is left of it after `new`."""
    status = PaymentStatus.REVERSED if new.kind is ReversalKind.REVERSAL else PaymentStatus.REFUNDED
    currency = payment.amount.currency
    return PostedPayment(
        payment=replace(
            payment,
            status=status if new.amount.minor == left else PaymentStatus.PARTIALLY_REFUNDED,
            unallocated=Money(max(0, payment.unallocated.minor - new.amount.minor), currency),
        ),
        allocations=tuple(
            Allocation(
                payment_key=payment.key,
                invoice_key=part.invoice,
                amount=Money(part.minor, currency),
                allocated_on=date.fromisoformat(part.allocated_on),
            )
            for part in parts
            if part.minor
        ),
    )


async def _take_back(
    work: Work, book: str, posted: PostedPayment, parts: Sequence[_Part], *, taken_back: int, numbers: Numbers
) -> None:
    """Put what is left of a payment, and of its allocations, into their tables."""
    payment = posted.payment
    await work.execute(
        """UPDATE payment SET status = $3, unallocated_minor = $4, taken_back_minor = $5,
        change_number = $6 WHERE book = $1 AND key = $2""",
        [book, payment.key, payment.status.value, payment.unallocated.minor, taken_back, numbers.next()],
    )
    await work.many(
        "UPDATE allocation SET amount_minor = $3 WHERE book = $1 AND position = $2",
        [(book, part.position, part.minor) for part in parts if part.minor],
    )
    await work.many(
        "DELETE FROM allocation WHERE book = $1 AND position = $2",
        [(book, part.position) for part in parts if not part.minor],
    )


async def _reopen(work: Work, book: str, lost: Mapping[str, int], numbers: Numbers) -> None:
    """Let each invoice lose what was taken back of it."""
    bills = await bills_of(work, book, lost)
    for key, bill in bills.items():
        bill.lose(lost[key])
    await write_bills(work, book, [*bills.values()], numbers)
