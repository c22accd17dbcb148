"""The engine over a small schema of its own: it knows nothing of invoices."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import build_schema

from tests.execution.small import schema_of
from ventanilla.execution.binding import UndeclaredFieldError
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome, Stage
from ventanilla.execution.fields import Batch, Call, Column, Property

pytestmark = pytest.mark.anyio

SDL = """
type Query { shelves(count: Int! = 2): [Shelf!]!  shelf: Shelf  broken: Int }
type Mutation { add(by: Int!): Int! }
type Shelf { name: String!  label: String!  books(prefix: String): [Book!]  first: Book  strict: Int! }
type Book { title: String!  shelf: Shelf }
"""


@dataclass
class Thing:
    name: str
    index: int = 0


@dataclass
class World:
    """The context of these tests: it counts what is asked."""

    calls: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    total: int = 0


async def shelves(world: World, *, count: int) -> list[Thing]:
    world.calls.append(("shelves", 1))
    return [Thing(f"s{index}", index) for index in range(count)]


async def books(world: World, parents: list[Thing], *, prefix: str = "") -> list[Any]:
    world.calls.append(("books", len(parents)))
    await asyncio.sleep(0)
    return [[Thing(f"{prefix}{parent.name}-{number}") for number in range(2)] for parent in parents]


async def first(world: World, parents: list[Thing]) -> list[Any]:
    world.calls.append(("first", len(parents)))
    return [ValueError("no first") if parent.index % 2 else Thing("one") for parent in parents]


async def strict(world: World, parents: list[Thing]) -> list[Any]:
    world.calls.append(("strict", len(parents)))
    raise LookupError("all of them")


async def shelf_of(world: World, parents: list[Thing]) -> list[Any]:
    world.calls.append(("shelf_of", len(parents)))
    return [Thing("back") for _ in parents]


async def misaligned(_world: World, parents: list[Thing]) -> list[Any]:
    return [1] * (len(parents) + 1)


async def add(world: World, *, by: int) -> int:
    before = world.total
    await asyncio.sleep(0)
    world.total = before + by
    return world.total


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {
        "shelves": Call(shelves),
        "shelf": Call(lambda w: _async(Thing("only"))),
        "broken": Call(lambda w: _async("x")),
    },
    "Mutation": {"add": Call(add)},
    "Shelf": {
        "name": Property("name"),
        "label": Column(lambda _w, parents: [f"<{parent.name}>" for parent in parents]),
        "books": Batch(books),
        "first": Batch(first),
        "strict": Batch(strict),
    },
    "Book": {"title": Property("name"), "shelf": Batch(shelf_of)},
}


async def _async(value: Any) -> Any:
    return value


def engine_of(declared: dict[str, dict[str, Any]] = DECLARED) -> Engine:
    return Engine(schema_of(SDL, declared))


@pytest.fixture
def engine() -> Engine:
    return engine_of()


async def run(
    engine: Engine, query: str, world: World | None = None, name: str | None = None, **variables: Any
) -> Outcome:
    prepared = engine.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    return await engine.run(prepared, name, variables, world or World())


async def test_a_level_is_one_call_however_many_parents(engine: Engine) -> None:
    world = World()
    outcome = await run(engine, "{ shelves(count: 100) { name label books { title shelf { name } } } }", world)
    assert outcome.errors == []
    assert outcome.data is not None
    assert outcome.data["shelves"][99]["books"][1] == {"title": "s99-1", "shelf": {"name": "back"}}
    assert outcome.data["shelves"][7]["label"] == "<s7>"
    assert world.calls == [("shelves", 1), ("books", 100), ("shelf_of", 200)]


async def test_aliases_with_other_arguments_are_other_calls(engine: Engine) -> None:
    world = World()
    outcome = await run(engine, '{ shelf { a: books(prefix: "a") { title } b: books(prefix: "b") { title } } }', world)
    assert outcome.data == {
        "shelf": {
            "a": [{"title": "aonly-0"}, {"title": "aonly-1"}],
            "b": [{"title": "bonly-0"}, {"title": "bonly-1"}],
        }
    }
    assert world.calls == [("books", 1), ("books", 1)]


async def test_an_exception_at_a_position_leaves_the_others_whole(engine: Engine) -> None:
    outcome = await run(engine, "{ shelves(count: 3) { first { title } } }")
    assert outcome.data == {"shelves": [{"first": {"title": "one"}}, {"first": None}, {"first": {"title": "one"}}]}
    assert [(error.path, str(error.original_error)) for error in outcome.errors] == [
        (["shelves", 1, "first"], "no first")
    ]


async def test_a_raised_exception_is_the_answer_of_every_position(engine: Engine) -> None:
    outcome = await run(engine, "{ shelf { strict } broken }")
    assert outcome.data == {"shelf": None, "broken": None}
    assert sorted(str(error.path) for error in outcome.errors) == ["['broken']", "['shelf', 'strict']"]


async def test_a_batch_that_answers_the_wrong_number_is_an_error() -> None:
    declared = {**DECLARED, "Shelf": {**DECLARED["Shelf"], "strict": Batch(misaligned)}}
    outcome = await run(engine_of(declared), "{ shelf { strict } }")
    assert outcome.data == {"shelf": None}
    assert "answered 2 values for 1 parents" in str(outcome.errors[0].original_error)


async def test_mutations_run_one_after_another(engine: Engine) -> None:
    outcome = await run(engine, "mutation { a: add(by: 1) b: add(by: 2) c: add(by: 3) }")
    assert outcome.data == {"a": 1, "b": 3, "c": 6}


async def test_stages_tell_how_far_a_request_came(engine: Engine) -> None:
    assert engine.prepare("{ shelf {").stage is Stage.PARSE  # type: ignore[union-attr]  an Outcome here
    assert engine.prepare("{ nothing }").stage is Stage.VALIDATE  # type: ignore[union-attr]  an Outcome here
    unknown = await run(engine, "query A { broken } query B { broken }", name="C")
    assert (unknown.stage, unknown.data) == (Stage.REQUEST, None)
    wrong = await run(engine, "query ($n: Int!) { shelves(count: $n) { name } }", n="many")
    assert (wrong.stage, wrong.data) == (Stage.REQUEST, None)
    nulled = await run(
        engine_of({**DECLARED, "Query": {**DECLARED["Query"], "shelves": Call(add)}}), "{ shelves { name } }"
    )
    assert (nulled.stage, nulled.data) == (Stage.EXECUTE, None)


async def test_nesting_beyond_the_parser_is_refused_not_crashed() -> None:
    engine = Engine(schema_of(SDL, DECLARED), max_tokens=1_000_000)
    refused = engine.prepare("{ shelf { first { shelf" + "{ first { shelf" * 30_000 + "}" * 90_000)
    assert isinstance(refused, Outcome)
    assert refused.stage is Stage.PARSE


async def test_too_many_tokens_are_refused() -> None:
    refused = Engine(schema_of(SDL, DECLARED), max_tokens=50).prepare("{" + "broken " * 60 + "}")
    assert isinstance(refused, Outcome)
    assert refused.stage is Stage.PARSE


async def test_validation_tells_three_errors_at_most(engine: Engine) -> None:
    refused = engine.prepare("{" + " ".join(f"x{n}" for n in range(100)) + "}")
    assert isinstance(refused, Outcome)
    assert len(refused.errors) == 3


async def test_suggestions_and_introspection_can_be_switched_off() -> None:
    shut = Engine(schema_of(SDL, DECLARED), introspection=False, hide_suggestions=True)
    refused = shut.prepare("{ shelfes { name } }")
    assert isinstance(refused, Outcome)
    assert "Did you mean" not in refused.errors[0].message
    assert isinstance(shut.prepare("{ __schema { types { name } } }"), Outcome)
    open_one = engine_of()
    assert isinstance(open_one.prepare("{ __schema { types { name } } }"), Prepared)


async def test_documents_are_prepared_once_and_bounded() -> None:
    engine = Engine(schema_of(SDL, DECLARED), documents=30, document_bytes=1_000_000)
    kept = engine.prepare("{ shelf { name } }")
    assert engine.prepare("{ shelf { name } }") is kept
    for number in range(100):
        engine.prepare(f"{{ a{number}: shelf {{ name }} }}")
        engine.prepare(f"{{ a{number}: shelf {{ name }} }}")
    assert len(engine.documents) == 27
    assert engine.prepare("{ shelf { name } }") is not kept


async def test_documents_that_nobody_repeats_displace_none_that_somebody_does() -> None:
    engine = Engine(schema_of(SDL, DECLARED), documents=30, document_bytes=1_000_000)
    once, again = engine.prepare("{ shelf { name } }"), engine.prepare("{ shelves { name } }")
    assert engine.prepare("{ shelves { name } }") is again
    for number in range(1_000):
        engine.prepare(f"{{ a{number}: shelf {{ name }} }}")
    assert len(engine.documents) == 3 + 1
    assert engine.prepare("{ shelves { name } }") is again
    assert engine.prepare("{ shelf { name } }") is not once


async def test_documents_are_bounded_by_bytes_and_refused_ones_displace_nothing() -> None:
    engine = Engine(schema_of(SDL, DECLARED), documents=1_000, document_bytes=80_000)
    for number in range(50):
        engine.prepare(f"{{ a{number}: shelf {{ name }} }} # {'x' * 10_000}")
        engine.prepare(f"{{ a{number}: shelf {{ name }} }} # {'x' * 10_000}")
    assert len(engine.documents) == 4
    for number in range(50):
        engine.prepare(f"{{ wrong{number} }}")
    assert len(engine.documents) == 4


async def test_a_document_beyond_the_bounds_is_run_and_not_remembered() -> None:
    engine = Engine(schema_of(SDL, DECLARED), documents=1_000, document_bytes=10_000)
    query = f"{{ shelf {{ name }} }} # {'x' * 10_000}"
    assert engine.prepare(query) is not engine.prepare(query)
    assert not len(engine.documents)


async def test_documents_weigh_what_they_take_in_memory() -> None:
    engine = Engine(schema_of(SDL, DECLARED), documents=1_000, document_bytes=1_000_000)
    for number in range(50):
        engine.prepare(f"{{ a{number}: shelf {{ {'name ' * 300}}} }}")
    assert len(engine.documents) < 10


async def test_work_stops_when_nobody_waits_any_more() -> None:
    stopped = asyncio.Event()

    async def slow(_world: World, parents: list[Thing]) -> list[Any]:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()
        return [1] * len(parents)

    engine = engine_of({**DECLARED, "Shelf": {**DECLARED["Shelf"], "strict": Batch(slow)}})
    task = asyncio.create_task(run(engine, "{ shelf { strict } }"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(stopped.wait(), 1)


def test_a_field_without_a_declaration_is_refused_when_the_engine_is_made() -> None:
    with pytest.raises(UndeclaredFieldError, match=r"Query\.shelves"):
        Engine(build_schema(SDL))
