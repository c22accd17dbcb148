"""The table of what news make of a payment: every case of status, booking, news, amount and other payments."""

from itertools import product

import pytest

from ventanilla.payments.contract import NewsStatus
from ventanilla.resolvers.payment_verdicts import MONEY, RANK, Others, Verdict, judge
from ventanilla.store.payment_states import Booking, CheckoutState, StrayKind

PENDING, FAILED, CONFIRMED = NewsStatus.PENDING, NewsStatus.FAILED, NewsStatus.CONFIRMED
PARTLY, REFUNDED, REVERSED = NewsStatus.PARTIALLY_REFUNDED, NewsStatus.REFUNDED, NewsStatus.REVERSED
JUDGED = [booking for booking in Booking if booking is not Booking.NONE]
ANY = tuple(Others)

# (status before, news) → status afterwards; a later one never gives way to an earlier one.
STATUS = {
    (PENDING, PENDING): PENDING,
    (PENDING, FAILED): FAILED,
    (PENDING, CONFIRMED): CONFIRMED,
    (PENDING, PARTLY): PARTLY,
    (PENDING, REFUNDED): REFUNDED,
    (PENDING, REVERSED): REVERSED,
    (FAILED, PENDING): FAILED,
    (FAILED, FAILED): FAILED,
    (FAILED, CONFIRMED): CONFIRMED,
    (FAILED, PARTLY): PARTLY,
    (FAILED, REFUNDED): REFUNDED,
    (FAILED, REVERSED): REVERSED,
    (CONFIRMED, PENDING): CONFIRMED,
    (CONFIRMED, FAILED): CONFIRMED,
    (CONFIRMED, CONFIRMED): CONFIRMED,
    (CONFIRMED, PARTLY): PARTLY,
    (CONFIRMED, REFUNDED): REFUNDED,
    (CONFIRMED, REVERSED): REVERSED,
    (PARTLY, PENDING): PARTLY,
    (PARTLY, FAILED): PARTLY,
    (PARTLY, CONFIRMED): PARTLY,
    (PARTLY, PARTLY): PARTLY,
    (PARTLY, REFUNDED): REFUNDED,
    (PARTLY, REVERSED): REVERSED,
    (REFUNDED, PENDING): REFUNDED,
    (REFUNDED, FAILED): REFUNDED,
    (REFUNDED, CONFIRMED): REFUNDED,
    (REFUNDED, PARTLY): REFUNDED,
    (REFUNDED, REFUNDED): REFUNDED,
    (REFUNDED, REVERSED): REVERSED,
    (REVERSED, PENDING): REVERSED,
    (REVERSED, FAILED): REVERSED,
    (REVERSED, CONFIRMED): REVERSED,
    (REVERSED, PARTLY): REVERSED,
    (REVERSED, REFUNDED): REVERSED,
    (REVERSED, REVERSED): REVERSED,
}

# What is not money yet: (status afterwards, whether it fits, other payments) → where the checkout moves.
WITHOUT_MONEY = {
    (PENDING, True, Others.NONE): CheckoutState.PENDING,
    (PENDING, True, Others.FAILED): CheckoutState.PENDING,
    (PENDING, True, Others.UNDER_WAY): CheckoutState.PENDING,
    (PENDING, True, Others.COUNTS): CheckoutState.PENDING,
    (FAILED, True, Others.NONE): CheckoutState.FAILED,
    (FAILED, True, Others.FAILED): CheckoutState.FAILED,
    (FAILED, True, Others.UNDER_WAY): None,
    (FAILED, True, Others.COUNTS): None,
    **{(status, False, others): None for status in (PENDING, FAILED) for others in ANY},
    (FAILED, False, Others.FAILED): CheckoutState.FAILED,
}

# Money that was not judged yet: (whether it fits, other payments) → checkout, booking, stray.
MONEY_COMES = {
    (True, Others.NONE): (CheckoutState.SUCCEEDED, Booking.DUE, None),
    (True, Others.FAILED): (CheckoutState.SUCCEEDED, Booking.DUE, None),
    (True, Others.UNDER_WAY): (CheckoutState.SUCCEEDED, Booking.DUE, None),
    (True, Others.COUNTS): (None, Booking.REVIEW, StrayKind.PAID_TWICE),
    (False, Others.NONE): (CheckoutState.PENDING, Booking.REVIEW, StrayKind.AMOUNT_MISMATCH),
    (False, Others.FAILED): (CheckoutState.PENDING, Booking.REVIEW, StrayKind.AMOUNT_MISMATCH),
    (False, Others.UNDER_WAY): (CheckoutState.PENDING, Booking.REVIEW, StrayKind.AMOUNT_MISMATCH),
    (False, Others.COUNTS): (CheckoutState.PENDING, Booking.REVIEW, StrayKind.AMOUNT_MISMATCH),
}


def test_the_tables_are_whole() -> None:
    assert set(STATUS) == set(product(NewsStatus, NewsStatus))
    assert set(WITHOUT_MONEY) == set(product((PENDING, FAILED), (True, False), Others))
    assert set(MONEY_COMES) == set(product((True, False), Others))
    assert set(NewsStatus) - MONEY == {PENDING, FAILED}


@pytest.mark.parametrize(("before", "told"), STATUS)
@pytest.mark.parametrize("fits", [True, False])
@pytest.mark.parametrize("others", Others)
def test_news_of_what_was_not_judged(before: NewsStatus, told: NewsStatus, fits: bool, others: Others) -> None:
    status = STATUS[before, told]
    found = judge(before, Booking.NONE, told, fits=fits, others=others)
    if status in MONEY:
        checkout, booking, stray = MONEY_COMES[fits, others]
        assert found == Verdict(status=status, checkout=checkout, booking=booking, stray=stray)
    else:
        assert found == Verdict(status=status, checkout=WITHOUT_MONEY[status, fits, others])


@pytest.mark.parametrize("booking", JUDGED)
@pytest.mark.parametrize(("before", "told"), [pair for pair in STATUS if pair[0] in MONEY])
def test_what_was_judged_is_not_judged_again(booking: Booking, before: NewsStatus, told: NewsStatus) -> None:
    for others in Others:
        kept = judge(before, booking, told, fits=True, others=others)
        assert kept == Verdict(status=STATUS[before, told])
        other_amount = judge(before, booking, told, fits=False, others=others)
        stray = StrayKind.AMOUNT_MISMATCH if told in MONEY else None
        assert other_amount == Verdict(status=STATUS[before, told], stray=stray)


def test_ranks_are_of_all_statuses() -> None:
    assert sorted(RANK.values()) == list(range(len(NewsStatus)))
