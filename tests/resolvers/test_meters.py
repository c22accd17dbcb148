"""Meters, what they showed, and what a period cost."""

from __future__ import annotations

import pytest

from tests.resolvers.answers import accounts, first
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_meter_tells_what_it_is_and_what_it_showed(world: World) -> None:
    found = await first(
        world,
        "meters { totalCount nodes { number medium status remote location installedOn removedOn verifiedUntil"
        " registers { key label unit digits decimals } readingWindow { opensOn closesOn } replaces { number status }"
        " readings { totalCount nodes { readOn quality status values { register value consumption }"
        " meter { number } } } } }",
    )
    assert found["meters"]["totalCount"] == 2
    new, old = found["meters"]["nodes"]
    readings = new.pop("readings")
    assert new == {
        "number": "AG-11",
        "medium": "COLD_WATER",
        "status": "ACTIVE",
        "remote": False,
        "location": "Cocina",
        "installedOn": "2026-02-03",
        "removedOn": None,
        "verifiedUntil": "2031-02-03",
        "registers": [{"key": "m3", "label": "agua", "unit": "m³", "digits": 5, "decimals": 3}],
        "readingWindow": {"opensOn": "2026-11-10", "closesOn": "2026-11-20"},
        "replaces": {"number": "AG-10", "status": "REMOVED"},
    }
    assert (old["removedOn"], old["replaces"], old["readings"]) == (
        "2026-02-03",
        None,
        {"totalCount": 0, "nodes": []},
    )
    assert readings["totalCount"] == 3
    assert readings["nodes"][0] == {
        "readOn": "2026-11-12",
        "quality": "CUSTOMER",
        "status": "SUBMITTED",
        "values": [{"register": "m3", "value": "45.250", "consumption": "13.750"}],
        "meter": {"number": "AG-11"},
    }
    assert readings["nodes"][-1]["values"] == [{"register": "m3", "value": "0.000", "consumption": None}]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ("{status: [ACTIVE]}", ["AG-11"]),
        ("{medium: [HEAT]}", []),
        ("{medium: [HEAT, COLD_WATER], status: [REMOVED]}", ["AG-10"]),
        ("null, order: INSTALLED_ON_ASC", ["AG-10", "AG-11"]),
        ("null, last: 1", ["AG-10"]),
    ],
)
async def test_meters_are_filtered_and_sorted(world: World, where: str, numbers: list[str]) -> None:
    found = await first(world, f"meters(filter: {where}) {{ nodes {{ number }} }}")
    assert [node["number"] for node in found["meters"]["nodes"]] == numbers


@pytest.mark.parametrize(
    ("where", "days"),
    [
        ("{status: [ACCEPTED, BILLED]}", ["2026-08-03", "2026-02-03"]),
        ('{readFrom: "2026-08-03", readTo: "2026-08-03"}', ["2026-08-03"]),
        ("null, order: READ_ON_ASC, first: 2", ["2026-02-03", "2026-08-03"]),
        ("null, last: 1", ["2026-02-03"]),
    ],
)
async def test_readings_are_filtered_and_sorted(world: World, where: str, days: list[str]) -> None:
    field = f"meters(filter: {{status: [ACTIVE]}}) {{ nodes {{ readings(filter: {where}) {{ nodes {{ readOn }} }} }} }}"
    found = await first(world, field)
    (meter,) = found["meters"]["nodes"]
    assert [node["readOn"] for node in meter["readings"]["nodes"]] == days


async def test_readings_are_walked_by_cursor(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    query = (
        "query ($after: String) { viewer { defaultAccount { meters(filter: {status: [ACTIVE]}) { nodes {"
        " readings(first: 1, after: $after) { nodes { readOn } pageInfo { hasNextPage endCursor } } } } } } }"
    )
    days: list[str] = []
    after, more = None, True
    while more:
        outcome = await world.ask("sur", query, actor, after=after)
        assert outcome.errors == []
        assert outcome.data is not None
        part = outcome.data["viewer"]["defaultAccount"]["meters"]["nodes"][0]["readings"]
        days += [node["readOn"] for node in part["nodes"]]
        after, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
    assert days == ["2026-11-12", "2026-08-03", "2026-02-03"]


async def test_all_accounts_meters_and_readings_cost_one_call_a_field(world: World) -> None:
    field = (
        "meters { nodes { replaces { number } readings { totalCount nodes { meter { number } } } } }"
        " utilitySettlements { totalCount nodes { invoice { number } account { number } } }"
    )
    _, errors = await accounts(world, field, [("agua", "1"), ("agua", "2"), ("agua", "3")])
    assert errors == []
    assert [(method, subjects) for _, method, subjects in world.counted()] == [
        ("accounts", 3),
        ("accounts", 3),
        ("invoices_by_key", 3),
        ("meter_readings", 6),
        ("meter_readings", 6),
        ("meters", 3),
        ("meters_by_key", 3),
        ("meters_by_key", 9),
        ("utility_settlements", 3),
        ("utility_settlements", 3),
    ]


async def test_a_settlement_tells_what_a_period_cost(world: World) -> None:
    found = await first(
        world,
        "utilitySettlements { nodes { number settledOn periodFrom periodTo cost { amount } advances { amount } outcome"
        " difference { amount } lines { medium description cost { amount } advances { amount } quantity unit }"
        " invoice { number } account { number } } }"
        ' none: utilitySettlements(filter: {settledFrom: "2026-08-02"}) { totalCount nodes { number } }'
        ' one: utilitySettlements(filter: {settledTo: "2026-08-01"}, order: SETTLED_ON_ASC) { totalCount }',
    )
    (settlement,) = found["utilitySettlements"]["nodes"]
    assert settlement == {
        "number": "LIQ-1",
        "settledOn": "2026-08-01",
        "periodFrom": "2025-07-01",
        "periodTo": "2026-06-30",
        "cost": {"amount": "400.00"},
        "advances": {"amount": "300.00"},
        "outcome": "UNDERPAID",
        "difference": {"amount": "100.00"},
        "lines": [
            {
                "medium": medium,
                "description": medium.lower(),
                "cost": {"amount": cost},
                "advances": {"amount": advances},
                "quantity": "12.5",
                "unit": "m³",
            }
            for medium, cost, advances in (("COLD_WATER", "300.00", "250.00"), ("SEWAGE", "100.00", "50.00"))
        ],
        "invoice": {"number": "sur-A1"},
        "account": {"number": "sur-001"},
    }
    assert (found["none"], found["one"]) == ({"totalCount": 0, "nodes": []}, {"totalCount": 1})
