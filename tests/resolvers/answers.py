"""Looking at answers: what one account told, what all did, which errors came."""

from __future__ import annotations

from typing import Any

from tests.world import World
from ventanilla.execution.engine import Outcome
from ventanilla.resolvers.problems import Problem


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    """Path and code of each error, sorted."""
    found = [
        (".".join(map(str, error.path or [])), error.original_error.code.value)
        for error in outcome.errors
        if isinstance(error.original_error, Problem)
    ]
    assert len(found) == len(outcome.errors), outcome.errors
    return sorted(found)


async def first(world: World, field: str, links: int = 1) -> Any:
    """What ``viewer.accounts.nodes[0]`` answers for `field`."""
    await world.person("sur", "ana@example.org", [("agua", str(key + 1)) for key in range(links)])
    actor = await world.actor("sur", "ana@example.org")
    world.calls.clear()
    outcome = await world.ask("sur", "{ viewer { accounts { nodes { %s } } } }" % field, actor)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["viewer"]["accounts"]["nodes"][0]


async def accounts(world: World, field: str, links: list[tuple[str, str]]) -> tuple[list[Any], list[tuple[str, str]]]:
    """What `field` answers for each of the linked accounts, and the errors; calls are counted from here on."""
    await world.person("sur", "ana@example.org", links)
    actor = await world.actor("sur", "ana@example.org")
    world.calls.clear()
    outcome = await world.ask("sur", "{ viewer { accounts(first: 100) { nodes { %s } } } }" % field, actor)
    assert outcome.data is not None
    return outcome.data["viewer"]["accounts"]["nodes"], codes(outcome)
