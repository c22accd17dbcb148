"""Asking how checkouts stand: when, what comes of the answers, and that nothing is let go without one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace as altered

from tests.cash_desk import ALL
from tests.effects import each_effect, fragile
from tests.orders import NOW, REFERENCE, TOTAL, changed, news, ordered
from tests.paid import Paid, open_paid
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.money import Money
from ventanilla.jobs.checkout_status import BATCH, LINGERS, CheckoutStatus
from ventanilla.payments.contract import Capability, NewsStatus
from ventanilla.store import checkouts
from ventanilla.store.manager import PaymentChoice
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.tables import CheckoutRow, PlatformPaymentRow

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


def errand(paid: Paid) -> CheckoutStatus:
    return CheckoutStatus(store=paid.store, platforms=paid.world.services.platforms, clock=paid.clock)


async def row(paid: Paid) -> CheckoutRow:
    (found,) = (await paid.held()).checkouts
    return found


async def look(paid: Paid) -> datetime | None:
    """Ask about the checkout when it is due; when it is due next."""
    due_at = (await row(paid)).due_at
    assert due_at
    paid.clock.now = max(paid.clock.now, due_at)
    await errand(paid).serve(paid.manager, lambda: False)
    return (await row(paid)).due_at


async def state(paid: Paid) -> tuple[str, list[str]]:
    found = await paid.held()
    return found.checkouts[0].state, found.documents


async def test_it_is_asked_ever_more_seldom_and_at_its_end_once_more(paid: Paid) -> None:
    await paid.unpaid()
    looks: list[float] = []
    while (due_at := (await row(paid)).due_at) and due_at < NOW + timedelta(days=9):
        looks.append((due_at - NOW).total_seconds() / 60)
        await look(paid)

    assert looks[:5] == pytest.approx([10 / 60, 30 / 60, 1, 2, 5])
    assert looks[5:11] == pytest.approx([15, 25, 35, 45, 55, 60])
    assert looks[11:] == pytest.approx([60 + 60, 60 + 24 * 60, 60 + 72 * 60])
    assert paid.server.asked == ["status"] * len(looks)
    assert await state(paid) == ("EXPIRED", [])
    assert (await row(paid)).ended_at == NOW + HOUR
    assert (await errand(paid).due(NOW + timedelta(days=99))).managers == ()


async def test_money_that_nobody_told_of_is_found(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.paid(news(paid_at=NOW))
    assert (await errand(paid).due(NOW)).managers == ()
    assert await look(paid) is None
    assert await state(paid) == ("SUCCEEDED", ["D1", "E1"])
    await paid.book()
    assert (await paid.held()).bookings == ["BOOKED"]


@pytest.mark.parametrize("after", [HOUR, 24 * HOUR, 72 * HOUR])
async def test_money_that_comes_after_the_end_is_found(paid: Paid, after: timedelta) -> None:
    await paid.unpaid()
    await changed(paid.store, CheckoutRow, (await row(paid)).id, due_at=NOW + HOUR)
    await look(paid)
    assert (await state(paid))[0] == "EXPIRED"
    paid.clock.now = NOW + HOUR + after - timedelta(minutes=1)
    paid.server.paid(news())
    paid.clock.now += timedelta(minutes=1)
    await look(paid)
    assert (await state(paid))[0] == "SUCCEEDED"


@pytest.mark.parametrize("ended", [CheckoutState.FAILED, CheckoutState.CANCELLED])
async def test_what_ended_otherwise_is_asked_about_as_well(paid: Paid, ended: CheckoutState) -> None:
    await paid.unpaid()
    async with paid.store.work("sur") as work:
        held = await checkouts.by_reference(work, REFERENCE)
        assert held
        await checkouts.move(work, held, ended, NOW)
    assert await look(paid) == NOW + HOUR
    assert await look(paid) == NOW + 24 * HOUR


async def test_a_platform_that_does_not_answer_lets_nothing_go(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.away = True
    for _ in range(60):
        assert await look(paid)
    assert paid.clock.now > NOW + 5 * HOUR
    assert await state(paid) == ("CREATED", ["D1", "E1"])

    paid.server.away = False
    await look(paid)
    assert await state(paid) == ("EXPIRED", [])
    paid.server.away = True
    assert await look(paid) == paid.clock.now + timedelta(minutes=10)
    paid.clock.go(days=7)
    assert await look(paid) is None


async def test_a_platform_that_cannot_be_asked_lets_go_when_time_is_over(tmp_path: Path, store_url: str) -> None:
    capabilities = ALL - {Capability.STATUS}
    async with open_paid(tmp_path / "world", store_url, capabilities) as paid:
        await paid.unpaid()
        assert await look(paid) == NOW + HOUR
        assert await state(paid) == ("CREATED", ["D1", "E1"])
        assert await look(paid) is None
        assert (await state(paid), paid.server.asked) == (("EXPIRED", []), [])


@pytest.mark.parametrize("choice", [None, PaymentChoice(platform="wompi")])
async def test_an_order_at_a_former_platform_ends_when_its_time_is_over(
    paid: Paid, choice: PaymentChoice | None
) -> None:
    await paid.unpaid()
    paid.clock.now = NOW + HOUR
    await errand(paid).serve(altered(paid.manager, payments=choice), lambda: False)
    assert await state(paid) == ("EXPIRED", [])


async def test_an_order_is_held_while_its_platform_cannot_be_had_with_its_settings(paid: Paid) -> None:
    await paid.unpaid()
    paid.clock.now = NOW + HOUR
    (held,) = (await paid.held()).checkouts
    choice = PaymentChoice(platform=held.platform, configuration={"nobody": "knows this"})
    await errand(paid).serve(altered(paid.manager, payments=choice), lambda: False)
    assert await state(paid) == ("CREATED", ["D1", "E1"])


async def test_what_is_under_way_at_the_end_holds_for_another_day(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.paid(news(NewsStatus.PENDING))
    while paid.clock.now < NOW + HOUR + LINGERS - timedelta(minutes=20):
        await look(paid)
        assert await state(paid) == ("PENDING", ["D1", "E1"])
        if paid.clock.now > NOW + 2 * HOUR:
            paid.clock.now = NOW + HOUR + LINGERS - timedelta(minutes=15)
            await look(paid)
    while (await state(paid))[0] == "PENDING":
        await look(paid)
    assert NOW + HOUR + LINGERS <= paid.clock.now < NOW + HOUR + LINGERS + timedelta(minutes=10)
    assert await state(paid) == ("EXPIRED", [])


async def test_what_staff_have_to_look_at_holds_until_they_have(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(amount=Money(TOTAL - 1, "ARS")))
    paid.clock.now = NOW + 48 * HOUR
    await look(paid)
    assert await state(paid) == ("PENDING", ["D1", "E1"])

    await changed(paid.store, PlatformPaymentRow, (await paid.held()).payments[0].id, booking="DISMISSED")
    await look(paid)
    assert await state(paid) == ("EXPIRED", [])


async def test_an_answer_about_another_order_changes_nothing(paid: Paid) -> None:
    await paid.unpaid()
    await ordered(paid.store, reference="rzyxwvutsrqponmlkjia", lines=(("B1", 70_000),), due_at=None)
    paid.server.paid(news(reference="rzyxwvutsrqponmlkjia"))
    paid.server.tells_all = True
    paid.clock.go(seconds=10)
    await errand(paid).serve(paid.manager, lambda: False)
    assert (await paid.held()).payments == []


async def test_many_workers_ask_about_each_once(paid: Paid) -> None:
    for number in range(3 * BATCH):
        await ordered(paid.store, reference=f"rabcdefghijklmn{number:02}z", lines=((f"X{number}", 100),))
    paid.clock.go(seconds=10)
    await asyncio.gather(*(errand(paid).serve(paid.manager, lambda: False) for _ in range(6)))
    assert len(paid.server.asked) == 3 * BATCH
    assert {each.tries for each in (await paid.held()).checkouts} == {1}


async def test_a_worker_that_died_is_followed_by_another(paid: Paid) -> None:
    checkout = await paid.unpaid()
    await changed(paid.store, CheckoutRow, checkout, leased_by="0" * 32, due_at=NOW + timedelta(minutes=1), tries=1)
    assert await look(paid) == NOW + timedelta(minutes=1, seconds=30)
    assert (await row(paid)).leased_by is None


@pytest.mark.parametrize("done", [False, True])
async def test_whatever_fails_the_money_is_found_and_booked_once(tmp_path: Path, store_url: str, *, done: bool) -> None:
    runs = 0
    async for effects in each_effect(done=done):
        runs += 1
        async with open_paid(tmp_path / str(runs), store_url) as paid:
            await paid.unpaid()
            paid.server.paid(news())
            paid.clock.go(seconds=10)
            async with fragile(paid.world.services, store_url, effects) as services:
                asking = replace(errand(paid), store=services.store, platforms=services.platforms)
                for _ in range(4):
                    with suppress(DatabaseUnavailableError):
                        await asking.serve(paid.manager, lambda: False)
                    paid.clock.go(minutes=11)
            await paid.book()
            found = await paid.held()
            assert (found.states, found.bookings, found.strays) == (["SUCCEEDED"], ["BOOKED"], [])
            assert len(found.audits) == len(found.payments) == 1
    assert runs > 3
