"""Plans: what is asked and when, what is compiled, and what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLSchema

from tests.execution.small import INCREMENTAL, nothing_left, prepared, schema_of
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.execution.fields import Batch, Call, Column, Property
from ventanilla.execution.plan.levels import TURN
from ventanilla.execution.plan.plans import MOST_CHOICES, Ready

pytestmark = pytest.mark.anyio

SDL = f"""{INCREMENTAL}
directive @mine on FIELD
type Query {{ shelves(count: Int! = 3): [Shelf!]!  shelf: Shelf  thing: Thing  size: Int }}
type Mutation {{ first: Int  second: Shelf  third: Int!  fourth: Int }}
type Subscription {{ size: Int }}
interface Thing {{ name: String! }}
type Shelf implements Thing {{
  name: String!  label: String!  books(prefix: String = "b"): [Book!]  slow: Int  quick: Book  width: Int!  thin: [Int]
}}
type Book implements Thing {{ name: String!  label: String!  shelf: Shelf  pages: Int }}
"""


@dataclass
class Item:
    name: str
    kind: str = "Shelf"


@dataclass
class World:
    """The context of these tests: it writes down what is asked."""

    calls: list[str] = field(default_factory=list[str])
    cut: list[str] = field(default_factory=list[str])
    quick: asyncio.Event = field(default_factory=asyncio.Event)

    def ask(self, name: str, parents: Any) -> None:
        self.calls.append(f"{name} {len(parents)}")


async def shelves(world: World, *, count: int) -> list[Item]:
    world.ask("shelves", [1])
    return [Item(f"s{number}") for number in range(count)]


async def shelf(_world: World) -> Item:
    return Item("only")


async def size(world: World) -> int:
    world.ask("size", [1])
    return 1


async def books(world: World, parents: list[Item], *, prefix: str | None) -> list[list[Item]]:
    world.ask("books", parents)
    return [[Item(f"{prefix}{number} of {parent.name}", "Book") for number in (0, 1)] for parent in parents]


def label(world: World, parents: list[Item]) -> list[str]:
    world.ask("label", parents)
    return [f"<{parent.name}>" for parent in parents]


async def slow(world: World, parents: list[Item]) -> list[int]:
    """Answers once the level below its neighbour has been asked."""
    world.ask("slow", parents)
    try:
        await world.quick.wait()
    finally:
        world.cut.append("slow")
    return [1] * len(parents)


async def quick(world: World, parents: list[Item]) -> list[Item]:
    world.ask("quick", parents)
    return [Item(parent.name, "Book") for parent in parents]


async def pages(world: World, parents: list[Item]) -> list[int]:
    world.ask("pages", parents)
    world.quick.set()
    return [7] * len(parents)


async def width(_world: World, parents: list[Item]) -> list[None]:
    return [None] * len(parents)


async def thin(_world: World, parents: list[Item]) -> list[Any]:
    numbers = [int(parent.name[1:]) for parent in parents]
    return [[ValueError("thin") if number % TURN == 3 else number] for number in numbers]


async def shelf_of(world: World, parents: list[Item]) -> list[Item]:
    world.ask("shelf_of", parents)
    return [Item("back") for _ in parents]


async def nothing(world: World) -> None:
    world.ask("nothing", [1])


def _schema() -> GraphQLSchema:
    name, labels = Property("name"), Column(label)
    schema = schema_of(
        SDL,
        {
            "Query": {"shelves": Call(shelves), "shelf": Call(shelf), "thing": Call(shelf), "size": Call(size)},
            "Mutation": {"first": Call(size), "second": Call(shelf), "third": Call(nothing), "fourth": Call(size)},
            "Subscription": {"size": Property("size")},
            "Shelf": {
                "name": name,
                "label": labels,
                "books": Batch(books),
                "slow": Batch(slow),
                "quick": Batch(quick),
                "width": Batch(width),
                "thin": Batch(thin),
            },
            "Book": {"name": name, "label": labels, "shelf": Batch(shelf_of), "pages": Batch(pages)},
        },
    )
    thing: Any = schema.type_map["Thing"]
    thing.resolve_type = lambda value, _info, _kind: value.kind
    thing.fields["name"].extensions.update(schema.type_map["Shelf"].fields["name"].extensions)  # type: ignore[union-attr]  an object type
    return schema


@pytest.fixture
def engine() -> Engine:
    return Engine(_schema(), deadline_s=5)


async def run(engine: Engine, query: str, world: World | None = None, **variables: Any) -> Outcome:
    async with nothing_left():
        return await engine.run(prepared(engine, query), None, variables, world or World())


async def test_a_level_is_one_call_of_each_function(engine: Engine) -> None:
    world = World()
    outcome = await run(engine, "{ shelves(count: 50) { name label books { name label shelf { label } } } }", world)
    assert outcome.compiled
    assert outcome.errors == []
    assert world.calls == ["shelves 1", "label 50", "books 50", "label 100", "shelf_of 100", "label 100"]


async def test_a_level_below_does_not_wait_for_its_neighbours(engine: Engine) -> None:
    outcome = await run(engine, "{ shelf { slow quick { pages } } }")
    assert outcome.data == {"shelf": {"slow": 1, "quick": {"pages": 7}}}


async def test_a_long_list_lets_others_have_their_turn_and_is_whole(engine: Engine) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def turns_of(count: int) -> int:
        before = turns
        outcome = await engine.run(prepared(engine, query), None, {"count": count}, World())
        assert outcome.compiled
        assert outcome.data is not None
        rows = outcome.data["shelves"]
        assert [row["name"] for row in rows] == [f"s{number}" for number in range(count)]
        at = [error.path for error in outcome.errors]
        assert at == [["shelves", number, "thin", 0] for number in range(count) if number % TURN == 3]
        return turns - before

    query = "query ($count: Int!) { shelves(count: $count) { name label thin } }"
    task = asyncio.create_task(others())
    few, many = await turns_of(10), await turns_of(5 * TURN + 1)
    task.cancel()
    assert many >= few + 5


async def test_what_nobody_stands_on_is_not_asked(engine: Engine) -> None:
    world = World()
    outcome = await run(engine, "{ shelves(count: 0) { label books { pages } } }", world)
    assert outcome.data == {"shelves": []}
    assert world.calls == ["shelves 1"]


async def test_a_change_that_nulls_everything_is_the_last_one(engine: Engine) -> None:
    world = World()
    outcome = await run(engine, "mutation { first second { label } third fourth }", world)
    assert outcome.data is None
    assert [(error.path, error.message) for error in outcome.errors] == [
        (["third"], "Cannot return null for non-nullable field Mutation.third.")
    ]
    assert world.calls == ["size 1", "label 1", "nothing 1"]


async def test_one_error_for_one_null(engine: Engine) -> None:
    outcome = await run(engine, "{ shelves(count: 3) { a: width b: width } size }")
    assert outcome.data is None
    assert len(outcome.errors) == 1
    assert outcome.errors[0].path == ["shelves", 0, "a"]
    (place,) = outcome.errors[0].locations or []
    assert (place.line, place.column) == (1, 23)


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ shelf { name } __type(name: "Shelf") { name } }',
        "{ shelf { name ... @defer { label } } }",
        "{ shelves @stream { name } }",
        "{ shelf { name @mine } }",
        "{ ...F } fragment F on Query { shelf { ...G } } fragment G on Shelf { name @mine }",
    ],
)
async def test_what_is_odd_is_executed_by_graphql_core(engine: Engine, query: str) -> None:
    outcome = await run(engine, query)
    assert not outcome.compiled
    assert outcome.data is not None


async def test_types_that_are_told_by_more_than_their_value_are_not_compiled() -> None:
    schema = _schema()
    schema.type_map["Book"].is_type_of = lambda _value, _info: True  # type: ignore[union-attr]  an object type
    engine = Engine(schema)
    assert not (await run(engine, "{ thing { name } }")).compiled
    assert (await run(engine, "{ shelf { name } }")).compiled
    schema.type_map["Thing"].resolve_type = None  # type: ignore[union-attr]  an interface
    assert not (await run(Engine(schema), "{ thing { __typename } }")).compiled


async def test_an_engine_that_does_not_compile() -> None:
    outcome = await run(Engine(_schema(), compiles=False), "{ shelf { name } }")
    assert not outcome.compiled
    assert outcome.data == {"shelf": {"name": "only"}}


async def test_a_plan_serves_all_variables_but_those_that_choose(engine: Engine) -> None:
    query = """query ($p: String, $a: Boolean!, $b: Boolean! = true) {
        shelf { name @skip(if: $a) books(prefix: $p) @include(if: $b) { name } }
    }"""
    plans = prepared(engine, query).plans
    ready = [
        plans.ready(None, variables)
        for variables in ({"a": True}, {"a": True, "p": "x"}, {"a": True, "b": True}, {"a": False}, {"a": "no"})
    ]
    found = [each.plan if isinstance(each, Ready) else None for each in ready]
    assert found[0] is not None
    assert found[0] is found[1] is found[2] is not found[3]
    assert found[4] is None, "graphql-core says what is wrong with the variables"
    outcome = await run(engine, query, a=True, p="x")
    assert outcome.compiled
    assert outcome.data == {"shelf": {"books": [{"name": "x0 of only"}, {"name": "x1 of only"}]}}
    assert (await run(engine, query, a=False, b=False)).data == {"shelf": {"name": "only"}}


async def test_the_plans_of_a_document_are_few(engine: Engine) -> None:
    names = [f"$v{number}" for number in range(6)]
    query = (
        f"query ({', '.join(f'{name}: Boolean!' for name in names)}) "
        f"{{ {' '.join(f'a{name[1:]}: size @skip(if: {name})' for name in names)} size }}"
    )
    plans = prepared(engine, query).plans
    sizes: list[int] = []
    for choice in range(2 ** len(names)):
        variables = {name[1:]: bool(choice >> place & 1) for place, name in enumerate(names)}
        outcome = await run(engine, query, **variables)
        assert outcome.compiled
        assert len(outcome.data or {}) == 7 - choice.bit_count()
        sizes.append(plans.size)
    assert max(sizes) <= MOST_CHOICES * sizes[0]


async def test_what_plans_take_counts_for_the_documents() -> None:
    engine = Engine(_schema(), documents=1_000, document_bytes=100_000)
    for number in range(30):
        query = f"{{ a{number}: shelf {{ name label books {{ name }} quick {{ name }} }} }}"
        assert (await run(engine, query)).compiled
        assert (await run(engine, query)).compiled
    assert 0 < len(engine.documents) < 8
    kept = [engine.documents.prepare(query)]
    assert kept[0].plans.size > 0


async def test_the_code_of_a_plan_can_be_read(engine: Engine) -> None:
    query = '{ shelf { a: name quick { name } thing: books(prefix: "\\") + 1 #") { label } } }'
    ready = prepared(engine, query).plans.ready(None, None)
    assert ready is not None
    assert ready.plan.source == (
        "def rows(parents, c0):  # Query\n"
        "    made = []\n"
        "    for p, v0 in zip(parents, c0):\n"
        "        made.append({'shelf': v0})\n"
        "    return made\n"
        "\n\n"
        "def rows(parents, c0, c1):  # Shelf\n"
        "    made = []\n"
        "    for p, v0, v1 in zip(parents, c0, c1):\n"
        "        x1 = p.name\n"
        "        if type(x1) is not str:\n"
        "            x1 = leaf_1(x1)\n"
        "        if v0 is not None:\n"
        "            good[type(v0)]\n"
        "            x2 = v0.name\n"
        "            if type(x2) is not str:\n"
        "                x2 = leaf_2(x2)\n"
        "            v0 = {'name': x2}\n"
        "        made.append({'a': x1, 'quick': v0, 'thing': v1})\n"
        "    return made\n"
        "\n\n"
        "def rows(parents, c0):  # Book\n"
        "    made = []\n"
        "    for p, v0 in zip(parents, c0):\n"
        "        if type(v0) is not str:\n"
        "            v0 = leaf_1(v0)\n"
        "        made.append({'label': v0})\n"
        "    return made\n"
    )


async def test_types_are_compiled_when_they_are_met(engine: Engine) -> None:
    query = "{ thing { __typename ... on Book { pages } ... on Shelf { label } } }"
    ready = prepared(engine, query).plans.ready(None, None)
    assert ready is not None
    assert "Shelf" not in ready.plan.source
    assert (await run(engine, query)).data == {"thing": {"__typename": "Shelf", "label": "<only>"}}
    assert "# Shelf" in ready.plan.source
    assert "# Book" not in ready.plan.source


async def test_all_is_cut_off_when_nobody_waits_any_more(engine: Engine) -> None:
    world = World()
    async with nothing_left():
        job = prepared(engine, "{ shelf { slow books { name shelf { slow } } } }")
        task = asyncio.create_task(engine.run(job, None, None, world))
        await asyncio.sleep(0.02)
        assert world.calls.count("slow 1") == 1
        assert world.calls.count("slow 2") == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert world.cut == ["slow", "slow"]


async def test_who_does_not_let_go_is_not_waited_for() -> None:
    released = asyncio.Event()

    async def stubborn(_world: World) -> int:
        try:
            await asyncio.sleep(60)
        finally:
            await released.wait()
        return 1

    schema = _schema()
    schema.query_type.fields["size"].extensions.update(  # type: ignore[union-attr]  there is one
        schema_of(SDL, {"Query": {"size": Call(stubborn)}}).query_type.fields["size"].extensions  # type: ignore[union-attr]  and there
    )
    engine = Engine(schema, deadline_s=0.05)
    async with nothing_left():
        async with asyncio.timeout(2):
            late = await engine.run(prepared(engine, "{ size }"), None, None, World())
        released.set()
    assert "0.05 seconds" in late.errors[0].message


async def test_a_cut_off_inside_a_function_is_an_error_of_its_field() -> None:
    async def given_up(_world: World) -> int:
        raise asyncio.CancelledError

    schema = _schema()
    schema.query_type.fields["size"].extensions.update(  # type: ignore[union-attr]  there is one
        schema_of(SDL, {"Query": {"size": Call(given_up)}}).query_type.fields["size"].extensions  # type: ignore[union-attr]  and there
    )
    outcome = await run(Engine(schema), "{ shelf { name } size }")
    assert outcome.data == {"shelf": {"name": "only"}, "size": None}
    assert outcome.errors[0].path == ["size"]
