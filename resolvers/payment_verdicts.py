"""What news make of a payment and of its checkout: one table of how it stood, what is told, and what else was paid."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import NewsStatus
from ventanilla.store.payment_states import Booking, CheckoutState, StrayKind

_ORDER: Final = (
    NewsStatus.PENDING,
    NewsStatus.FAILED,
    NewsStatus.CONFIRMED,
    NewsStatus.PARTIALLY_REFUNDED,
    NewsStatus.REFUNDED,
    NewsStatus.REVERSED,
)
RANK: Final = {status: rank for rank, status in enumerate(_ORDER)}
"""News come in any order: of two statuses the one of the higher rank is the later one."""
MONEY: Final = frozenset(_ORDER[RANK[NewsStatus.CONFIRMED] :])
"""Statuses of money that has come, whether or not it went back since."""


class Others(StrEnum):
    """The other payments of the same checkout, the most that can be said of them."""

    NONE = "NONE"
    """None of which there is anything to say."""
    FAILED = "FAILED"
    """One of the amount that was ordered failed, and there is none from which money may come."""
    UNDER_WAY = "UNDER_WAY"
    """One that is pending, or that staff have to look at."""
    COUNTS = "COUNTS"
    """One that pays the checkout."""


class Verdict(Record):
    """What becomes of a payment, and what of its checkout."""

    status: NewsStatus
    """Of the payment."""
    checkout: CheckoutState | None = None
    """Where its checkout moves, if that may follow."""
    booking: Booking | None = None
    """What the office is told of the payment; None: as it was."""
    stray: StrayKind | None = None


def judge(before: NewsStatus, booking: Booking, told: NewsStatus, *, fits: bool, others: Others) -> Verdict:
    """What news that `told` a status make of a payment that was known as `before` and `booking`.

    `fits` is whether the amount is the one that was ordered; once the payment was judged, the one it was judged by.
    The amount is what was first told with the latest status: what is told again, or late, says nothing of it.
    """
    status = max(before, told, key=RANK.__getitem__)
    if status not in MONEY:
        return Verdict(status=status, checkout=_without_money(status, others, fits=fits))
    if booking is not Booking.NONE:
        differs = told in MONEY and not fits
        return Verdict(status=status, stray=StrayKind.AMOUNT_MISMATCH if differs else None)
    if not fits:
        return _set_aside(status, CheckoutState.PENDING, StrayKind.AMOUNT_MISMATCH)
    if others is Others.COUNTS:
        return _set_aside(status, None, StrayKind.PAID_TWICE)
    return Verdict(status=status, checkout=CheckoutState.SUCCEEDED, booking=Booking.DUE)


def _without_money(status: NewsStatus, others: Others, *, fits: bool) -> CheckoutState | None:
    """What fails with another amount lets nothing go by itself: who ordered may still be at the platform's page."""
    if status is NewsStatus.PENDING:
        return CheckoutState.PENDING if fits else None
    in_vain = others is Others.FAILED or (fits and others is Others.NONE)
    return CheckoutState.FAILED if in_vain else None


def _set_aside(status: NewsStatus, checkout: CheckoutState | None, stray: StrayKind) -> Verdict:
    return Verdict(status=status, checkout=checkout, booking=Booking.REVIEW, stray=stray)
