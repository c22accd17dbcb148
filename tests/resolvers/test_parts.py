"""Parts of an answer that come later, from real offices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import ENGINE, World
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Outcome

pytestmark = pytest.mark.anyio

HOME = """{ viewer { name ... @defer(label: "accounts") { accounts { nodes @stream(initialCount: 1) { number
    ... @defer(label: "money") { balance { side } invoices(first: 1) { nodes { number } } } } } } } }"""


async def test_what_is_put_off_asks_each_office_once(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("agua", "3")])
    actor = await world.actor("sur", "ana@example.org")
    prepared = ENGINE.prepare(HOME)
    assert isinstance(prepared, Prepared), prepared
    assert prepared.incremental
    await world.ask("sur", "{ viewer { accounts { nodes { number } } } }", actor)
    world.calls.clear()

    def tell(errors: Any) -> list[Any]:
        raise AssertionError(errors)

    stream = await ENGINE.run_in_parts(prepared, None, None, world.context("sur", actor), tell)
    assert not isinstance(stream, Outcome), stream.errors
    parts = [part async for part in stream]
    assert parts[0]["data"] == {"viewer": {"name": "Ana Paz"}}
    assert parts[-1]["hasNext"] is False
    told = str(parts)
    assert all(f"'number': 'sur-00{key}'" in told for key in "123")
    assert told.count("'side': 'DEBT'") == 3
    asked = [(method, subjects) for _, method, subjects in world.counted()]
    assert asked[0] == ("accounts", 3)
    assert sorted(asked[1:]) == [("balances", 1), ("balances", 2), ("invoices", 1), ("invoices", 2)]


async def test_the_same_document_is_answered_whole_too(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    actor = await world.actor("sur", "ana@example.org")
    outcome = await world.ask("sur", HOME, actor)
    assert outcome.errors == []
    assert outcome.data is not None
    nodes = outcome.data["viewer"]["accounts"]["nodes"]
    assert [(node["number"], node["balance"]["side"]) for node in nodes] == [("sur-001", "DEBT"), ("sur-002", "DEBT")]
