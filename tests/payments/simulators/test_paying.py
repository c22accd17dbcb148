"""What every simulated platform does with an order, as its plug-in and a portal see it."""

from datetime import timedelta

import pytest

from tests.payments.simulators.bench import NOW, REFERENCE, Bench
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus
from ventanilla.payments.simulators.records import Telling
from ventanilla.payments.simulators.refused import RefusedError, Why

pytestmark = pytest.mark.anyio


async def test_an_order_that_nobody_paid_has_no_payments(bench: Bench) -> None:
    assert await bench.status() == ()
    await bench.begin()

    assert await bench.status() == ()
    assert await bench.simulator.deliver() == []


async def test_what_is_paid_is_told_and_found(bench: Bench) -> None:
    await bench.begin()
    payment = bench.simulator.pay(REFERENCE)
    (delivery,) = await bench.simulator.deliver()

    (news,) = await bench.told()
    assert delivery.taken
    assert (news.reference, news.payment_id, news.status) == (REFERENCE, payment.id, NewsStatus.CONFIRMED)
    assert (news.amount, news.paid_at) == (bench.order().amount, NOW)
    assert await bench.status() == (news,)
    assert await bench.simulator.deliver() == []


async def test_a_confirmation_follows_a_failure(bench: Bench) -> None:
    await bench.begin()
    bench.simulator.fail(REFERENCE)
    bench.simulator.pay(REFERENCE)
    await bench.simulator.deliver()

    assert [news.status for news in await bench.told()] == [NewsStatus.FAILED, NewsStatus.CONFIRMED]
    assert [news.status for news in await bench.status()] == [NewsStatus.FAILED, NewsStatus.CONFIRMED]


async def test_what_is_put_off_is_paid_a_minute_later(bench: Bench) -> None:
    await bench.begin()
    payment = bench.simulator.later(REFERENCE)
    bench.clock.move(seconds=59)
    await bench.simulator.deliver()
    assert [news.status for news in await bench.status()] == [NewsStatus.PENDING]

    bench.clock.move(seconds=1)
    await bench.simulator.deliver()
    (news,) = await bench.status()
    assert (news.payment_id, news.status) == (payment.id, NewsStatus.CONFIRMED)
    assert news.paid_at == NOW + timedelta(minutes=1)
    assert (await bench.told())[-1] == news


async def test_one_order_may_be_paid_twice(bench: Bench) -> None:
    await bench.begin()
    payments = [bench.simulator.pay(REFERENCE), bench.simulator.pay(REFERENCE)]
    await bench.simulator.deliver()

    assert [news.payment_id for news in await bench.status()] == [payment.id for payment in payments]
    assert {news.payment_id for news in await bench.told()} == {payment.id for payment in payments}


async def test_the_same_notification_comes_twice(bench: Bench) -> None:
    await bench.begin()
    bench.simulator.pay(REFERENCE, Telling.TWICE)

    assert [delivery.taken for delivery in await bench.simulator.deliver()] == [True, True]
    first, second = bench.portal.heard
    assert first == second
    assert len(set(bench.portal.events)) == 1


async def test_what_was_before_is_told_afterwards(bench: Bench) -> None:
    await bench.begin()
    bench.simulator.pay(REFERENCE, Telling.OUT_OF_ORDER)

    assert len(await bench.simulator.deliver()) == 2
    assert len(set(bench.portal.events)) == 2
    assert [news.status for news in await bench.status()] == [NewsStatus.CONFIRMED]


async def test_a_lost_notification_leaves_the_asking(bench: Bench) -> None:
    await bench.begin()
    bench.simulator.pay(REFERENCE, Telling.NEVER)

    assert await bench.simulator.deliver() == []
    assert [news.status for news in await bench.status()] == [NewsStatus.CONFIRMED]


@pytest.mark.parametrize("amount", [None, 1])
async def test_another_amount_is_another_everywhere(bench: Bench, amount: int | None) -> None:
    ordered = bench.order().amount
    await bench.begin()
    told = Money(amount, ordered.currency) if amount else None
    payment = bench.simulator.pay(REFERENCE, Telling.OTHER_AMOUNT, amount=told)
    await bench.simulator.deliver()

    (news,) = await bench.told()
    assert news.amount == payment.amount != ordered
    assert await bench.status() == (news,)


async def test_what_is_held_back_leaves_when_it_is_let_go(bench: Bench) -> None:
    await bench.begin()
    bench.simulator.hold()
    bench.simulator.pay(REFERENCE)
    bench.clock.move(days=3)
    assert await bench.simulator.deliver() == []

    bench.simulator.release()
    (delivery,) = await bench.simulator.deliver()
    assert delivery.taken


async def test_the_same_order_is_one(bench: Bench) -> None:
    assert await bench.begin() == await bench.begin()
    assert len(bench.memory.orders) == 1


async def test_nobody_pays_an_order_that_has_run_out(bench: Bench) -> None:
    await bench.begin()
    bench.clock.move(hours=1)

    with pytest.raises(RefusedError) as refused:
        bench.simulator.pay(REFERENCE)
    assert refused.value.why is Why.CLOSED


async def test_nobody_pays_an_order_that_there_is_not(bench: Bench) -> None:
    with pytest.raises(RefusedError) as refused:
        bench.simulator.pay("nobodysorder")
    assert refused.value.why is Why.UNKNOWN
