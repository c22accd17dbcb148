"""Refunds and reversals, their whole way: asked for, given by the platform, booked by the office, once each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.effects import each_effect, fragile
from tests.orders import TOTAL, changed, news
from tests.paid import Paid, open_paid
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.payments.contract import Capability, NewsStatus
from ventanilla.store.payment_states import Booking
from ventanilla.store.tables import PaymentReturnRow, PlatformPaymentRow

pytestmark = pytest.mark.anyio

REFUND = """
mutation ($in: RefundPaymentInput!) {
  refundPayment(input: $in) {
    refund { id kind state amount { amount } reason requestedBy problem }
    userErrors { reason message path retryable params { key value } }
  }
}
"""
OPEN = (["ISSUED", "ISSUED"], 85_500)
PAID = (["PARTIALLY_PAID", "PAID"], 15_500)
"""D1 is past its first due date, and has come to cost more."""


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


async def admin(paid: Paid) -> Actor:
    return await paid.world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)


async def refunded(paid: Paid, actor: Actor, checkout: str, key: str = "k1", **more: Any) -> Any:
    """What `refundPayment` answers."""
    what = {"checkoutId": checkout, "reason": "Pagado por error", "idempotencyKey": key, **more}
    return (await paid.ask(REFUND, actor, **{"in": what}))["refundPayment"]


async def reasons(paid: Paid, actor: Actor, checkout: str, **more: Any) -> list[str]:
    return [each["reason"] for each in (await refunded(paid, actor, checkout, **more))["userErrors"]]


async def states(paid: Paid) -> list[tuple[str, int, str]]:
    """Kind, amount and state of what goes back, sorted."""
    return sorted((row.kind, row.amount_minor, row.state) for row in (await paid.held()).returns)


async def test_a_whole_refund_opens_the_invoices_and_the_balance_goes_up_again(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    assert await paid.books() == (["CONFIRMED 70000"], *PAID)

    answer = await refunded(paid, eva, checkout)
    assert answer["userErrors"] == []
    assert {**answer["refund"], "id": None} == {
        "id": None,
        "kind": "REFUND",
        "state": "REQUESTED",
        "amount": {"amount": "705.00"},
        "reason": "Pagado por error",
        "requestedBy": "Ana Paz",
        "problem": None,
    }
    assert paid.rung == [1]
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)
    assert paid.server.payments["p1"]["refunded"] == TOTAL
    found = await paid.held()
    assert found.strays == []
    assert found.documents == []
    assert [row.kind for row in found.audits if row.kind != "PAYMENT_CONFIRMED"] == ["REFUND_ASKED"]


async def test_parts_go_back_one_after_another_and_the_payers_fee_last(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout, "k1", amount="250.50")
    await paid.give_back()
    assert await paid.books() == (["PARTIALLY_REFUNDED 70000"], ["PARTIALLY_PAID", "PARTIALLY_PAID"], 15_500 + 25_050)

    (refusal,) = (await refunded(paid, eva, checkout, "k2", amount="454.51"))["userErrors"]
    assert (refusal["reason"], refusal["path"]) == ("AMOUNT_TOO_LARGE", ["amount"])
    assert refusal["params"] == [{"key": "left", "value": "454.50"}, {"key": "currency", "value": "ARS"}]

    await refunded(paid, eva, checkout, "k2", amount="454.50")
    await paid.give_back()
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)
    assert sorted(row.office_minor or 0 for row in (await paid.held()).returns) == [25_050, 70_000 - 25_050]
    assert await reasons(paid, eva, checkout, key="k3") == ["AMOUNT_TOO_LARGE"]


async def test_news_and_the_worker_at_the_same_moment_give_and_book_once(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout)
    paid.server.loses = 1
    await paid.give_back()
    paid.clock.go(seconds=10)
    gone = news(NewsStatus.REFUNDED)
    await asyncio.gather(paid.give_back(), paid.told(gone), paid.give_back(), paid.told(gone))
    paid.clock.go(minutes=2)
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)


async def test_a_lost_answer_of_the_platform_is_asked_for_again_under_the_same_key(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout)
    paid.server.loses = 2
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "REQUESTED")]
    paid.clock.go(seconds=10)
    await paid.give_back()
    paid.clock.go(seconds=20)
    await paid.give_back()
    assert paid.server.asked == ["refund"] * 3
    assert list(paid.server.refunds.values()) == [TOTAL]
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)


async def test_news_of_a_refund_whose_answer_was_lost_give_it_and_open_no_second_one(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout, amount="100")
    paid.server.loses = 1
    await paid.give_back()
    await paid.told(news(NewsStatus.PARTIALLY_REFUNDED, refunded=paid.money(10_000)))
    assert await states(paid) == [("REFUND", 10_000, "GIVEN")]
    await paid.give_back()
    assert await states(paid) == [("REFUND", 10_000, "BOOKED")]
    assert paid.server.asked == ["refund"]


@pytest.mark.parametrize("way", ["status", "refund_status", "refund"])
async def test_a_refund_that_takes_time_is_asked_about_until_it_is_done(tmp_path: Path, way: str) -> None:
    can = {Capability.REFUND, *({Capability(way.upper())} if way != "refund" else ())}
    async with open_paid(tmp_path, capabilities=frozenset(can)) as paid:
        eva = await admin(paid)
        checkout = await paid.paid()
        paid.server.takes_time = True
        await refunded(paid, eva, checkout)
        await paid.give_back()
        paid.clock.go(seconds=10)
        await paid.give_back()
        assert await states(paid) == [("REFUND", TOTAL, "ASKED")]
        paid.server.settle()
        paid.clock.go(seconds=20)
        await paid.give_back()
        assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
        assert paid.server.asked == ["refund", way, way]
        assert await paid.books() == (["REFUNDED 70000"], *OPEN)


async def test_a_refund_that_the_platform_refuses_has_not_happened_and_can_be_asked_for_anew(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    paid.server.refuses = True
    await refunded(paid, eva, checkout)
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "REFUSED")]
    assert await paid.books() == (["CONFIRMED 70000"], *PAID)
    paid.server.refuses = False
    await refunded(paid, eva, checkout, "k2")
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED"), ("REFUND", TOTAL, "REFUSED")]


async def test_what_somebody_gives_back_in_the_platforms_panel_is_booked_as_well(paid: Paid) -> None:
    await paid.paid()
    for refunded_minor in (30_000, 30_000, 50_000):
        await paid.told(news(NewsStatus.PARTIALLY_REFUNDED, refunded=paid.money(refunded_minor)))
    await paid.give_back()
    assert await states(paid) == [("REFUND", 20_000, "BOOKED"), ("REFUND", 30_000, "BOOKED")]
    assert await paid.books() == (["PARTIALLY_REFUNDED 70000"], ["PARTIALLY_PAID", "ISSUED"], 15_500 + 50_000)


async def test_money_that_the_payers_bank_takes_back_is_reversed_and_its_invoices_are_open(paid: Paid) -> None:
    await paid.paid()
    await paid.told(news(NewsStatus.REVERSED))
    await paid.told(news(NewsStatus.REVERSED))
    await paid.give_back()
    assert await states(paid) == [("REVERSAL", TOTAL, "BOOKED")]
    assert await paid.books() == (["REVERSED 70000"], *OPEN)


async def test_after_a_refund_the_bank_takes_the_rest(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout, amount="100")
    await paid.give_back()
    await paid.told(news(NewsStatus.REVERSED))
    await paid.give_back()
    assert await states(paid) == [("REFUND", 10_000, "BOOKED"), ("REVERSAL", TOTAL - 10_000, "BOOKED")]
    assert await paid.books() == (["REVERSED 70000"], *OPEN)


async def test_what_goes_back_before_it_is_booked_waits_for_the_booking(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news())
    await paid.told(news(NewsStatus.REFUNDED))
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "GIVEN")]
    await paid.book()
    paid.clock.go(seconds=10)
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)


def in_the_way(folder: Path) -> Path:
    """Where an office finds no database, nor can make one."""
    (folder / "offices" / "sur" / "agua" / "ledger.sqlite").mkdir(parents=True)
    return folder / "offices"


async def test_an_office_that_is_away_is_told_once_it_is_back(paid: Paid, tmp_path: Path) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout)
    away = Offices(paid.world.services.registry, in_the_way(tmp_path), paid.clock)
    await paid.give_back(offices=away)
    await away.close()
    assert await states(paid) == [("REFUND", TOTAL, "GIVEN")]
    assert (await paid.held()).returns[0].problem == "unavailable"
    paid.clock.go(minutes=1)
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
    assert paid.server.asked == ["refund"]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)


async def test_what_the_office_does_not_book_is_a_stray(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    (row,) = (await paid.held()).payments
    await changed(paid.store, PlatformPaymentRow, row.id, office_payment_key="nobodys")
    await refunded(paid, eva, checkout)
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL, "UNBOOKED")]
    found = await paid.held()
    assert found.found == [("RETURN_REFUSED", "OPEN")]
    assert found.strays[0].subject == found.returns[0].id


async def test_money_that_was_never_booked_ends_with_the_refund(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(amount=paid.money(TOTAL + 1)))
    assert (await paid.held()).bookings == ["REVIEW"]
    await paid.told(news(NewsStatus.REFUNDED, amount=paid.money(TOTAL + 1)))
    await paid.give_back()
    found = await paid.held()
    assert await states(paid) == [("REFUND", TOTAL + 1, "BOOKED")]
    assert found.bookings == ["DISMISSED"]
    assert [row.resolution for row in found.strays] == ["REFUNDED"]
    assert await paid.books() == ([], *OPEN)


@pytest.mark.parametrize("done", [False, True])
async def test_whatever_fails_money_goes_back_once(tmp_path: Path, store_url: str, *, done: bool) -> None:
    runs = 0
    async for effects in each_effect(done=done):
        runs += 1
        async with open_paid(tmp_path / str(runs), store_url) as paid:
            await refunded(paid, await admin(paid), await paid.paid())
            async with fragile(paid.world.services, store_url, effects) as services:
                parts: dict[str, Any] = {
                    "store": services.store,
                    "offices": services.offices,
                    "platforms": services.platforms,
                }
                for _ in range(4):
                    with suppress(DatabaseUnavailableError):
                        await paid.give_back(**parts)
                    paid.clock.go(minutes=2)
            assert list(paid.server.refunds.values()) == [TOTAL]
            assert await states(paid) == [("REFUND", TOTAL, "BOOKED")]
            assert await paid.books() == (["REFUNDED 70000"], *OPEN)
    assert runs > 8


async def test_two_workers_do_not_ask_at_once(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout)
    (row,) = (await paid.held()).returns
    await changed(paid.store, PaymentReturnRow, row.id, leased_by="another", due_at=paid.clock())
    paid.clock.go(seconds=-1)
    await paid.give_back()
    assert paid.server.asked == []
    paid.clock.go(seconds=1)
    await paid.give_back()
    assert paid.server.asked == ["refund"]
    assert (await paid.held()).payments[0].booking == Booking.BOOKED.value
