"""Reconciliation with the platform: what it was paid that we never heard of, and what it no longer knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from ventanilla.jobs.reconciling import Step
from ventanilla.payments.contract import Capability, News, NewsStatus, Platform, PlatformError
from ventanilla.resolvers import payment_news
from ventanilla.store import reconciled, strays
from ventanilla.store.checkout_commits import is_reference
from ventanilla.store.payment_states import StrayKind
from ventanilla.store.reconciled import ConfirmedPayment, OpenStray
from ventanilla.store.reconciliation import Place

DAYS: Final = 3
"""So many days back the platform is asked what it was paid; a step is a day."""
PAGES: Final = 200
"""How far a day's list is followed."""
ASKED: Final = 20
"""About how many payments that are not in the list one step asks."""
_AROUND: Final = timedelta(hours=1)
"""How much more than the day the list has: their moments need not be ours."""
_DAY: Final = timedelta(days=1)
_log = structlog.get_logger("ventanilla.payments")


async def compare_platform(step: Step) -> Place | None:
    """Compare a day of what the platform was paid with what we know; where to go on."""
    day = int(step.place.after[0]) if step.place.after else 0
    try:
        account = step.platform()
        if account is None or Capability.LISTING not in account[2]:
            return step.place.next()
        name, platform, can = account
        since = step.begun_at - _DAY * (DAYS - day)
        seen = await _listed(step, name, platform, since)
        await _compare(step, name, platform, since, seen=seen, asks=Capability.STATUS in can)
    except PlatformError as error:
        _log.warning("platform not compared", manager=step.slug, fault=error.fault.value)
        return step.place.next()
    return Place(stage=step.place.stage, after=(str(day + 1),)) if day + 1 < DAYS else step.place.next()


async def _listed(step: Step, name: str, platform: Platform, since: datetime) -> frozenset[str] | None:
    """Take what the platform lists of a day; the ids of its payments, None for a list that has no end."""
    seen: set[str] = set()
    after: str | None = None
    for _ in range(PAGES):
        part = await step.desk.platforms.ask(platform.listing(since - _AROUND, since + _DAY + _AROUND, after))
        seen.update(each.payment_id for each in part.news)
        await take_unheard(step, name, part.news)
        if part.after is None:
            return frozenset(seen)
        after = part.after
        await step.go_on()
    return None


async def take_unheard(step: Step, name: str, news: Sequence[News]) -> None:
    """Take what is news to us; money under a reference of our form of which we know no order is a stray.

    Under other references others sell at the same platform: only a notification that was sent to us makes them ours.
    """
    known = await reconciled.known(step.store, step.slug, name, [each.payment_id for each in news])
    unheard = [each for each in news if _is_unheard(each, known.get(each.payment_id))]
    ours = [each for each in unheard if is_reference(each.reference)]
    if not ours:
        return
    async with step.store.work(step.slug) as work:
        taken = await payment_news.take(work, name, ours, step.now)
        await payment_news.lose(work, name, taken.unknown, step.now)


def _is_unheard(news: News, known: tuple[str, int] | None) -> bool:
    if known is None:
        return True
    status, refunded = known
    return status != news.status.value or (news.refunded is not None and news.refunded.minor > refunded)


async def _compare(
    step: Step, name: str, platform: Platform, since: datetime, *, seen: frozenset[str] | None, asks: bool
) -> None:
    """Find payments of ours that the platform does not list, and does not tell of either when it is asked."""
    if seen is None:
        return
    ours = await reconciled.confirmed(step.store, step.slug, name, since, since + _DAY)
    listed = [each.id for each in ours if each.payment_id in seen]
    async with step.store.work(step.slug) as work:
        await strays.settle(work, StrayKind.MISSING_AT_PLATFORM, listed, step.now)
    for each in [each for each in ours if each.payment_id not in seen][:ASKED]:
        if asks and await is_told(step, name, platform, each):
            continue
        await _missing(step, each)


async def is_told(step: Step, name: str, platform: Platform, payment: ConfirmedPayment | OpenStray) -> bool:
    """Whether the platform tells of a payment when it is asked for its order; what it tells is taken."""
    await step.go_on()
    news = await step.desk.platforms.ask(platform.status(payment.reference, payment.platform_id))
    about_it = [each for each in news if each.reference == payment.reference]
    async with step.store.work(step.slug) as work:
        await payment_news.take(work, name, about_it, step.now)
    return any(each.payment_id == payment.payment_id and each.status is not NewsStatus.FAILED for each in about_it)


async def _missing(step: Step, payment: ConfirmedPayment) -> None:
    async with step.store.work(step.slug) as work:
        await strays.found(
            work,
            step.now,
            StrayKind.MISSING_AT_PLATFORM,
            payment.id,
            currency=payment.currency,
            amount_minor=0,
            expected_minor=payment.amount_minor,
            reference=payment.reference,
            platform_payment_id=payment.id,
            checkout_id=payment.checkout_id,
            office=payment.office,
        )
    _log.warning("payment not at its platform", manager=step.slug, payment=payment.id)
