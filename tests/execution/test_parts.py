"""Answers in parts: together they are the whole answer, asked for with as few calls, and nothing is left of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLError, IntValueNode

from tests.execution.small import INCREMENTAL, nothing_left, prepared, schema_of
from ventanilla.execution.deadline import LateError
from ventanilla.execution.engine import MOST_POINTS_IN_PARTS, Engine, Outcome, Stage
from ventanilla.execution.fields import Batch, Call, Listing, Property
from ventanilla.execution.parts import MOST_PUT_OFF

pytestmark = pytest.mark.anyio

SDL = f"""{INCREMENTAL}
type Query {{ shelves(count: Int! = 3): [Shelf!]!  shelf: Shelf }}
type Mutation {{ add: Shelf }}
type Shelf {{ name: String!  books: [Book!]  broken: Int  strict: Int!  slow: Int }}
type Book {{ title: String!  pages: Int  shelf: Shelf }}
"""


@dataclass
class Thing:
    name: str


@dataclass
class World:
    """The context of these tests: it counts what is asked."""

    calls: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    begun: int = 0
    stopped: int = 0


async def shelves(_world: World, *, count: int) -> list[Thing]:
    return [Thing(f"s{index}") for index in range(count)]


async def shelf(_world: World) -> Thing:
    return Thing("only")


async def books(world: World, parents: list[Thing]) -> list[Any]:
    world.calls.append(("books", len(parents)))
    await asyncio.sleep(0)
    return [[Thing(f"{parent.name}-{number}") for number in range(2)] for parent in parents]


async def pages(world: World, parents: list[Thing]) -> list[int]:
    world.calls.append(("pages", len(parents)))
    return [len(parent.name) for parent in parents]


async def shelf_of(world: World, parents: list[Thing]) -> list[Thing]:
    world.calls.append(("shelf", len(parents)))
    return [Thing("back") for _ in parents]


async def broken(_world: World, parents: list[Thing]) -> list[Any]:
    return [LookupError(f"{parent.name} is broken") for parent in parents]


async def slow(world: World, parents: list[Thing]) -> list[int]:
    world.begun += 1
    try:
        await asyncio.sleep(60)
    finally:
        world.stopped += 1
    return [1] * len(parents)


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {"shelves": Call(shelves), "shelf": Call(shelf)},
    "Mutation": {"add": Call(shelf)},
    "Shelf": {
        "name": Property("name"),
        "books": Batch(books),
        "broken": Batch(broken),
        "strict": Batch(broken),
        "slow": Batch(slow),
    },
    "Book": {"title": Property("name"), "pages": Batch(pages), "shelf": Batch(shelf_of)},
}


@pytest.fixture
def engine() -> Engine:
    return Engine(schema_of(SDL, DECLARED))


def tell(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    return [{"told": str(error.original_error or error.message), "path": error.path} for error in errors]


async def in_parts(
    engine: Engine, query: str, world: World | None = None, **variables: Any
) -> AsyncGenerator[dict[str, Any], None] | Outcome:
    return await engine.run_in_parts(prepared(engine, query), None, variables, world or World(), tell)


async def parts_of(engine: Engine, query: str, world: World | None = None, **variables: Any) -> list[dict[str, Any]]:
    async with nothing_left():
        stream = await in_parts(engine, query, world, **variables)
        assert not isinstance(stream, Outcome), stream
        return [part async for part in stream]


def merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The data that a client has after the last of `parts`."""
    data = parts[0]["data"]
    paths: dict[str, list[Any]] = {}
    for part in parts:
        paths |= {each["id"]: each["path"] for each in part.get("pending", ())}
        for each in part.get("incremental", ()):
            place = _at(data, [*paths[each["id"]], *each.get("subPath", ())])
            if "items" in each:
                place.extend(each["items"])
            else:
                _mix(place, each["data"])
    return data


def _at(data: Any, path: list[Any]) -> Any:
    for key in path:
        data = data[key]
    return data


def _mix(into: Any, data: Any) -> None:
    for key, value in data.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _mix(into[key], value)
        else:
            into[key] = value


async def test_what_is_deferred_comes_later(engine: Engine) -> None:
    parts = await parts_of(engine, '{ shelf { name ... @defer(label: "books") { books { title } } } }')
    assert parts == [
        {
            "data": {"shelf": {"name": "only"}},
            "pending": [{"id": "0", "path": ["shelf"], "label": "books"}],
            "hasNext": True,
        },
        {
            "incremental": [{"id": "0", "data": {"books": [{"title": "only-0"}, {"title": "only-1"}]}}],
            "completed": [{"id": "0"}],
            "hasNext": False,
        },
    ]


WHOLE = [
    "{ shelves { name ... @defer { books { title } } } }",
    "{ shelves { ... @defer { books { title ... @defer { pages shelf { name } } } } name } }",
    "{ shelves(count: 5) @stream(initialCount: 2) { name books { title pages } } }",
    "{ shelf { books @stream { title shelf { name } } } ... @defer { again: shelf { name } } }",
    "{ ...A @defer ...B } fragment A on Query { shelf { books { title } } } fragment B on Query { shelf { name } }",
    "{ shelves { books @stream(initialCount: 1) { title ... @defer { pages } } } }",
    "mutation { add { name ... @defer { books { title } } } }",
    "query ($no: Boolean! = false) { shelf { ... @defer(if: true) { name books @stream(if: $no) { title } } } }",
]


@pytest.mark.parametrize("query", WHOLE)
async def test_the_parts_make_up_the_answer_that_is_given_whole(engine: Engine, query: str) -> None:
    whole = await engine.run(prepared(engine, query), None, None, World())
    parts = await parts_of(engine, query)
    assert (whole.stage, whole.errors) == (Stage.EXECUTE, [])
    assert whole.data is not None
    assert merged(parts) == whole.data
    assert [part["hasNext"] for part in parts] == [True] * (len(parts) - 1) + [False]
    assert len(parts) > 1


async def test_a_level_of_deferred_fragments_is_one_call(engine: Engine) -> None:
    world = World()
    query = "{ shelves(count: 50) { name ... @defer { books { title ... @defer { pages shelf { name } } } } } }"
    parts = await parts_of(engine, query, world)
    assert world.calls == [("books", 50), ("pages", 100), ("shelf", 100)]
    assert merged(parts)["shelves"][49]["books"][1] == {"title": "s49-1", "pages": 5, "shelf": {"name": "back"}}


async def test_the_rows_of_a_streamed_list_are_one_call(engine: Engine) -> None:
    world = World()
    query = "{ shelves(count: 60) @stream(initialCount: 10) { name books { pages } } }"
    parts = await parts_of(engine, query, world)
    assert world.calls == [("books", 10), ("pages", 20), ("books", 50), ("pages", 100)]
    assert len(parts[0]["data"]["shelves"]) == 10
    assert len(merged(parts)["shelves"]) == 60


async def test_errors_are_told_wherever_they_stand(engine: Engine) -> None:
    query = """{ shelf { broken ... @defer(label: "a") { name } ... @defer(label: "b") { it: broken }
        ... @defer(label: "c") { strict } } shelves(count: 1) @stream { broken } }"""
    parts = await parts_of(engine, query)
    assert parts[0]["errors"] == [{"told": "only is broken", "path": ["shelf", "broken"]}]
    labels = {each["id"]: each.get("label") for part in parts for each in part.get("pending", ())}
    told = {
        labels[each["id"]]: each["errors"]
        for part in parts
        for each in [*part.get("incremental", ()), *part.get("completed", ())]
        if "errors" in each
    }
    assert told == {
        "b": [{"told": "only is broken", "path": ["shelf", "it"]}],
        "c": [{"told": "only is broken", "path": ["shelf", "strict"]}],
        None: [{"told": "s0 is broken", "path": ["shelves", 0, "broken"]}],
    }


@pytest.mark.parametrize(
    "query",
    [
        "{ shelf { ... @defer(if: false) { name } } }",
        "query ($yes: Boolean! = false) { shelf { name ... @defer(if: $yes) { books { title } } } }",
        "{ shelves(count: 1) @stream(initialCount: 5, if: false) { name } }",
        "{ shelf { strict ... @defer { name } } }",
    ],
)
async def test_an_answer_of_which_nothing_is_put_off_is_an_outcome(engine: Engine, query: str) -> None:
    async with nothing_left():
        outcome = await in_parts(engine, query)
    assert isinstance(outcome, Outcome)
    whole = await engine.run(prepared(engine, query), None, None, World())
    assert outcome.data == whole.data is not None
    assert len(outcome.errors) == len(whole.errors)


async def test_what_is_refused_is_an_outcome(engine: Engine) -> None:
    dear = Engine(schema_of(SDL, DECLARED), most_points=5)
    query = "query ($n: Int! = 2) { shelves(count: $n) { ... @defer { books { title } } } }"
    wrong, costly = await in_parts(engine, query, n="two"), await in_parts(dear, query)
    assert isinstance(wrong, Outcome)
    assert isinstance(costly, Outcome)
    assert (wrong.stage, costly.stage) == (Stage.REQUEST, Stage.LIMIT)


async def test_what_is_put_off_costs_the_same(engine: Engine) -> None:
    plain = engine.cost(prepared(engine, "{ shelves { books { title pages } } }"), None, None)
    later = "{ shelves @stream { ... @defer { books @stream { title ... @defer { pages } } } } }"
    assert engine.cost(prepared(engine, later), None, None) == plain > 1


async def test_a_wrong_initial_count_is_the_arguments_fault(engine: Engine) -> None:
    query = "query ($n: Int!) { shelf { name books @stream(initialCount: $n) { title } } }"
    literal = await in_parts(engine, query.replace("$n)", "-1)").replace("($n: Int!)", ""))
    assert isinstance(literal, Outcome)
    (error,) = literal.errors
    assert error.path == ["shelf", "books"]
    assert isinstance(error.original_error, GraphQLError)
    assert [type(node) for node in error.original_error.nodes or ()] == [IntValueNode]
    assert "0 or more" in error.message
    given = await in_parts(engine, query, n=-1)
    assert isinstance(given, Outcome)
    assert given.data == {"shelf": {"name": "only", "books": None}}
    whole = await engine.run(prepared(engine, query), None, {"n": -1}, World())
    assert whole.errors == []


@pytest.mark.parametrize(
    ("query", "incremental"),
    [
        ("{ shelf { name } }", False),
        ('{ shelf { name @include(if: true) } } # @defer "@stream"', False),
        ("{ defer: shelf { stream: name } }", False),
        ("{ shelf { ... @defer { name } } }", True),
        ("{ shelves @stream { name } }", True),
        ("{ ...A } fragment A on Query { ... @ defer(if: false) { shelf { name } } }", True),
    ],
)
def test_a_document_tells_whether_it_puts_anything_off(engine: Engine, query: str, incremental: bool) -> None:
    assert prepared(engine, query).incremental is incremental


async def test_a_part_that_is_late_fails_with_all_that_were_to_follow() -> None:
    engine, world = Engine(schema_of(SDL, DECLARED), deadline_s=0.1), World()
    query = '{ shelf { name ... @defer(label: "a") { slow } } shelves(count: 2) { ... @defer(label: "b") { slow } } }'
    parts = await parts_of(engine, query, world)
    assert len(parts) == 2
    failed = parts[1]["completed"]
    assert {each["id"] for each in failed} == {each["id"] for each in parts[0]["pending"]}
    assert len(failed) == 3
    assert all("longer than the 0.1 seconds" in error["told"] for each in failed for error in each["errors"])
    assert parts[1]["hasNext"] is False
    assert world.begun == world.stopped == 2


async def test_a_first_part_that_is_late_is_an_outcome() -> None:
    engine, world = Engine(schema_of(SDL, DECLARED), deadline_s=0.1), World()
    async with nothing_left():
        late = await in_parts(engine, "{ shelf { slow ... @defer { name } } }", world)
    assert isinstance(late, Outcome)
    assert isinstance(late.errors[0].original_error, LateError)
    assert world.begun == world.stopped == 1


async def test_closing_stops_what_is_under_way(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await in_parts(engine, "{ shelf { name ... @defer { slow } } shelves @stream { slow } }", world)
        assert not isinstance(stream, Outcome)
        assert (await anext(stream))["hasNext"] is True
        waiting = asyncio.create_task(_next(stream))
        async with asyncio.timeout(10):
            while world.begun < 2:  # noqa: ASYNC110  functions of the schema tell nobody that they have begun
                await asyncio.sleep(0)
        assert world.stopped == 0
        await stream.aclose()
        assert await waiting is None
    assert world.stopped == 2


async def test_parts_that_nobody_reads_begin_nothing(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        stream = await in_parts(engine, "{ shelf { name ... @defer { slow } } shelves @stream { slow } }", world)
        assert not isinstance(stream, Outcome)
        await stream.aclose()
    assert world.begun == 0


async def _next(stream: AsyncGenerator[dict[str, Any], None]) -> dict[str, Any] | None:
    return await anext(stream, None)


@pytest.mark.parametrize(
    "query",
    [
        "{ shelves(count: 1002) { name ... @defer { again: name books { title } } } }",
        "{ shelves(count: 501) { ... @defer { name ... @defer { again: name books { title } } } } }",
        "{ shelves(count: 1001) { ... @defer { name ... on Shelf { books @stream { title } } } } }",
        "{ shelves(count: 1002) { name books @stream { title } } }",
    ],
)
async def test_what_would_be_put_off_beyond_bounds_comes_with_its_parent(engine: Engine, query: str) -> None:
    world = World()
    parts = await parts_of(engine, query, world)
    assert sum(len(part.get("pending", ())) for part in parts) <= MOST_PUT_OFF
    whole = await engine.run(prepared(engine, query), None, None, World())
    assert merged(parts) == whole.data
    assert sum(many for name, many in world.calls if name == "books") == len(parts[0]["data"]["shelves"])
    assert len(world.calls) <= 2


async def test_what_costs_much_is_answered_whole() -> None:
    shelves_listed = {**DECLARED["Query"], "shelves": Call(shelves, Listing(("count",), 3))}
    engine = Engine(schema_of(SDL, {**DECLARED, "Query": shelves_listed}))
    query = "query ($n: Int!) { shelves(count: $n) { name ... @defer { again: name } } }"
    whole = await in_parts(engine, query, n=MOST_POINTS_IN_PARTS)
    assert isinstance(whole, Outcome)
    assert whole.data is not None
    last = f"s{MOST_POINTS_IN_PARTS - 1}"
    assert whole.data["shelves"][-1] == {"name": last, "again": last}
    stream = await in_parts(engine, query, n=MOST_POINTS_IN_PARTS - 1)
    assert not isinstance(stream, Outcome)
    await stream.aclose()
