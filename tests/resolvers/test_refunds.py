"""Asking for refunds: how much may go back, once under each key, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.jobs.test_refunds import OPEN, REFUND, admin, reasons, refunded, states
from tests.orders import TOTAL
from tests.paid import Paid, open_paid
from tests.resolvers.answers import codes
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from ventanilla.auth.actor import StaffRole
from ventanilla.payments.contract import Capability

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


async def test_one_key_gives_back_once_and_for_something_else_it_is_refused(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    first = await refunded(paid, eva, checkout, amount="10.00")
    assert (await refunded(paid, eva, checkout, amount="10"))["refund"]["id"] == first["refund"]["id"]
    await paid.give_back()
    again = await refunded(paid, eva, checkout, amount="10.00")
    assert (again["refund"]["id"], again["refund"]["state"]) == (first["refund"]["id"], "BOOKED")
    assert await reasons(paid, eva, checkout, amount="11.00") == ["IDEMPOTENCY_CONFLICT"]
    assert await states(paid) == [("REFUND", 1_000, "BOOKED")]
    assert [row.kind for row in (await paid.held()).audits].count("REFUND_ASKED") == 1


async def test_what_cannot_go_back_is_refused(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    unpaid = await paid.unpaid("rzyxwvutsrqponmlkjia")
    for missing in ("x", "0" * 32):
        assert await reasons(paid, eva, missing) == ["NOT_FOUND"]
    assert await reasons(paid, eva, unpaid) == ["NOT_PAID"]
    for amount in ("0", "-1", "1.001"):
        assert await reasons(paid, eva, checkout, amount=amount) == ["AMOUNT_INVALID"]
    assert await states(paid) == []
    assert paid.rung == []


@pytest.mark.parametrize(
    ("capabilities", "amount", "reason"),
    [
        (frozenset[Capability](), None, "REFUND_NOT_SUPPORTED"),
        (frozenset({Capability.REFUND}), "1", "PARTIAL_NOT_SUPPORTED"),
    ],
)
async def test_what_the_platform_cannot_do_is_not_asked_of_it(
    tmp_path: Path, capabilities: frozenset[Capability], amount: str | None, reason: str
) -> None:
    async with open_paid(tmp_path, capabilities=capabilities) as paid:
        eva = await admin(paid)
        checkout = await paid.paid()
        assert await reasons(paid, eva, checkout, amount=amount) == [reason]
        assert await states(paid) == []


async def test_two_refunds_under_way_never_come_to_more_than_was_paid(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    await refunded(paid, eva, checkout, "k1", amount="600")
    assert await reasons(paid, eva, checkout, key="k2", amount="600") == ["AMOUNT_TOO_LARGE"]
    await refunded(paid, eva, checkout, "k2")
    await paid.give_back()
    assert await states(paid) == [("REFUND", TOTAL - 60_000, "BOOKED"), ("REFUND", 60_000, "BOOKED")]
    assert await paid.books() == (["REFUNDED 70000"], *OPEN)


async def test_requests_at_the_same_moment_are_one_under_one_key_and_never_too_much_under_several(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.paid()
    same = await asyncio.gather(*(refunded(paid, eva, checkout, "k1", amount="300") for _ in range(4)))
    assert len({each["refund"]["id"] for each in same}) == 1
    others = await asyncio.gather(*(refunded(paid, eva, checkout, f"o{n}", amount="300") for n in range(4)))
    assert sorted(len(each["userErrors"]) for each in others) == [0, 1, 1, 1]
    assert await states(paid) == [("REFUND", 30_000, "REQUESTED")] * 2


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"reason": "x" * 201}, {"key": ""}, {"key": "x" * 201}])
async def test_a_reason_is_a_line_and_a_key_is_needed(tmp_path: Path, wrong: dict[str, str]) -> None:
    async with open_paid(tmp_path) as paid:
        eva = await admin(paid)
        what = {"checkoutId": await paid.paid(), "reason": wrong.get("reason", "x")}
        given = {**what, "idempotencyKey": wrong.get("key", "k")}
        outcome = await paid.world.ask("sur", REFUND, eva, **{"in": given})
        assert codes(outcome) == [("refundPayment", "INVALID_ARGUMENT")]


async def test_who_only_works_there_gives_nothing_back(tmp_path: Path) -> None:
    async with open_paid(tmp_path) as paid:
        checkout = await paid.paid()
        clerk = await paid.world.staff("sur", "leo@sur.example", StaffRole.STAFF)
        given = {"checkoutId": checkout, "reason": "x", "idempotencyKey": "k"}
        outcome = await paid.world.ask("sur", REFUND, clerk, **{"in": given})
        assert codes(outcome) == [("refundPayment", "FORBIDDEN")]
        assert await states(paid) == []
