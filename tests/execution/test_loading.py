"""Levels under graphql-core: one call each, and turns for everybody else while many rows are completed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.execution.small import prepared, schema_of
from ventanilla.execution.engine import Engine
from ventanilla.execution.fields import Batch, Call, Property
from ventanilla.execution.loading import TURN_S

pytestmark = pytest.mark.anyio

SDL = """
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
type Query { shelves(count: Int!): [Shelf!]! }
type Shelf { books: [Book!] }
type Book { title: String!  pages: Int }
"""


@dataclass
class World:
    """The context of these tests: it counts what is asked."""

    calls: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])


@dataclass
class Book:
    """A book whose title takes long to tell."""

    work_s: float

    @property
    def title(self) -> str:
        end = time.perf_counter() + self.work_s
        while time.perf_counter() < end:
            pass
        return "long"


async def shelves(_world: World, *, count: int) -> list[object]:
    return [object() for _ in range(count)]


async def books(world: World, parents: list[object]) -> list[list[Book]]:
    world.calls.append(("books", len(parents)))
    await asyncio.sleep(0)
    return [[Book(TURN_S / 2), Book(TURN_S)] for _ in parents]


async def pages(world: World, parents: list[Book]) -> list[int]:
    world.calls.append(("pages", len(parents)))
    return [7] * len(parents)


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {"shelves": Call(shelves)},
    "Shelf": {"books": Batch(books)},
    "Book": {"title": Property("title"), "pages": Batch(pages)},
}


async def test_others_have_turns_while_rows_are_completed_and_a_level_is_one_call_all_the_same() -> None:
    engine, world = Engine(schema_of(SDL, DECLARED)), World()
    # Deferring keeps it with graphql-core; answered whole, it is one level after the other.
    document = prepared(engine, "{ shelves(count: 20) { ... @defer { books { title pages } } } }")
    running = asyncio.create_task(engine.run(document, None, None, world))
    turns = 0
    while not running.done():
        await asyncio.sleep(0)
        turns += 1
    outcome = await running
    assert outcome.errors == []
    assert outcome.data == {"shelves": [{"books": [{"title": "long", "pages": 7}] * 2}] * 20}
    assert world.calls == [("books", 20), ("pages", 40)]
    assert turns > 20
