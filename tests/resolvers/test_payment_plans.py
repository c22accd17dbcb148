"""Debts that are paid by instalments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.books import book
from tests.resolvers.adapters import altered
from tests.resolvers.answers import accounts, first
from tests.world import World, manager, open_world
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio


async def test_a_plan_tells_its_sums_its_schedule_and_what_it_covers(world: World) -> None:
    found = await first(
        world,
        "paymentPlans { nodes { number status agreedOn total { amount } interest { amount } paid { amount }"
        " open { amount } instalmentCount instalments { position dueOn amount { amount } status overdue paidAt"
        " plan { number } } invoices { number } account { number } } }",
    )
    runs, paid = found["paymentPlans"]["nodes"]
    schedule = runs.pop("instalments")
    assert runs == {
        "number": "PLAN-PB1",
        "status": "ACTIVE",
        "agreedOn": "2026-09-01",
        "total": {"amount": "159.00"},
        "interest": {"amount": "6.00"},
        "paid": {"amount": "53.00"},
        "open": {"amount": "106.00"},
        "instalmentCount": 3,
        "invoices": [{"number": "sur-B1"}, {"number": "sur-D1"}],
        "account": {"number": "sur-001"},
    }
    assert [(part["position"], part["status"], part["overdue"]) for part in schedule] == [
        (1, "PAID", False),
        (2, "SCHEDULED", True),
        (3, "SCHEDULED", False),
    ]
    assert schedule[0]["paidAt"] == "2026-09-10T09:00:00+00:00"
    assert {part["plan"]["number"] for part in schedule} == {"PLAN-PB1"}
    assert (paid["status"], paid["open"]["amount"], paid["paid"]) == ("COMPLETED", "0.00", paid["total"])


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ("{status: [PENDING_FIRST_PAYMENT, ACTIVE]}", ["PLAN-PB1"]),
        ("{status: [BROKEN]}", []),
        ("null, order: AGREED_ON_ASC", ["PLAN-PA1", "PLAN-PB1"]),
        ("null, first: 1", ["PLAN-PB1"]),
        ("null, last: 1", ["PLAN-PA1"]),
    ],
)
async def test_plans_are_filtered_and_sorted(world: World, where: str, numbers: list[str]) -> None:
    found = await first(world, f"paymentPlans(filter: {where}) {{ nodes {{ number }} }}")
    assert [node["number"] for node in found["paymentPlans"]["nodes"]] == numbers


def of_a_neighbour(hits: list[Any]) -> list[Any]:
    """Plans that name an invoice of the second account beside one of the first."""
    return [
        replace(part, items=tuple(replace(plan, invoice_keys=("B1", "B2")) for plan in part.items)) for part in hits
    ]


async def test_what_an_office_mixes_up_does_not_lead_to_a_neighbours_invoice(tmp_path: Path) -> None:
    offices = {name: OfficeChoice(adapter="altered") for name in ("agua", "alquiler")}
    registry = altered(payment_plans=of_a_neighbour)
    async with open_world(tmp_path, manager("sur", offices=offices), registry=registry) as world:
        (found,), errors = await accounts(
            world, "paymentPlans(first: 1) { nodes { invoices { number } } }", [("agua", "1")]
        )
    assert errors == []
    assert found["paymentPlans"]["nodes"] == [{"invoices": [{"number": "sur-B1"}, None]}]


async def test_all_accounts_plans_cost_one_call_a_field(tmp_path: Path) -> None:
    async with open_world(tmp_path, manager("sur"), books={("sur", "agua"): book("sur", Licence.UTILITY, 50)}) as world:
        field = (
            "paymentPlans { totalCount nodes { instalments { amount { amount } plan { number } } invoices { number }"
            " account { number } } }"
        )
        found, errors = await accounts(world, field, [("agua", str(key + 1)) for key in range(50)])
        assert errors == []
        assert [each["paymentPlans"]["totalCount"] for each in found] == [2] * 50
        assert [(method, subjects) for _, method, subjects in world.counted()] == [
            ("accounts", 50),
            ("accounts", 100),
            ("invoices_by_key", 150),
            ("payment_plans", 50),
            ("payment_plans", 50),
            ("payment_plans_by_key", 250),
            ("plan_instalments", 100),
        ]
