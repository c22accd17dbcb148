"""Cancelling: at once before anybody was sent to the platform, then only if the platform takes the order back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.resolvers.paying import CANCEL, answered, paid, params, quoted, reasons
from tests.till import Till, paid_manager, platforms
from tests.world import NOW, World, open_world
from ventanilla.auth.actor import Actor
from ventanilla.payments.contract import Capability
from ventanilla.store import checkouts, managers
from ventanilla.store.payment_states import RUNNING, CheckoutState

pytestmark = pytest.mark.anyio


class Desk:
    """Ana, who has an invoice under way."""

    def __init__(self, world: World, till: Till, ana: Actor) -> None:
        self.world, self.till, self.ana = world, till, ana

    async def cancel(self, id: str, actor: Actor | None = None) -> Any:
        return await answered(self.world.context("sur", actor or self.ana), self.world, CANCEL, id=id)

    async def at(self, state: CheckoutState, key: str = "B1") -> str:
        """A checkout in a state."""
        checkout = (await paid(self.world, self.ana, key))["id"]
        async with self.world.services.store.work("sur") as work:
            row, _ = await checkouts.whole(work, checkout)
            await checkouts.move(work, row, state, NOW)
        return checkout

    async def payable(self, key: str = "B1") -> bool:
        return (await quoted(self.world, self.ana, key))["quote"] is not None


@asynccontextmanager
async def opened(folder: Path, *capabilities: Capability) -> AsyncIterator[Desk]:
    till = Till()
    async with open_world(folder, paid_manager("sur"), platforms=platforms(till, *capabilities)) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        yield Desk(world, till, await world.actor("sur", "ana@example.org"))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path, Capability.CANCEL) as found:
        yield found


async def test_before_anybody_left_it_is_cancelled_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        checkout = (await paid(desk.world, desk.ana, "B1"))["id"]
        assert not await desk.payable()
        asked = desk.till.asked
        found = await desk.cancel(checkout)
        assert found == {
            "checkout": {"id": checkout, "status": "CANCELLED", "endedAt": NOW.isoformat()},
            "userErrors": [],
        }
        assert await desk.cancel(checkout) == found
        assert desk.till.asked == asked
        assert await desk.payable()


@pytest.mark.parametrize("state", [CheckoutState.REDIRECTED, CheckoutState.PENDING])
async def test_afterwards_the_platform_takes_it_back(desk: Desk, state: CheckoutState) -> None:
    found = await desk.cancel(await desk.at(state))
    assert (found["checkout"]["status"], found["userErrors"]) == ("CANCELLED", [])
    assert await desk.payable()


async def test_what_somebody_is_paying_is_not_cancelled(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.REDIRECTED)
    desk.till.begun = set(desk.till.orders)
    found = await desk.cancel(checkout)
    assert (reasons(found), params(found)) == ([("PAYMENT_UNDER_WAY", ["id"])], {"status": "REDIRECTED"})
    assert found["checkout"]["status"] == "REDIRECTED"
    assert not await desk.payable()


async def test_a_platform_that_takes_nothing_back_lets_it_end_by_itself(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        found = await desk.cancel(await desk.at(CheckoutState.REDIRECTED))
        assert reasons(found) == [("PAYMENT_UNDER_WAY", ["id"])]
        assert not await desk.payable()


async def test_a_platform_that_refuses_to_says_that_it_may_be_paid(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.PENDING)
    desk.till.refuses = True
    assert reasons(await desk.cancel(checkout)) == [("PAYMENT_UNDER_WAY", ["id"])]


async def test_a_platform_that_does_not_answer_may_be_asked_again(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.PENDING)
    desk.till.is_down = True
    found = await desk.cancel(checkout)
    assert reasons(found) == [("PLATFORM_UNAVAILABLE", ["id"])]
    assert found["userErrors"][0]["retryable"] is True
    assert not await desk.payable()
    desk.till.is_down = False
    assert (await desk.cancel(checkout))["checkout"]["status"] == "CANCELLED"


async def test_a_manager_who_has_left_the_platform_takes_nothing_back(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.PENDING)
    desk.world.managers["sur"] = paid_manager("sur", payments=None)
    await managers.add(desk.world.services.store, desk.world.managers["sur"], source="tests")
    assert reasons(await desk.cancel(checkout)) == [("PAYMENT_UNDER_WAY", ["id"])]


@pytest.mark.parametrize("state", [state for state in CheckoutState if state not in RUNNING])
async def test_what_has_ended_says_how(desk: Desk, state: CheckoutState) -> None:
    found = await desk.cancel(await desk.at(state))
    told = [] if state is CheckoutState.CANCELLED else [("INVALID_STATE", ["id"])]
    assert (reasons(found), found["checkout"]["status"]) == (told, state.value)


async def test_what_is_paid_meanwhile_stays_paid(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.PENDING)
    asked = desk.till.asked

    async def confirmed() -> None:
        while desk.till.asked == asked:  # noqa: ASYNC110  a number tells nobody
            await asyncio.sleep(0)
        async with desk.world.services.store.work("sur") as work:
            row, _ = await checkouts.whole(work, checkout)
            await checkouts.move(work, row, CheckoutState.SUCCEEDED, NOW)

    desk.till.waits = asyncio.create_task(confirmed())
    found = await desk.cancel(checkout)
    assert (reasons(found), found["checkout"]["status"]) == ([("INVALID_STATE", ["id"])], "SUCCEEDED")
    assert not await desk.payable()


async def test_others_and_nobodys_are_alike(desk: Desk) -> None:
    checkout = await desk.at(CheckoutState.CREATED)
    await desk.world.person("sur", "berta@example.org", [("agua", "1")])
    berta = await desk.world.actor("sur", "berta@example.org")
    found = [await desk.cancel(id, berta) for id in (checkout, "f" * 32, "", "x\0")]
    assert all(each == found[0] for each in found)
    assert (reasons(found[0]), found[0]["checkout"]) == ([("NOT_FOUND", ["id"])], None)
