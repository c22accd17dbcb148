"""The deadline: what takes longer is cut off and told, and nothing of it goes on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import FieldNode, NameNode

from tests.execution.small import nothing_left, prepared, schema_of
from ventanilla.execution.deadline import DEADLINE_S, LateError
from ventanilla.execution.engine import Engine, Outcome, Stage
from ventanilla.execution.fields import Batch, Call, Property
from ventanilla.execution.loading import Frame

pytestmark = pytest.mark.anyio

SDL = """
type Query { quick: Shelf  slow: Int }
type Mutation { quick: Int  slow: Int  after: Int }
type Shelf { name: String!  slow: Int  slower: Int }
"""


@dataclass
class World:
    """The context of these tests."""

    name: str = "only"
    begun: list[str] = field(default_factory=list[str])
    stopped: list[str] = field(default_factory=list[str])
    seconds: list[float] = field(default_factory=list[float])

    async def hang(self, name: str) -> int:
        self.begun.append(name)
        try:
            await asyncio.sleep(60)
        finally:
            self.stopped.append(name)
        return 1


async def quick(world: World) -> World:
    return world


async def one(world: World) -> int:
    world.begun.append("one")
    return 1


async def hang(world: World) -> int:
    return await world.hang("call")


async def slow(world: World, parents: list[World]) -> list[int]:
    return [await world.hang("slow")] * len(parents)


async def slower(world: World, parents: list[World]) -> list[int]:
    return [await world.hang("slower")] * len(parents)


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {"quick": Call(quick), "slow": Call(hang)},
    "Mutation": {"quick": Call(one), "slow": Call(hang), "after": Call(one)},
    "Shelf": {"name": Property("name"), "slow": Batch(slow), "slower": Batch(slower)},
}


async def run(query: str, world: World, deadline_s: float = 0.05) -> Outcome:
    engine = Engine(schema_of(SDL, DECLARED), deadline_s=deadline_s)
    async with nothing_left():
        return await engine.run(prepared(engine, query), None, None, world)


async def test_a_query_that_is_late_is_told_and_stopped() -> None:
    world = World()
    late = await run("{ quick { name slow slower } slow }", world)
    assert (late.stage, late.data) == (Stage.EXECUTE, None)
    (error,) = late.errors
    assert error.path is None
    assert isinstance(error.original_error, LateError)
    assert error.original_error.repeatable
    assert "longer than the 0.05 seconds" in error.message
    assert "Ask for less" in error.message
    assert sorted(world.stopped) == sorted(world.begun) == ["call", "slow", "slower"]


async def test_a_change_that_is_late_says_that_its_outcome_is_not_known() -> None:
    world = World()
    late = await run("mutation { quick slow after }", world)
    assert late.data is None
    (error,) = late.errors
    assert isinstance(error.original_error, LateError)
    assert not error.original_error.repeatable
    assert "not known: read it again" in error.message
    assert world.begun == ["one", "call"], "what comes after it does not begin"
    assert world.stopped == ["call"]


async def test_what_is_in_time_is_answered() -> None:
    fine = await run("{ quick { name } }", World(), deadline_s=30)
    assert (fine.data, fine.errors) == ({"quick": {"name": "only"}}, [])


async def test_whoever_stops_waiting_is_not_taken_for_late() -> None:
    world = World()
    task = asyncio.create_task(run("{ slow }", world, deadline_s=30))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.stopped == ["call"]


async def test_the_context_is_told_how_long_its_operation_may_take() -> None:
    world = World()
    engine = Engine(schema_of(SDL, DECLARED), begin=lambda context, seconds: context.seconds.append(seconds))
    await engine.run(prepared(engine, "{ quick { name } }"), None, None, world)
    assert world.seconds == [DEADLINE_S]


async def test_a_batch_that_is_not_begun_when_its_frame_is_cancelled_never_begins() -> None:
    world = World()
    frame = Frame(world)
    async with nothing_left():
        frame.load(Batch(slow), FieldNode(name=NameNode(value="slow")), world, {})
        frame.cancel()
    assert world.begun == []
