"""Reconciliation with offices: what they are said to have booked, and what they have under references of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import structlog

from ventanilla.backoffice_adapters.contract import DateSpan, Fault, Hit, PaymentFilter, PaymentOrder, Window
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import AccountRef, Payment, PaymentStatus, Slice
from ventanilla.jobs.reconciling import Step
from ventanilla.store import payment_returns, reconciled, strays
from ventanilla.store.payment_states import Booking, PaymentReturnState, StrayKind
from ventanilla.store.reconciled import BookedPayment, PaidAccount
from ventanilla.store.reconciliation import Place
from ventanilla.store.tables import PlatformPaymentRow
from ventanilla.store.tenancy import Work

PAYMENTS: Final = 100
"""How many payments one step looks at."""
ACCOUNTS: Final = 20
"""Of how many accounts one step looks at the payments."""
_ORDER: Final = PaymentOrder.PAID_AT_DESC
_PAGE: Final = 100
_PAGES: Final = 20
"""How far one account's list is followed."""
COUNTING: Final = frozenset({PaymentStatus.CONFIRMED, PaymentStatus.SETTLED, PaymentStatus.PARTIALLY_REFUNDED})
_log = structlog.get_logger("ventanilla.payments")


async def compare_booked(step: Step) -> Place | None:
    """See that each payment that was booked is at its office, with its amount, and counts; where to go on."""
    found = await reconciled.booked(step.store, step.slug, step.since, step.place.after, PAYMENTS)
    for office, some in groupby(sorted(found, key=_office), key=_office):
        await _compare_payments(step, office, [*some])
    if len(found) < PAYMENTS:
        return step.place.next()
    return Place(stage=step.place.stage, after=(stamp(found[-1].booked_at), found[-1].id))


def _office(seen: BookedPayment) -> str:
    return seen.office


async def _compare_payments(step: Step, office: str, payments: Sequence[BookedPayment]) -> None:
    hits = await step.ask(office, "payments_by_key", [each.office_payment_key for each in payments])
    for each, hit in zip(payments, hits, strict=True):
        if isinstance(hit, Fault):
            continue  # it cannot be told now: the next round looks again
        if not _fits(each, hit):
            await _missing(step, each, hit)
        elif each.missing:
            await _settle(step, each)


def _fits(seen: BookedPayment, hit: Payment | None) -> bool:
    if seen.under_way:
        return True  # the office may be taking some of it back at this moment
    if hit is None or (hit.amount.minor, hit.amount.currency) != (seen.office_minor, seen.currency):
        return False
    return (hit.status in COUNTING) == (seen.returned_minor < seen.office_minor)


async def _settle(step: Step, seen: BookedPayment) -> None:
    async with step.store.work(step.slug) as work:
        await strays.settle(work, StrayKind.MISSING_AT_OFFICE, [seen.id], step.now)


async def _missing(step: Step, seen: BookedPayment, told: Payment | None) -> None:
    """Find a payment that its office lacks, or has otherwise, and post it again where that mends it."""
    again = told is None and not seen.missing and not seen.returns and await _is_nowhere(step, seen)
    async with step.store.work(step.slug) as work:
        payment = await _unchanged(work, seen)
        if payment is None:
            return
        await strays.found(
            work,
            step.now,
            StrayKind.MISSING_AT_OFFICE,
            seen.id,
            currency=seen.currency,
            amount_minor=told.amount.minor if told else 0,
            expected_minor=seen.office_minor,
            reference=seen.reference,
            platform_payment_id=seen.id,
            checkout_id=payment.checkout_id,
            office=seen.office,
            office_payment_key=seen.office_payment_key,
        )
        if again:
            # The key is the same: an office that has it after all answers what it booked, and one that was put back
            # to an older state books what it has lost. It is done once, and not where money went back meanwhile, for
            # what was taken back names the payment that is gone.
            payment.booking, payment.due_at, payment.tries = Booking.DUE.value, step.now, 0
    _log.warning("payment missing", manager=step.slug, office=seen.office, payment=seen.id, posted_again=again)


async def _unchanged(work: Work, seen: BookedPayment) -> PlatformPaymentRow | None:
    """The payment, held, if nothing has happened to it since it was looked at."""
    held = await payment_returns.held(work, seen.id)
    if held is None:
        return None
    payment, returns = held[0], await payment_returns.of_payment(work, seen.id)
    booked = [each.office_minor or 0 for each in returns if each.state == PaymentReturnState.BOOKED.value]
    same = (payment.booking, payment.office_payment_key) == (Booking.BOOKED.value, seen.office_payment_key)
    return payment if same and (len(returns), sum(booked)) == (seen.returns, seen.returned_minor) else None


async def _is_nowhere(step: Step, seen: BookedPayment) -> bool:
    """Whether the office is sure to have no payment of the account under this reference, under a key of its own."""
    paid_at = seen.paid_at or seen.booked_at
    theirs = await _payments(step, seen.office, [seen.account], paid_at.date() - timedelta(days=1))
    return theirs is not None and all(each.reference != seen.reference for each in theirs)


async def compare_accounts(step: Step) -> Place | None:
    """Find what offices have under references of ours that we never booked; where to go on."""
    found = await reconciled.accounts(step.store, step.slug, step.since, step.place.after, ACCOUNTS)
    for office, some in groupby(found, key=lambda each: each.office):
        await _compare_lists(step, office, [*some])
    if len(found) < ACCOUNTS:
        return step.place.next()
    return Place(stage=step.place.stage, after=(found[-1].office, found[-1].account_key))


async def _compare_lists(step: Step, office: str, accounts: Sequence[PaidAccount]) -> None:
    theirs = await _payments(step, office, [each.account for each in accounts], step.since.date())
    counting = [each for each in theirs or () if each.reference and each.status in COUNTING]
    # We look at our own rows after the office was asked: what it is being told of now is DUE here, or known.
    references = [each.reference for each in counting if each.reference]
    ours = await reconciled.settled_references(step.store, step.slug, office, references)
    known = await reconciled.keys(step.store, step.slug, office, [each.key for each in counting])
    for each in counting:
        if each.reference in ours and each.key not in known:
            await _unknown(step, office, each, ours[each.reference])


async def _unknown(step: Step, office: str, payment: Payment, checkout_id: str) -> None:
    async with step.store.work(step.slug) as work:
        await strays.found(
            work,
            step.now,
            StrayKind.UNKNOWN_AT_OFFICE,
            f"{office} {payment.key}",
            currency=payment.amount.currency,
            amount_minor=payment.amount.minor,
            reference=payment.reference or "",
            checkout_id=checkout_id,
            office=office,
            office_payment_key=payment.key,
        )


async def _payments(step: Step, office: str, accounts: Sequence[AccountRef], since: date) -> list[Payment] | None:
    """What an office has for accounts since a day; None where it cannot tell of one of them."""
    found: list[Payment] = []
    where = PaymentFilter(paid=DateSpan(since=since))
    parts = await step.ask(office, "payments", accounts, where, _ORDER, Window(limit=_PAGE))
    for account, part in zip(accounts, parts, strict=True):
        theirs = await _followed(step, office, account, where, part)
        if theirs is None:
            return None
        found += theirs
    return found


async def _followed(
    step: Step, office: str, account: AccountRef, where: PaymentFilter, first: Hit[Slice[Payment]]
) -> list[Payment] | None:
    """An account's list from its first part on; None where the office cannot tell."""
    found: list[Payment] = []
    part = first
    for _ in range(_PAGES):
        if isinstance(part, Fault):
            return None
        found += part.items if part else ()
        if part is None or not part.more:
            break
        window = Window(limit=_PAGE, start=_ORDER.position(part.items[-1]))
        (part,) = await step.ask(office, "payments", [account], where, _ORDER, window)
    return found
