"""News of money: the one place where what platforms tell changes what we hold of it.

News come late, twice, and in any order. What they make of a payment says `payment_verdicts`; here its checkout is held,
it is applied in one transaction, and what is about nobody's order waits a while, since an order may be told of before
we have heard of it ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ventanilla.auth import audit
from ventanilla.auth.audit import AuditKind
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record, ReversalKind
from ventanilla.payments.contract import News, NewsStatus, Notification, Reply
from ventanilla.resolvers import payment_returns
from ventanilla.resolvers.payment_verdicts import MONEY, RANK, Others, Verdict, judge
from ventanilla.store import checkouts, platform_events, platform_payments, strays
from ventanilla.store.payment_states import (
    Booking,
    CheckoutState,
    PlatformEventState,
    StrayKind,
    StrayResolution,
)
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutRow, PlatformEventRow, PlatformPaymentRow
from ventanilla.store.tenancy import Work

PARKED_FOR: Final = timedelta(seconds=60)
"""How long news of an order that we do not know wait for it."""
PARKED_AGAIN: Final = timedelta(seconds=5)
_OURS: Final = re.compile(r"[a-z0-9]{1,32}")
_COUNTING: Final = frozenset({Booking.DUE.value, Booking.BOOKED.value, Booking.REFUSED.value})
_SET_ASIDE: Final = frozenset({Booking.REVIEW.value, Booking.DISMISSED.value})


class Taken(Record):
    """What became of news."""

    unknown: tuple[News, ...] = ()
    """What is about orders that we do not know."""
    declined: bool = False
    """Whether any amount or currency is not that of its order."""


class Told(Record):
    """What a notification told, as it is kept."""

    news: tuple[News, ...] = ()
    hint: str | None = None
    declined: bool = False
    """Whether it was answered that it does not fit its order."""


async def hear(store: Store, manager: str, platform: str, notification: Notification, now: datetime) -> Reply:
    """Write a verified notification down and take what it tells, once; the reply, the same however often it comes."""
    told = Told(news=notification.news, hint=notification.hint)
    async with store.work(manager) as work:
        row, first = await platform_events.meet(work, platform, notification.event_id, written(told), now)
        if not first:
            declined = read(row.told).declined
        elif told.hint is not None:
            platform_events.wait(row, PlatformEventState.HINT, now)
            declined = False
        else:
            declined = await settle(work, row, told.news, now)
            row.told = written(msgspec.structs.replace(told, declined=declined))
    return notification.declined if declined else notification.accepted


async def settle(work: Work, row: PlatformEventRow, news: Sequence[News], now: datetime) -> bool:
    """Take the news of a notification, and say what becomes of it; whether any does not fit its order.

    News of an order that we do not know are parked; after a minute what money they tell of is a stray.
    """
    taken = await take(work, row.platform, news, now)
    if not taken.unknown:
        platform_events.end(row, PlatformEventState.TAKEN)
    elif now - row.received_at < PARKED_FOR:
        platform_events.wait(row, PlatformEventState.PARKED, now + PARKED_AGAIN)
    else:
        await lose(work, row.platform, taken.unknown, now)
        platform_events.end(row, PlatformEventState.LOST)
    return taken.declined


async def take(work: Work, platform: str, news: Sequence[News], now: datetime) -> Taken:
    """Let news from the platform itself change payments and checkouts; nothing of it is ever done twice.

    The caller rings the worker once it is committed: an office may have to be told.
    """
    unknown: list[News] = []
    declined = False
    # Checkouts are held in one order, whoever holds several; a failure comes last, for what was paid is not let go.
    for each in sorted(news, key=lambda told: (told.reference, told.status is NewsStatus.FAILED)):
        checkout = await _ordered(work, platform, each.reference)
        payment = checkout and await _met(work, platform, each, checkout.id, now)
        if checkout is None or payment is None or payment.checkout_id not in {None, checkout.id}:
            unknown.append(each)
            continue
        await _adopt(work, payment, checkout, now)
        declined |= not _fits(checkout, each.amount)
        await _apply(work, checkout, payment, each, now)
    return Taken(unknown=tuple(unknown), declined=declined)


def written(told: Told) -> str:
    """What a notification told, as a row keeps it."""
    return msgspec.json.encode(told).decode()


def read(text: str) -> Told:
    """What a row keeps of what a notification told."""
    return msgspec.json.decode(text, type=Told)


async def _ordered(work: Work, platform: str, reference: str) -> CheckoutRow | None:
    """The checkout that a reference names, held; None for one that is not ours, or was another platform's."""
    found = await checkouts.by_reference(work, reference) if _OURS.fullmatch(reference) else None
    return found if found and found.platform == platform else None


async def _met(work: Work, platform: str, news: News, checkout_id: str | None, now: datetime) -> PlatformPaymentRow:
    return await platform_payments.meet(
        work,
        platform,
        _plain(news.payment_id, 120),
        now,
        reference=_plain(news.reference, 64),
        checkout_id=checkout_id,
        amount=news.amount,
    )


async def _adopt(work: Work, payment: PlatformPaymentRow, checkout: CheckoutRow, now: datetime) -> None:
    """Let money that was nobody's be its checkout's, which has come to be known, unless staff have dealt with it."""
    if payment.checkout_id is None and payment.booking in {Booking.NONE.value, Booking.REVIEW.value}:
        payment.checkout_id, payment.booking = checkout.id, Booking.NONE.value
        found = await strays.of_payment(work, payment.id, {StrayKind.UNKNOWN_REFERENCE})
        strays.resolve(found, StrayResolution.SETTLED, now)


async def _apply(work: Work, checkout: CheckoutRow, payment: PlatformPaymentRow, news: News, now: datetime) -> None:
    judged = payment.booking != Booking.NONE.value
    fits = news.amount == _money(payment) if judged else _fits(checkout, _amount(payment, news))
    verdict = judge(
        NewsStatus(payment.status),
        Booking(payment.booking),
        news.status,
        fits=fits,
        others=await _others(work, checkout, payment),
    )
    _write(payment, news, verdict, now)
    await work.flush()
    await _move(work, checkout, verdict, now)
    if verdict.stray:
        await _stray(work, verdict.stray, payment, now, amount=news.amount, checkout=checkout)
    if verdict.booking is Booking.DUE:
        await _note(work, checkout, payment, now)
    await _gone_back(work, payment, now)


def _amount(payment: PlatformPaymentRow, news: News) -> Money:
    """The amount of a payment that was not judged yet: what was first told with its latest status."""
    is_later = RANK[news.status] > RANK[NewsStatus(payment.status)]
    return news.amount if is_later else _money(payment)


def _fits(checkout: CheckoutRow, amount: Money) -> bool:
    return amount == Money(checkout.amount_minor + checkout.payer_fee_minor, checkout.currency)


async def _others(work: Work, checkout: CheckoutRow, payment: PlatformPaymentRow) -> Others:
    found = await platform_payments.of_checkout(work, checkout.id)
    others = [each for each in found if each.id != payment.id]
    if any(_counts(checkout, each) for each in others):
        return Others.COUNTS
    if any(each.status == NewsStatus.PENDING.value or each.booking == Booking.REVIEW.value for each in others):
        return Others.UNDER_WAY
    failed = any(each.status == NewsStatus.FAILED.value and _fits(checkout, _money(each)) for each in others)
    return Others.FAILED if failed else Others.NONE


def _counts(checkout: CheckoutRow, payment: PlatformPaymentRow) -> bool:
    """Whether a payment pays its checkout, so that a further one is one too many."""
    if payment.booking in _COUNTING:
        return True
    return payment.booking in _SET_ASIDE and _fits(checkout, _money(payment))


def _write(payment: PlatformPaymentRow, news: News, verdict: Verdict, now: datetime) -> None:
    """Let a payment be as it is told. What its office is told of it stays as it was when it was judged."""
    if payment.booking == Booking.NONE.value and RANK[news.status] >= RANK[NewsStatus(payment.status)]:
        amount = _amount(payment, news)
        payment.currency, payment.amount_minor = amount.currency, amount.minor
        payment.method = _plain(news.method, 60) or payment.method
        payment.paid_at = news.paid_at or payment.paid_at
    if verdict.booking is not None:
        payment.booking, payment.paid_at = verdict.booking.value, payment.paid_at or now
        payment.due_at, payment.tries = (now if verdict.booking is Booking.DUE else None), 0
    payment.refunded_minor = max(payment.refunded_minor, min(_refunded(news), payment.amount_minor))
    payment.status, payment.changed_at = verdict.status.value, now


def _refunded(news: News) -> int:
    """How much of a payment went back by now, in minor units; 0 where that is not told."""
    if news.refunded is not None:
        return news.refunded.minor if news.refunded.currency == news.amount.currency else 0
    return news.amount.minor if news.status in {NewsStatus.REFUNDED, NewsStatus.REVERSED} else 0


async def _move(work: Work, checkout: CheckoutRow, verdict: Verdict, now: datetime) -> None:
    if verdict.checkout is None or not await checkouts.move(work, checkout, verdict.checkout, now):
        return
    if verdict.checkout is CheckoutState.SUCCEEDED:
        checkout.due_at = checkout.leased_by = None  # nobody need ask any more


async def _stray(
    work: Work,
    kind: StrayKind,
    payment: PlatformPaymentRow,
    now: datetime,
    *,
    amount: Money,
    checkout: CheckoutRow | None = None,
) -> None:
    await strays.found(
        work,
        now,
        kind,
        payment.id,
        currency=amount.currency,
        amount_minor=amount.minor,
        expected_minor=checkout and checkout.amount_minor + checkout.payer_fee_minor,
        reference=payment.reference,
        platform_payment_id=payment.id,
        checkout_id=checkout and checkout.id,
        office=checkout and checkout.office,
    )


async def _note(work: Work, checkout: CheckoutRow, payment: PlatformPaymentRow, now: datetime) -> None:
    """Tell the people of the account that money has come."""
    paid = _money(payment)
    await audit.note(
        work,
        AuditKind.PAYMENT_CONFIRMED,
        now,
        actor_id=None,
        person_id=checkout.person_id,
        account=(checkout.office, checkout.account_key),
        told={"reference": checkout.reference, "amount": paid.amount, "currency": paid.currency},
    )


async def _gone_back(work: Work, payment: PlatformPaymentRow, now: datetime) -> None:
    if payment.refunded_minor:
        kind = ReversalKind.REVERSAL if payment.status == NewsStatus.REVERSED.value else ReversalKind.REFUND
        await payment_returns.told(work, payment, kind, payment.refunded_minor, now)


async def lose(work: Work, platform: str, news: Sequence[News], now: datetime) -> None:
    """Write down money of which nobody knows an order."""
    for each in news:
        payment = await _met(work, platform, each, None, now)
        status = max(NewsStatus(payment.status), each.status, key=RANK.__getitem__)
        stray = status in MONEY and payment.booking == Booking.NONE.value
        _write(payment, each, Verdict(status=status, booking=Booking.REVIEW if stray else None), now)
        await work.flush()
        if stray:
            await _stray(work, StrayKind.UNKNOWN_REFERENCE, payment, now, amount=each.amount)
        await _gone_back(work, payment, now)


def _money(payment: PlatformPaymentRow) -> Money:
    return Money(payment.amount_minor, payment.currency)


def _plain(text: str, most: int) -> str:
    """A text of theirs as our columns take it."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:most]
