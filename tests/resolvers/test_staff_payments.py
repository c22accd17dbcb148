"""The example documents of money that does not fit and of money that goes back, each where it shows something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.demo.walking import EXAMPLES
from tests.orders import REFERENCE, TOTAL, news
from tests.paid import Paid, open_paid
from ventanilla.auth.actor import Actor, StaffRole

pytestmark = pytest.mark.anyio


@pytest.fixture
async def paid(tmp_path: Path) -> AsyncIterator[Paid]:
    """A manager with a cash desk."""
    async with open_paid(tmp_path) as found:
        yield found


@pytest.fixture
async def eva(paid: Paid) -> Actor:
    """Who administers access."""
    return await paid.world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)


async def asked(paid: Paid, actor: Actor, name: str, **variables: Any) -> Any:
    (answer,) = (await paid.ask(EXAMPLES[name], actor, **variables)).values()
    return answer


async def test_a_refund_is_asked_for_and_followed(paid: Paid, eva: Actor) -> None:
    checkout = await paid.paid()
    what = {"checkoutId": checkout, "amount": "5.00", "reason": "Acordado", "idempotencyKey": "k1"}
    refund = await asked(paid, eva, "refund-payment", input=what)
    assert (refund["refund"]["state"], refund["userErrors"]) == ("REQUESTED", [])
    await paid.give_back()

    (node,) = (await asked(paid, eva, "staff-payments", reference=REFERENCE))["checkouts"]["nodes"]
    (payment,) = node["payments"]
    assert (node["state"], node["payerFee"]["amount"]) == ("SUCCEEDED", "5.00")
    assert (payment["status"], payment["booking"], payment["refunded"]) == ("CONFIRMED", "BOOKED", {"amount": "5.00"})
    (back,) = payment["returns"]
    assert {**back, "id": None} == {
        "id": None,
        "kind": "REFUND",
        "state": "BOOKED",
        "reason": "Acordado",
        "problem": None,
        "requestedBy": "Ana Paz",
        "amount": {"amount": "5.00"},
    }


@pytest.mark.parametrize(
    ("name", "more", "resolution"),
    [
        ("book-stray", {}, "BOOKED"),
        ("refund-stray", {"reason": "Pagado dos veces"}, "REFUNDED"),
        ("dismiss-stray", {"note": "Ya se devolvió"}, "DISMISSED"),
    ],
)
async def test_what_does_not_fit_is_decided_about(
    paid: Paid, eva: Actor, name: str, more: dict[str, str], resolution: str
) -> None:
    await paid.paid()
    await paid.told(news(payment_id="p2"))
    (node,) = (await asked(paid, eva, "staff-strays", state="OPEN"))["strayPayments"]["nodes"]
    assert (node["kind"], node["amount"]["amount"]) == ("PAID_TWICE", f"{TOTAL // 100}.00")
    decided = await asked(paid, eva, name, input={"id": node["id"], **more})
    assert (decided["stray"]["resolution"], decided["userErrors"]) == (resolution, [])
    assert (await asked(paid, eva, "staff-strays", state="OPEN"))["strayPayments"]["nodes"] == []


async def test_why_a_refund_is_not_done_is_told_in_words(paid: Paid, eva: Actor) -> None:
    checkout = await paid.paid()
    paid.server.away = True
    what = {"checkoutId": checkout, "reason": "Acordado", "idempotencyKey": "k1"}
    await asked(paid, eva, "refund-payment", input=what)
    await paid.give_back()
    (node,) = (await asked(paid, eva, "staff-payments", reference=REFERENCE))["checkouts"]["nodes"]
    assert node["payments"][0]["returns"][0]["problem"].startswith("No hubo una respuesta")
    paid.server.away, paid.server.refuses = False, True
    paid.clock.go(minutes=1)
    await paid.give_back()
    (node,) = (await asked(paid, eva, "staff-payments", reference=REFERENCE))["checkouts"]["nodes"]
    assert node["payments"][0]["returns"][0]["problem"].startswith("Fue rechazado")
