"""Subscriptions: one answer for each event, each in a context of its own, and nothing left when they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.execution.small import nothing_left, prepared, schema_of
from ventanilla.execution.deadline import LateError
from ventanilla.execution.engine import Engine, NotASubscriptionError, Outcome, Stage
from ventanilla.execution.fields import Batch, Call, Listing, Property, Source

pytestmark = pytest.mark.anyio

SDL = """
type Query { shelf: Shelf }
type Mutation { add: Int }
type Subscription { shelf(name: String!): Shelf  again(name: String!): Shelf  shelves(count: Int! = 3): [Shelf!] }
type Shelf { name: String!  books: [Book!]  broken: Int  slow: Int }
type Book { title: String! }
"""
NAMED = 'subscription { shelf(name: "a") { name } }'


@dataclass
class Thing:
    name: str


class RefusedError(Exception):
    """Whoever asks may not ask any more."""


@dataclass
class World:
    """Where events come from; each has a context of its own, numbered by `renewals`."""

    events: asyncio.Queue[Any] = field(default_factory=asyncio.Queue[Any])
    closed: int = 0
    renewals: int = 0
    calls: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    allowed: Callable[[int], bool] = lambda _renewal: True

    async def renew(self) -> Moment:
        self.renewals += 1
        if not self.allowed(self.renewals):
            raise RefusedError
        return Moment(self, self.renewals)


@dataclass
class Moment:
    """The context of one event."""

    world: World
    number: int = 0


async def follow(moment: Moment, **_arguments: Any) -> AsyncGenerator[Any, None]:
    world = moment.world
    try:
        while (event := await world.events.get()) is not END:
            if isinstance(event, RefusedError):
                raise event
            yield event
    finally:
        world.closed += 1


def refuse(_moment: Moment, **_arguments: Any) -> AsyncGenerator[Any, None]:
    raise RefusedError("not you")


async def named(moment: Moment, *, name: str) -> Thing | None:
    return Thing(f"{name}{moment.number}") if moment.number < 3 else None


async def books(moment: Moment, shelves: list[Thing]) -> list[Any]:
    moment.world.calls.append((f"books of event {moment.number}", len(shelves)))
    return [[Thing(f"{shelf.name}-1")] for shelf in shelves]


async def broken(_moment: Moment, shelves: list[Thing]) -> list[Any]:
    return [LookupError("broken")] * len(shelves)


async def slow(moment: Moment, shelves: list[Thing]) -> list[Any]:
    if moment.number == 1:
        await asyncio.sleep(60)
    return [1] * len(shelves)


async def nothing(_moment: Moment) -> None:
    return None


END = object()
DECLARED: dict[str, dict[str, Any]] = {
    "Query": {"shelf": Call(nothing)},
    "Mutation": {"add": Call(nothing)},
    "Subscription": {
        "shelf": Source(follow),
        "again": Source(follow, named),
        "shelves": Source(follow, listing=Listing(("count",), 3)),
    },
    "Shelf": {"name": Property("name"), "books": Batch(books), "broken": Batch(broken), "slow": Batch(slow)},
    "Book": {"title": Property("name")},
}


@pytest.fixture
def engine() -> Engine:
    return Engine(schema_of(SDL, DECLARED))


async def subscribe(
    engine: Engine, world: World, query: str = NAMED, **variables: Any
) -> AsyncGenerator[Outcome, None] | Outcome:
    return await engine.subscribe(prepared(engine, query), None, variables, Moment(world), world.renew)


async def opened(
    engine: Engine, world: World, query: str = NAMED, *events: Any, **variables: Any
) -> AsyncGenerator[Outcome, None]:
    for event in events:
        world.events.put_nowait(event)
    stream = await subscribe(engine, world, query, **variables)
    assert not isinstance(stream, Outcome), stream
    return stream


async def test_each_event_is_answered_in_a_context_of_its_own(engine: Engine) -> None:
    world = World()
    query = "subscription { shelves { name books { title } } }"
    async with nothing_left():
        stream = await opened(engine, world, query, [Thing("a"), Thing("b")], [Thing("c")], END)
        outcomes = [outcome async for outcome in stream]
    assert [outcome.errors for outcome in outcomes] == [[], []]
    assert [outcome.data for outcome in outcomes] == [
        {"shelves": [{"name": "a", "books": [{"title": "a-1"}]}, {"name": "b", "books": [{"title": "b-1"}]}]},
        {"shelves": [{"name": "c", "books": [{"title": "c-1"}]}]},
    ]
    assert world.calls == [("books of event 1", 2), ("books of event 2", 1)]
    assert (world.renewals, world.closed) == (2, 1)


async def test_an_answer_of_its_own_is_asked_for_at_each_event(engine: Engine) -> None:
    world = World()
    stream = await opened(
        engine, world, "subscription ($n: String!) { again(name: $n) { name } }", 1, 2, 3, 4, END, n="x"
    )
    assert [outcome.data async for outcome in stream] == [
        {"again": {"name": "x1"}},
        {"again": {"name": "x2"}},
        {"again": None},
    ], "a null without an error is the last answer"
    assert (world.renewals, world.closed) == (3, 1)


async def test_a_source_without_events_ends_without_answers(engine: Engine) -> None:
    world = World()
    assert [outcome async for outcome in await opened(engine, world, NAMED, END)] == []
    assert (world.renewals, world.closed) == (0, 1)


async def test_an_error_in_an_event_leaves_the_stream_alive(engine: Engine) -> None:
    world = World()
    query = 'subscription { shelf(name: "a") { name broken } }'
    stream = await opened(engine, world, query, Thing("a"), LookupError("gone"), Thing("b"), END)
    outcomes = [outcome async for outcome in stream]
    assert [outcome.data for outcome in outcomes] == [
        {"shelf": {"name": "a", "broken": None}},
        {"shelf": None},
        {"shelf": {"name": "b", "broken": None}},
    ]
    assert [[error.path for error in outcome.errors] for outcome in outcomes] == [
        [["shelf", "broken"]],
        [["shelf"]],
        [["shelf", "broken"]],
    ]


async def test_what_renewing_raises_ends_the_events(engine: Engine) -> None:
    world = World(allowed=lambda renewal: renewal < 2)
    async with nothing_left():
        stream = await opened(engine, world, NAMED, Thing("a"), Thing("b"), Thing("c"))
        assert (await anext(stream)).data == {"shelf": {"name": "a"}}
        with pytest.raises(RefusedError):
            await anext(stream)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
    assert world.closed == 1


async def test_a_source_that_fails_ends_the_events_with_an_outcome(engine: Engine) -> None:
    world = World()
    stream = await opened(engine, world, NAMED, Thing("a"), RefusedError("later"), Thing("b"))
    outcomes = [outcome async for outcome in stream]
    assert [(outcome.stage, outcome.data) for outcome in outcomes] == [
        (Stage.EXECUTE, {"shelf": {"name": "a"}}),
        (Stage.EXECUTE, None),
    ]
    (error,) = outcomes[1].errors
    assert (error.path, str(error.original_error)) == (["shelf"], "later")
    assert (world.renewals, world.closed) == (1, 1)


async def test_a_source_that_fails_at_once_is_refused(engine: Engine) -> None:
    world = World()
    world.events.put_nowait(RefusedError("at once"))
    refused = await subscribe(engine, world)
    assert isinstance(refused, Outcome)
    assert (refused.stage, refused.data) == (Stage.EXECUTE, None)
    assert [(error.path, str(error.original_error)) for error in refused.errors] == [(["shelf"], "at once")]
    never = Engine(schema_of(SDL, {**DECLARED, "Subscription": {**DECLARED["Subscription"], "shelf": Source(refuse)}}))
    refused = await subscribe(never, world)
    assert isinstance(refused, Outcome)
    assert [(error.path, str(error.original_error)) for error in refused.errors] == [(["shelf"], "not you")]


async def test_a_wrong_request_is_refused_before_the_source_is_opened(engine: Engine) -> None:
    world = World()
    wrong = await subscribe(engine, world, "subscription ($n: String!) { shelf(name: $n) { name } }", n=7)
    assert isinstance(wrong, Outcome)
    assert wrong.stage is Stage.REQUEST
    unknown = await engine.subscribe(prepared(engine, NAMED), "Other", {}, Moment(world), world.renew)
    assert isinstance(unknown, Outcome)
    assert unknown.stage is Stage.REQUEST
    dear = Engine(schema_of(SDL, DECLARED), most_points=1)
    costly = await subscribe(dear, world, 'subscription { shelf(name: "a") { books { title } } }')
    assert isinstance(costly, Outcome)
    assert costly.stage is Stage.LIMIT
    assert world.closed == 0


async def test_a_subscription_costs_at_each_event_what_a_query_does(engine: Engine) -> None:
    cost = engine.cost(prepared(engine, 'subscription { shelf(name: "a") { books { title } } }'), None, None)
    assert cost == engine.cost(prepared(engine, "{ shelf { books { title } } }"), None, None) > 1
    several = prepared(engine, "subscription ($n: Int!) { shelves(count: $n) { books { title } } }")
    costs = [engine.cost(several, None, {"n": count}) for count in (1, 2, 3)]
    assert costs[2] - costs[1] == costs[1] - costs[0] > 1


@pytest.mark.parametrize("query", ["{ shelf { name } }", "mutation { add }"])
async def test_only_subscriptions_can_be_subscribed_to(engine: Engine, query: str) -> None:
    with pytest.raises(NotASubscriptionError, match="hand it to `run`"):
        await subscribe(engine, World(), query)


async def test_a_subscription_cannot_be_run(engine: Engine) -> None:
    world = World()
    refused = await engine.run(prepared(engine, NAMED), None, None, Moment(world))
    assert refused.stage is Stage.REQUEST
    in_parts = await engine.run_in_parts(prepared(engine, NAMED), None, None, Moment(world), lambda _errors: [])
    assert isinstance(in_parts, Outcome)
    assert in_parts.stage is Stage.REQUEST
    assert "more than one answer" in in_parts.errors[0].message


async def test_closing_stops_a_source_that_waits(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await opened(engine, world, NAMED, Thing("a"))
        await anext(stream)
        waiting = asyncio.create_task(_next(stream))
        await asyncio.sleep(0.01)
        assert world.closed == 0
        await stream.aclose()
        assert world.closed == 1
        assert await waiting is None, "who waits is told that it is over"
        await stream.aclose()
    assert world.closed == 1


async def test_closing_before_the_first_answer_closes_the_source(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await opened(engine, world, NAMED, Thing("a"))
        await stream.aclose()
        assert await _next(stream) is None
    assert (world.closed, world.renewals) == (1, 0)


async def test_closing_cancels_the_event_under_way(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await opened(engine, world, 'subscription { shelf(name: "a") { slow } }', Thing("a"))
        waiting = asyncio.create_task(_next(stream))
        await asyncio.sleep(0.01)
        await stream.aclose()
        assert await waiting is None
    assert world.closed == 1


async def test_who_stops_waiting_stops_the_source(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await opened(engine, world, NAMED, Thing("a"))
        await anext(stream)
        waiting = asyncio.create_task(_next(stream))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert world.closed == 1


async def test_throwing_into_the_events_closes_the_source(engine: Engine) -> None:
    world = World()
    stream = await opened(engine, world, NAMED, Thing("a"))
    with pytest.raises(RefusedError):
        await stream.athrow(RefusedError())
    assert world.closed == 1


async def test_an_event_that_is_late_is_told_and_the_next_one_answered() -> None:
    engine, world = Engine(schema_of(SDL, DECLARED), deadline_s=0.05), World()
    async with nothing_left():
        stream = await opened(engine, world, 'subscription { shelf(name: "a") { slow } }', Thing("a"), Thing("b"), END)
        late, fine = [outcome async for outcome in stream]
    assert (late.stage, late.data) == (Stage.EXECUTE, None)
    assert isinstance(late.errors[0].original_error, LateError)
    assert (fine.data, fine.errors) == ({"shelf": {"slow": 1}}, [])


async def test_a_source_whose_first_event_is_late_is_refused_and_closed() -> None:
    engine, world = Engine(schema_of(SDL, DECLARED), deadline_s=0.05), World()
    async with nothing_left():
        refused = await subscribe(engine, world)
    assert isinstance(refused, Outcome)
    assert isinstance(refused.errors[0].original_error, LateError)
    assert world.closed == 1


async def _next(stream: AsyncGenerator[Outcome, None]) -> Outcome | None:
    return await anext(stream, None)
