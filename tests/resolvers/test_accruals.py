"""What an account is charged with, month by month."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resolvers.answers import codes, first
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_accruals_tell_month_title_and_how_they_came_to_be(world: World) -> None:
    found = await first(
        world,
        "accruals { totalCount nodes { month title description amount { amount } quantity unit unitPrice"
        " invoice { number } account { number } stale source { name } } }",
    )
    assert found["accruals"]["totalCount"] == 3
    assert [(node["month"], node["title"]) for node in found["accruals"]["nodes"]] == [
        ("2026-11", "REPAIR_FUND"),
        ("2026-11", "MAINTENANCE_ADVANCE"),
        ("2026-10", "MAINTENANCE_ADVANCE"),
    ]
    _, upkeep, october = found["accruals"]["nodes"]
    assert upkeep == {
        "month": "2026-11",
        "title": "MAINTENANCE_ADVANCE",
        "description": "Expensas 2026-11",
        "amount": {"amount": "217.20"},
        "quantity": "54.30",
        "unit": "m²",
        "unitPrice": "4.00",
        "invoice": None,
        "account": {"number": "sur-001"},
        "stale": False,
        "source": {"name": "agua"},
    }
    assert october["invoice"] == {"number": "sur-B1"}


@pytest.mark.parametrize(
    ("where", "months"),
    [
        ("{title: [REPAIR_FUND]}", ["2026-11"]),
        ('{monthTo: "2026-10"}', ["2026-10"]),
        ('{monthFrom: "2026-11", monthTo: "2026-11"}', ["2026-11", "2026-11"]),
        ('{monthFrom: "2026-12"}', []),
        ("null, order: MONTH_ASC", ["2026-10", "2026-11", "2026-11"]),
    ],
)
async def test_accruals_are_filtered_and_sorted(world: World, where: str, months: list[str]) -> None:
    found = await first(world, f"accruals(filter: {where}) {{ totalCount nodes {{ month }} }}")
    assert [node["month"] for node in found["accruals"]["nodes"]] == months
    assert found["accruals"]["totalCount"] == len(months)


async def test_accruals_are_walked_by_cursor_within_a_month(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    actor = await world.actor("sur", "ana@example.org")
    query = (
        "query ($first: Int, $after: String, $last: Int, $before: String) { viewer { defaultAccount {"
        " accruals(first: $first, after: $after, last: $last, before: $before)"
        " { nodes { month title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }"
    )

    async def part(**variables: Any) -> tuple[list[tuple[str, str]], dict[str, Any]]:
        outcome = await world.ask("sur", query, actor, **variables)
        assert codes(outcome) == []
        assert outcome.data is not None
        found = outcome.data["viewer"]["defaultAccount"]["accruals"]
        return [(node["month"], node["title"]) for node in found["nodes"]], found["pageInfo"]

    whole, _ = await part()
    walked: list[tuple[str, str]] = []
    page: dict[str, Any] = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        rows, page = await part(first=1, after=page["endCursor"])
        walked += rows
    assert walked == whole
    rows, page = await part(last=2)
    assert (rows, page["hasPreviousPage"]) == (whole[1:], True)
    rows, page = await part(last=2, before=page["startCursor"])
    assert (rows, page["hasPreviousPage"], page["hasNextPage"]) == (whole[:1], False, True)


async def test_a_month_that_is_none_is_refused(world: World) -> None:
    query = (
        "query ($from: YearMonth) { viewer { defaultAccount { accruals(filter: {monthFrom: $from}) { totalCount } } } }"
    )
    for wrong in ("2026-13", "2026-1", "2026-11-01", "november", 202611):
        outcome = await world.ask("sur", query, **{"from": wrong})
        assert outcome.data is None
        assert 'Expected a value such as "2026-11"' in outcome.errors[0].message
