"""Charges beside invoices, and what became of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.books import book
from tests.resolvers.answers import accounts
from tests.world import open_world
from ventanilla.backoffice_adapters.records import ChargeStatus, Licence

pytestmark = pytest.mark.anyio


async def test_a_charge_leads_to_its_invoice_which_tells_when_it_was_paid(tmp_path: Path) -> None:
    plain = book("sur", Licence.UTILITY)
    settled, *pending = plain.charges
    settled = replace(settled, status=ChargeStatus.SETTLED, invoice="A1")
    books = {("sur", "agua"): replace(plain, charges=(settled, *pending))}
    async with open_world(tmp_path, books=books) as world:
        field = "charges { nodes { status invoice { number paidAt } } }"
        told, errors = await accounts(world, field, [("agua", "1"), ("agua", "2")])
        assert [made.method for made in world.calls].count("invoices_by_key") == 1
    assert errors == []
    assert [node for each in told for node in each["charges"]["nodes"]] == [
        {"status": "SETTLED", "invoice": {"number": "sur-A1", "paidAt": "2026-08-09T10:00:00+00:00"}},
        {"status": "PENDING", "invoice": None},
    ]


async def test_charges_and_payments_lead_back_to_their_accounts(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        field = "number charges { nodes { account { number } } } payments { nodes { account { number } } }"
        told, errors = await accounts(world, field, [("agua", "1"), ("agua", "2")])
        asked = [made.subjects for made in world.calls if made.method == "accounts"]
    assert errors == []
    assert sorted(asked) == [2, 2, 4]
    for each in told:
        led = [node["account"]["number"] for lists in ("charges", "payments") for node in each[lists]["nodes"]]
        assert led == [each["number"]] * 3
