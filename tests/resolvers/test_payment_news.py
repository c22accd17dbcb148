"""News of money: what each makes of what is held, whatever came before."""

import asyncio
from datetime import timedelta

import pytest

from tests.orders import (
    FEE,
    NOW,
    PLATFORM,
    REFERENCE,
    TOTAL,
    changed,
    held,
    news,
    ordered,
    told,
)
from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus
from ventanilla.resolvers.payment_news import Taken, lose
from ventanilla.store.payment_states import Booking, CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow, PlatformPaymentRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url"]

pytestmark = pytest.mark.anyio

PENDING, FAILED, CONFIRMED = NewsStatus.PENDING, NewsStatus.FAILED, NewsStatus.CONFIRMED
PARTLY, REFUNDED, REVERSED = NewsStatus.PARTIALLY_REFUNDED, NewsStatus.REFUNDED, NewsStatus.REVERSED


async def test_a_confirmation_pays_the_checkout_and_lets_the_office_be_told(store: Store) -> None:
    checkout = await ordered(store)
    paid_at = NOW - timedelta(minutes=3)
    assert await told(store, news(CONFIRMED, paid_at=paid_at)) == Taken()

    found = await held(store)
    assert found.states == ["SUCCEEDED"]
    assert found.documents == ["D1", "E1"]
    assert found.strays == found.returns == []
    (row,) = found.payments
    assert (row.checkout_id, row.status, row.booking, row.due_at) == (checkout, "CONFIRMED", "DUE", NOW)
    assert (row.amount_minor, row.currency, row.paid_at, row.method) == (TOTAL, "ARS", paid_at, "Visa")
    assert (found.checkouts[0].due_at, found.checkouts[0].ended_at) == (None, NOW)
    (event,) = found.audits
    assert (event.kind, event.office, event.account_key) == ("PAYMENT_CONFIRMED", "agua", "1")
    assert event.person_id == found.checkouts[0].person_id
    assert event.told == '{"reference":"%s","amount":"705.00","currency":"ARS"}' % REFERENCE


async def test_without_a_time_it_was_paid_when_we_were_told(store: Store) -> None:
    await ordered(store)
    await told(store, news(PENDING))
    await told(store, news(CONFIRMED), now=NOW + timedelta(minutes=1))
    await told(store, news(CONFIRMED, paid_at=NOW), now=NOW + timedelta(minutes=2))
    assert (await held(store)).payments[0].paid_at == NOW + timedelta(minutes=1)


async def test_what_is_pending_holds_the_documents(store: Store) -> None:
    await ordered(store)
    await told(store, news(PENDING))
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["PENDING"], ["NONE"], ["D1", "E1"])


async def test_a_failure_lets_go_and_a_late_confirmation_pays_all_the_same(store: Store) -> None:
    await ordered(store)
    await told(store, news(FAILED))
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["FAILED"], ["NONE"], [])

    await told(store, news(CONFIRMED))
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["DUE"], ["D1", "E1"])


async def test_a_late_confirmation_takes_nothing_from_who_pays_by_now(store: Store) -> None:
    await ordered(store)
    await told(store, news(FAILED))
    await ordered(store, reference="rzyxwvutsrqponmlkjia", lines=(("E1", 40_000),))
    await told(store, news(CONFIRMED))
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["CREATED", "SUCCEEDED"], ["DUE"], ["D1", "E1"])
    late = next(row.id for row in found.checkouts if row.reference == REFERENCE)
    assert [row.invoice_key for row in found.items if row.held and row.checkout_id == late] == ["D1"]


async def test_a_late_confirmation_waits_for_who_begins_to_pay_at_this_moment(store: Store) -> None:
    await ordered(store)
    await told(store, news(FAILED))
    other = await ordered(store, reference="rzyxwvutsrqponmlkjia", lines=())
    async with store.work("sur") as work:
        item = {"office": "agua", "invoice_key": "E1", "number": "", "title": "", "amount_minor": 40_000}
        work.add(CheckoutItemRow(checkout_id=other, position=1, held=True, **item))
        await work.flush()
        telling = asyncio.create_task(told(store, news(CONFIRMED)))
        await asyncio.sleep(0.3)
    await telling
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["CREATED", "SUCCEEDED"], ["DUE"], ["D1", "E1"])
    assert [row.invoice_key for row in found.items if row.held and row.checkout_id == other] == ["E1"]


@pytest.mark.parametrize("state", [CheckoutState.EXPIRED, CheckoutState.CANCELLED])
async def test_money_that_comes_late_is_money(store: Store, state: CheckoutState) -> None:
    checkout = await ordered(store)
    await changed(store, CheckoutRow, checkout, state=state.value, ended_at=NOW)
    await told(store, news(CONFIRMED), now=NOW + timedelta(days=3))
    found = await held(store)
    assert (found.states, found.bookings) == (["SUCCEEDED"], ["DUE"])


async def test_one_attempt_that_fails_lets_nothing_go_while_another_is_under_way(store: Store) -> None:
    await ordered(store)
    await told(store, news(FAILED, "p1"), news(PENDING, "p2"))  # in one answer: a failure comes last
    assert (await held(store)).states == ["PENDING"]
    await told(store, news(FAILED, "p2"))
    assert (await held(store)).states == ["FAILED"]


@pytest.mark.parametrize("late", [PENDING, FAILED])
async def test_a_late_pending_or_failure_never_undoes_a_confirmation(store: Store, late: NewsStatus) -> None:
    await ordered(store)
    for status in (CONFIRMED, late):
        await told(store, news(status))
    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["DUE"], ["D1", "E1"])
    assert found.payments[0].status == "CONFIRMED"


OTHER_MONEY = [Money(TOTAL - 1, "ARS"), Money(TOTAL - FEE, "ARS"), Money(TOTAL, "USD"), Money(TOTAL * 100, "ARS")]


@pytest.mark.parametrize("amount", OTHER_MONEY, ids=str)
async def test_another_amount_is_set_aside_and_books_nothing(store: Store, amount: Money) -> None:
    await ordered(store)
    assert (await told(store, news(CONFIRMED, amount=amount))).declined

    found = await held(store)
    assert (found.states, found.bookings, found.documents) == (["PENDING"], ["REVIEW"], ["D1", "E1"])
    assert found.audits == []
    (stray,) = found.strays
    assert (stray.kind, stray.amount_minor, stray.currency) == ("AMOUNT_MISMATCH", amount.minor, amount.currency)
    assert (stray.expected_minor, stray.subject, stray.office) == (TOTAL, found.payments[0].id, "agua")


@pytest.mark.parametrize("status", [PENDING, FAILED])
async def test_another_amount_that_is_no_money_moves_nothing(store: Store, status: NewsStatus) -> None:
    await ordered(store)
    assert (await told(store, news(status, amount=Money(1, "ARS")))).declined
    found = await held(store)
    assert (found.states, found.bookings, found.strays) == (["CREATED"], ["NONE"], [])


async def test_a_failure_of_another_amount_lets_nothing_go_whatever_is_told_again(store: Store) -> None:
    await ordered(store)
    for each in (news(PENDING), news(FAILED, amount=Money(1, "ARS")), news(PENDING)):
        await told(store, each)
    found = await held(store)
    assert (found.states, found.documents) == (["PENDING"], ["D1", "E1"])
    assert (found.payments[0].status, found.payments[0].amount_minor) == ("FAILED", 1)


async def test_the_last_that_fails_lets_go_though_it_is_of_another_amount(store: Store) -> None:
    await ordered(store)
    await told(store, news(PENDING, "p2"))
    await told(store, news(FAILED, "p1"))
    assert (await held(store)).documents == ["D1", "E1"]
    await told(store, news(FAILED, "p2", amount=Money(1, "ARS")))
    assert (await held(store)).documents == []


async def test_an_amount_that_is_told_late_does_not_make_the_money_fit(store: Store) -> None:
    async with store.work("sur") as work:
        await lose(work, PLATFORM, [news(CONFIRMED, amount=Money(1, "ARS"))], NOW)
    await ordered(store)
    await told(store, news(PENDING))
    found = await held(store)
    assert (found.states, found.bookings, found.audits) == (["PENDING"], ["REVIEW"], [])
    assert ("AMOUNT_MISMATCH", "OPEN") in found.found


async def test_the_right_amount_after_another_one_pays(store: Store) -> None:
    await ordered(store)
    await told(store, news(CONFIRMED, "p1", amount=Money(1, "ARS")))
    await told(store, news(CONFIRMED, "p2"))
    found = await held(store)
    assert (found.states, found.bookings) == (["SUCCEEDED"], ["DUE", "REVIEW"])
    assert found.found == [("AMOUNT_MISMATCH", "OPEN")]


async def test_what_is_paid_twice_is_booked_once(store: Store) -> None:
    await ordered(store)
    await told(store, news(CONFIRMED, "p1"), news(CONFIRMED, "p2"))
    found = await held(store)
    assert (found.states, found.bookings, len(found.audits)) == (["SUCCEEDED"], ["DUE", "REVIEW"], 1)
    assert found.found == [("PAID_TWICE", "OPEN")]
    assert [row.payment_id for row in found.payments if row.booking == "DUE"] == ["p1"]


@pytest.mark.parametrize("booking", [Booking.BOOKED, Booking.REFUSED, Booking.DISMISSED])
async def test_a_payment_that_was_dealt_with_counts(store: Store, booking: Booking) -> None:
    await ordered(store)
    await told(store, news(CONFIRMED, "p1"))
    await changed(store, PlatformPaymentRow, (await held(store)).payments[0].id, booking=booking.value)
    await told(store, news(CONFIRMED, "p2"))
    assert (await held(store)).found == [("PAID_TWICE", "OPEN")]


async def test_a_platform_that_contradicts_itself_changes_no_booking(store: Store) -> None:
    await ordered(store)
    await told(store, news(CONFIRMED))
    await told(store, news(CONFIRMED, amount=Money(1, "ARS")))
    found = await held(store)
    assert (found.bookings, found.payments[0].amount_minor) == (["DUE"], TOTAL)
    assert found.found == [("AMOUNT_MISMATCH", "OPEN")]


async def test_what_goes_back_is_told_once(store: Store) -> None:
    await ordered(store)
    await told(store, news(CONFIRMED))
    for _ in range(2):
        await told(store, news(PARTLY, refunded=Money(10_000, "ARS")))
    await told(store, news(REFUNDED))
    await told(store, news(PARTLY, refunded=Money(10_000, "ARS")))
    found = await held(store)
    assert (found.payments[0].status, found.payments[0].refunded_minor) == ("REFUNDED", TOTAL)
    assert sorted(row.amount_minor for row in found.returns) == [10_000, TOTAL - 10_000]
    assert {row.kind for row in found.returns} == {"REFUND"}


async def test_a_refund_that_is_heard_of_first_is_of_money_that_came(store: Store) -> None:
    await ordered(store)
    await told(store, news(REVERSED))
    await told(store, news(CONFIRMED))
    found = await held(store)
    assert (found.states, found.bookings, found.payments[0].status) == (["SUCCEEDED"], ["DUE"], "REVERSED")
    assert [(row.kind, row.amount_minor) for row in found.returns] == [("REVERSAL", TOTAL)]


async def test_an_order_of_another_platform_or_manager_is_not_known(store: Store) -> None:
    await ordered(store, platform="other")
    await ordered(store, "norte", reference="rzyxwvutsrqponmlkjia")
    foreign = news(CONFIRMED, "p2", reference="rzyxwvutsrqponmlkjia")
    assert (await told(store, news(), foreign)).unknown == (news(), foreign)
    assert (await held(store)).payments == []
