"""Refunds and reversals that a platform tells of: matched with those we asked for, and opened where nobody did."""

from __future__ import annotations

from datetime import datetime

from ventanilla.backoffice_adapters.records import ReversalKind
from ventanilla.store import checkouts, payment_returns
from ventanilla.store.tables import PaymentReturnRow, PlatformPaymentRow
from ventanilla.store.tenancy import Work


async def told(work: Work, payment: PlatformPaymentRow, kind: ReversalKind, refunded_minor: int, now: datetime) -> None:
    """Take it that of a payment `refunded_minor` in all is given or taken back by now.

    What known returns do not cover becomes one, GIVEN: the office is told of it later. Telling the same again, or less,
    changes nothing. The payment is flushed; its checkout, where it has one, is held.
    """
    checkout = await checkouts.held(work, payment.checkout_id) if payment.checkout_id else None
    returns = [*await payment_returns.of_payment(work, payment.id)]
    uncovered = refunded_minor - payment_returns.gone(returns)
    for row in returns:
        if _may_be(row, kind) and row.amount_minor <= uncovered:
            uncovered -= row.amount_minor
            payment_returns.give(row, returns, payment, checkout, now)
    if uncovered > 0:
        row = payment_returns.told_of(payment.id, kind, uncovered, now)
        payment_returns.give(row, returns, payment, checkout, now)
        work.add(row)
    await work.flush()


def _may_be(row: PaymentReturnRow, kind: ReversalKind) -> bool:
    """Whether it may be this refund of ours that is told of: one that the platform has been asked for."""
    return kind is ReversalKind.REFUND and row.state in payment_returns.UNDER_WAY and row.tries > 0
