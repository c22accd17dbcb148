"""Objects that come as rows: read by their shape where that tells enough, made into objects where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import pytest
from graphql import GraphQLScalarType

from tests.execution.small import prepared, schema_of
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.execution.fields import Batch, Call, Column, Property, iso
from ventanilla.execution.plan import gathering

pytestmark = pytest.mark.anyio

SDL = """
scalar Date
type Query { shelves: [Shelf!]!  books: [Book!] }
type Shelf { name: String!  books: [Book!]!  loose: [Book] }
type Book {
  name: String!  note: String  pages: Int  day: Date!  until: Date  price: Price!  shout: String!  derived: String
  number: Int!  shelf: Shelf
}
type Price { amount: String!  currency: String! }
"""


@dataclass
class Price:
    amount: str
    currency: str


@dataclass
class Book:
    name: Any
    note: Any
    pages: Any
    day: Any
    until: Any
    price: Any

    @property
    def derived(self) -> str:
        return f"derived of {self.name}"

    @property
    def number(self) -> int:
        return 7


ROW = ("", "one", None, 3, "2026-11-22", None, "1.50", "ARS")


@dataclass(eq=False)
class Shape:
    """A shape that counts how many objects were made."""

    made: int = 0
    known: tuple[str, ...] = ("name", "note", "pages", "day", "until", "price")
    names: dict[str, Any] = field(default_factory=lambda: {"Price": Price, "day_of": date.fromisoformat})

    def code(self, name: str, /) -> str | None:
        codes = {"day": "day_of(row[4])", "until": "row[5] and day_of(row[5])", "price": "Price(row[6], row[7])"}
        plain = {"name": "row[1]", "note": "row[2]", "pages": "row[3]"}
        return {**plain, **codes}.get(name) if name in self.known else None

    def leaf(self, path: str, /) -> tuple[str, str] | None:
        leaves = {
            "name": ("row[1]", "str"), "note": ("row[2]", "str?"), "day": ("row[4]", "iso"),
            "until": ("row[5]", "iso?"), "price.amount": ("row[6]", "str"), "price.currency": ("row[7]", "str"),
        }  # fmt: skip
        return leaves.get(path)


@dataclass
class Rows(Sequence[Any]):
    """Rows as an adapter would hand them over."""

    shape: Shape
    rows: Sequence[Any]
    origin: Any = None
    today: str = ""

    @staticmethod
    def joined(parts: Sequence[Any]) -> Rows | None:
        first = parts[0]
        if any(part.shape is not first.shape for part in parts):
            return None
        return Rows(first.shape, [row for part in parts for row in part.rows])

    def _object(self, row: Any) -> Book:
        self.shape.made += 1
        until = date.fromisoformat(row[5]) if row[5] else None
        return Book(row[1], row[2], row[3], date.fromisoformat(row[4]), until, Price(row[6], row[7]))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Book]:
        return map(self._object, self.rows)

    def __getitem__(self, index: Any) -> Any:
        return Rows(self.shape, self.rows[index]) if isinstance(index, slice) else self._object(self.rows[index])


@dataclass
class Shelf:
    name: str
    loose: Any = None


@dataclass
class World:
    shape: Shape = field(default_factory=Shape)
    rows: list[Any] = field(default_factory=lambda: [ROW])
    other: Shape | None = None
    """The shape of the second shelf's books, if it is not that of the first."""
    nothing: bool = False
    asked: list[Any] = field(default_factory=list[Any])


async def books(world: World, *, wanted: Any = None) -> Any:
    return None if world.nothing else Rows(world.shape, world.rows)


async def shelves(world: World) -> list[Shelf]:
    return [Shelf("s1", Rows(world.shape, world.rows)), Shelf("s2")]


async def of_shelves(world: World, parents: Sequence[Shelf], *, wanted: Any = None) -> list[Any]:
    world.asked.append(wanted)
    return [Rows(world.other or world.shape if place else world.shape, world.rows) for place, _ in enumerate(parents)]


def shout(_world: World, parents: Sequence[Book]) -> list[str]:
    return [parent.name.upper() for parent in parents]


async def shelf_of(_world: World, parents: Sequence[Book]) -> list[Any]:
    return [Shelf(f"shelf of {parent.name}") for parent in parents]


def engine(*, compiles: bool = True) -> Engine:
    schema = schema_of(
        SDL,
        {
            "Query": {"shelves": Call(shelves), "books": Call(books)},
            "Shelf": {
                "name": Property("name"),
                "loose": Property("loose"),
                "books": Batch(of_shelves, takes_wanted=True, reads=frozenset()),
            },
            "Book": {
                **{
                    name: Property(name)
                    for name in ("name", "note", "pages", "day", "until", "price", "derived", "number")
                },
                "shout": Column(shout, reads=frozenset({"name"})),
                "shelf": Batch(shelf_of),
            },
            "Price": {"amount": Property("amount"), "currency": Property("currency")},
        },
    )
    scalar = schema.type_map["Date"]
    assert isinstance(scalar, GraphQLScalarType)
    scalar.coerce_output_value = iso
    return Engine(schema, compiles=compiles)


PLAN, CORE = engine(), engine(compiles=False)


async def run(query: str, world: World, chosen: Engine = PLAN) -> Outcome:
    outcome = await chosen.run(prepared(chosen, query), None, None, world)
    assert outcome.compiled == (chosen is PLAN)
    return outcome


async def same(query: str, world: World) -> Outcome:
    """What the plan answers, which graphql-core answers too."""
    core = await run(query, world, CORE)
    world.shape.made = 0
    ours = await run(query, world)
    assert orjson.dumps(ours.data) == orjson.dumps(core.data)
    assert [(error.path, error.message) for error in ours.errors] == [(e.path, e.message) for e in core.errors]
    return ours


ALL = "name note pages day until price { amount currency } __typename"


@pytest.mark.parametrize(
    "query",
    [
        f"{{ books {{ {ALL} }} }}",
        f"{{ shelves {{ name books {{ {ALL} }} }} }}",
        f"{{ shelves {{ name loose {{ {ALL} }} }} }}",
        "{ books { a: name b: name price { c: currency } } }",
    ],
)
async def test_no_object_is_made_where_the_shape_tells_all(query: str) -> None:
    world = World(rows=[ROW, (*ROW[:2], "a note", None, ROW[4], "2027-01-31", "0.05", "CLP")])
    await same(query, world)
    assert not world.shape.made


async def test_what_the_shape_does_not_know_is_read_of_objects() -> None:
    world = World()
    outcome = await same("{ books { name derived number } }", world)
    assert outcome.data == {"books": [{"name": "one", "derived": "derived of one", "number": 7}]}
    assert world.shape.made == 1


async def test_functions_get_objects() -> None:
    world = World(rows=[ROW, ("", "two", *ROW[2:])])
    outcome = await same("{ books { name shout shelf { name } } }", world)
    assert outcome.data == {
        "books": [
            {"name": "one", "shout": "ONE", "shelf": {"name": "shelf of one"}},
            {"name": "two", "shout": "TWO", "shelf": {"name": "shelf of two"}},
        ]
    }


@pytest.mark.parametrize(
    ("row", "field_name"),
    [
        (("", "one", None, 2**40, *ROW[4:]), "pages"),
        (("", "one", None, "many", *ROW[4:]), "pages"),
    ],
)
async def test_a_value_that_cannot_be_is_an_error_of_its_place(row: Any, field_name: str) -> None:
    outcome = await same(f"{{ books {{ name {field_name} }} }}", World(rows=[ROW, row]))
    assert outcome.data == {"books": [{"name": "one", "pages": 3}, {"name": "one", "pages": None}]}
    assert [error.path for error in outcome.errors] == [["books", 1, "pages"]]


async def test_a_proof_of_something_else_is_none() -> None:
    """What is told to be a date is looked at where a text is due."""
    world = World()
    world.shape.leaf = lambda path: ("row[3]", "iso") if path == "name" else None  # type: ignore[method-assign]  a shape that errs
    outcome = await same("{ books { name } }", world)
    assert outcome.data == {"books": [{"name": "one"}]}


@pytest.mark.parametrize("name", ["made", "x1", "origin", "good", "leaf_5"])
async def test_what_a_shape_calls_its_things_displaces_nothing(name: str) -> None:
    world = World()
    world.shape.names[name] = None
    await same("{ books { name pages day } }", world)
    assert world.shape.made


@pytest.mark.parametrize("list_name", ["books", "loose"])
async def test_lists_of_several_shapes(list_name: str) -> None:
    world = World(other=Shape(known=("name",)))
    await same(f"{{ shelves {{ {list_name} {{ name shelf {{ name }} }} }} }}", world)
    await same(f"{{ shelves {{ {list_name} {{ name pages }} }} }}", world)


async def test_lists_of_several_shapes_are_one_level_of_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """No walk over each of them: people have accounts at more than one office."""
    monkeypatch.setattr(gathering, "exact_cells", None)
    outcome = await run("{ shelves { books { name shelf { name } } } }", World(other=Shape()))
    assert not outcome.errors
    assert outcome.data is not None
    assert [len(each["books"]) for each in outcome.data["shelves"]] == [1, 1]


@pytest.mark.parametrize("world", [World(rows=[]), World(nothing=True)])
async def test_nothing_is_nothing(world: World) -> None:
    await same("{ books { name shout } shelves { books { name } loose { name } } }", world)


async def test_a_function_is_told_what_is_read() -> None:
    world = World()
    await run("{ shelves { books { name price { amount } shout __typename } } }", world)
    await run("{ shelves { books { price { __typename } shelf { name } } } }", world)
    await run("{ shelves { books { price { __typename } } } }", world)
    assert world.asked == [frozenset({"name", "price.amount"}), None, frozenset({"price"})]
    await run("{ shelves { books { name } } }", world, CORE)
    assert world.asked[-1] is None


async def test_many_shapes_are_not_remembered_for_ever() -> None:
    ready = prepared(PLAN, "{ books { name day } }")
    for _ in range(20):
        assert (await PLAN.run(ready, None, None, World())).data
    found = ready.plans.ready(None, None)
    assert found is not None
    (root,) = found.plan.roots
    below: Any = root.columns[0].below if root.columns else root.fields[0].below
    assert 0 < len(below.shaped) <= 4
