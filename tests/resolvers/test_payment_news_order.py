"""News of money in any order and any number of times: the same is held in the end, and never too much on the way."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.orders import TOTAL, Held, emptied, heard, held, news, ordered, told
from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import News, NewsStatus
from ventanilla.store.store import Store

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url"]

pytestmark = pytest.mark.anyio

PENDING, FAILED, CONFIRMED = NewsStatus.PENDING, NewsStatus.FAILED, NewsStatus.CONFIRMED
PARTLY, REFUNDED = NewsStatus.PARTIALLY_REFUNDED, NewsStatus.REFUNDED


async def _after(store: Store, found: Sequence[News]) -> Held:
    """What is held after news of one checkout."""
    await emptied(store)
    await ordered(store)
    for each in found:
        await told(store, each)
    return await held(store)


QUICKLY = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # how rows are locked is tested elsewhere
MANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICKLY
async def test_all_orders_of_a_payments_news_end_alike(store: Store) -> None:
    found = [news(PENDING), news(FAILED), news(CONFIRMED), news(PARTLY, refunded=Money(500, "ARS")), news(REFUNDED)]
    ends = [_books(await _after(store, order)) for order in permutations(found)]
    assert all(each == ends[0] for each in ends)


NEWS = st.builds(
    news,
    st.sampled_from([*NewsStatus]),
    st.sampled_from(["p1", "p2", "p3"]),
    amount=st.sampled_from([Money(TOTAL, "ARS")] * 3 + [Money(7, "ARS")]),
    refunded=st.sampled_from([None, None, Money(3, "ARS")]),
)


@st.composite
def repeated(draw: st.DrawFn) -> tuple[list[News], list[int]]:
    """News, and the order that they come in, some of them again."""
    found = draw(st.lists(NEWS, max_size=10))
    again = draw(st.lists(st.sampled_from(range(len(found))), max_size=6)) if found else []
    return found, draw(st.permutations([*range(len(found)), *again]))


@st.composite
def mixed(draw: st.DrawFn) -> tuple[list[News], list[News]]:
    """News of a platform that does not contradict itself, in two orders."""
    found = draw(st.lists(NEWS, max_size=8, unique=True))
    amounts = {each.payment_id: each.amount for each in found}
    found = [each for each in found if each.amount == amounts[each.payment_id]]
    return found, draw(st.permutations(found))


@QUICKLY
@MANY
@given(repeated())
async def test_any_order_and_repetition_holds_the_invariants(
    store: Store, coming: tuple[list[News], list[int]]
) -> None:
    found, sequence = coming
    await emptied(store)
    await ordered(store)
    for number in sequence:
        await heard(store, f"e{number}", found[number])
        _keeps(await held(store))
    once = await held(store)
    assert len(once.events) == len(found)
    for number in sequence:
        await told(store, found[number])
    assert _books(await held(store)) == _books(once)


@QUICKLY
@MANY
@given(mixed())
async def test_what_is_counted_does_not_depend_on_the_order(
    store: Store, orders: tuple[list[News], list[News]]
) -> None:
    one, other = orders
    assert _counted(await _after(store, one)) == _counted(await _after(store, other))


def _counted(found: Held) -> tuple[object, ...]:
    """What holds whichever of two payments came first."""
    statuses = sorted((row.payment_id, row.status, row.refunded_minor) for row in found.payments)
    return statuses, found.bookings, found.found, sum(row.amount_minor for row in found.returns), len(found.audits)


def _books(found: Held) -> tuple[object, ...]:
    payments = sorted((row.payment_id, row.status, row.booking, row.amount_minor) for row in found.payments)
    returned = sorted((row.kind, row.amount_minor) for row in found.returns)
    return payments, found.found, sum(minor for _, minor in returned), len(found.audits), found.documents


def _keeps(found: Held) -> None:
    """I1: no order is booked twice; I2: each event has one effect; I8: sums are those of their parts."""
    due = [row for row in found.payments if row.booking == "DUE"]
    assert len(due) <= 1
    assert bool(due) == (found.states == ["SUCCEEDED"]) == (len(found.audits) == 1)
    assert all(row.amount_minor == TOTAL and row.currency == "ARS" for row in due)
    assert len({(row.kind, row.subject) for row in found.strays}) == len(found.strays)
    assert found.documents == ([] if found.states == ["FAILED"] else ["D1", "E1"])
    for payment in found.payments:
        gone = sum(row.amount_minor for row in found.returns if row.platform_payment_id == payment.id)
        assert gone == payment.refunded_minor <= payment.amount_minor
    (checkout,) = found.checkouts
    assert checkout.amount_minor == sum(row.amount_minor for row in found.items)
