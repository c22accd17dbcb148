"""Schemas in which everything goes wrong: values, faults and times come from a seed, alike for every engine.

`nasty` is a schema of its own, `spoilt` makes one of any other. `value` makes what a field answers from the seed, the
object and the field alone, so that two engines that ask in another order, or twice, get the same. The faults are those
of real life, and some that only a bad adapter has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from math import inf, nan
from random import Random
from typing import Any
from zlib import crc32

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    build_schema,
    is_abstract_type,
)

from ventanilla.execution.fields import DECLARATION, Batch, Call, Column, Declaration, Property

_COMMON = """
  id: ID!  name: String  strict: String!  mood: Mood  hue: Hue!  fussy: Fussy  fussyStrict: Fussy!  text: Text
  int: Int  intStrict: Int!  float: Float  floatStrict: Float!  flag: Boolean  flagStrict: Boolean!
  ints: [Int]  intsStrict: [Int!]!  grid: [[Int!]]  gridStrict: [[Int!]!]!  moods: [Mood!]
  echo(i: Int = 3, s: String, in: In, list: [Int!], mood: Mood, must: Int! = 1): String
  columnInt: Int  columnStrict: String!  columnLeaf: Leaf  columnLeaves: [Leaf!]!
  leaf: Leaf  leafStrict: Leaf!  leaves: [Leaf]  leavesStrict: [Leaf!]!  leafGrid: [[Leaf]!]
  batchInt: Int  batchStrict: String!  batchLeaf: Leaf  batchLeafStrict: Leaf!  batchLeaves: [Leaf!]
  thing: Thing  things: [Thing!]  either: Either  eithers: [Either!]!  eitherGrid: [[Either]]
  node: Node  nodes: [Node]  nodesStrict: [Node!]!  nodeGrid: [[Node!]!]
  batchNode: Node  batchNodeStrict: Node!  batchNodes: [Node!]!  batchThings: [Thing]  batchEither: Either!
"""
SDL = f"""
scalar Fussy
scalar Text
enum Mood {{ GLAD SAD TORN }}
enum Hue {{ RED BLUE }}
input In {{ a: Int = 5  b: String!  inner: In }}
interface Thing {{ {_COMMON} }}
type Node implements Thing {{ {_COMMON} own: Int }}
type Other implements Thing {{ {_COMMON} other: [Leaf!] }}
type Leaf {{
  id: ID!  name: String  int: Int  intStrict: Int!  tint: Hue  label: Text!  fussy: Fussy  numbers: [Int!]
  leaf: Leaf  kids: [Leaf!]  pairs: [[Leaf!]!]
}}
union Either = Node | Other | Leaf
type Query {{
  node: Node  nodeStrict: Node!  nodes: [Node]  things: [Thing!]!  either: Either  int: Int  leaf: Leaf
  echo(i: Int = 3, s: String, in: In, list: [Int!], mood: Mood, must: Int! = 1): String
}}
type Mutation {{ bump(by: Int! = 1): Int  bumpStrict: Int!  node: Node  leafStrict: Leaf!  things: [Thing!] }}
"""


class Hue(Enum):
    """What the values of the enum of that name are."""

    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class World:
    """The context: where values come from, and how many in a thousand positions go wrong."""

    seed: int
    faults: int

    def random(self, *about: object) -> Random:
        return Random(crc32(repr((self.seed, *about)).encode()))  # noqa: S311  worlds, not secrets


@dataclass(frozen=True)
class Thing:
    """An object; its attributes are made when they are read."""

    world: World
    key: str
    kind: str

    def __getattr__(self, name: str) -> Any:
        if name not in _TYPES:
            raise AttributeError(name)
        random = self.world.random(self.key, name)
        if random.randrange(1000) < self.world.faults:
            raise random.choice([ValueError, KeyError, AttributeError])(f"{self.key}.{name} is broken")
        return value(self.world, random, _TYPES[name], f"{self.key}.{name}")


class ProblemError(Exception):
    """An exception that is answered; it has an attribute that objects have too."""

    name = "not a name"


def value(world: World, random: Random, kind: Any, key: str) -> Any:
    """A value for `kind`, or something else."""
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if random.randrange(1000) < world.faults:
        return _fault(random, kind, key)
    if random.randrange(12) == 0 and world.faults:
        return None
    if isinstance(kind, GraphQLList):
        items = [value(world, random, kind.of_type, f"{key}.{place}") for place in range(random.randrange(4))]
        return random.choice(_LISTS if world.faults else _LISTS[:3])(items)
    if isinstance(kind, GraphQLObjectType):
        return Thing(world, key, kind.name)
    if is_abstract_type(kind):
        return Thing(world, key, random.choice(_POSSIBLE[kind.name]))
    return random.choice(_leaves(kind))


def _fault(random: Random, kind: Any, key: str) -> Any:
    bad = _BAD.get(getattr(kind, "name", ""))
    return random.choice(bad) if bad and random.randrange(2) else random.choice(_ODD)(key)


def _leaves(kind: Any) -> list[Any]:
    """Some values of a scalar or an enum."""
    members = getattr(kind, "wrapped_cls", None)
    return list(members) if members else _LEAVES[kind.name]


def _failing(items: list[Any]) -> Iterator[Any]:
    yield from items
    raise ValueError("the list breaks off")


_ODD: list[Callable[[str], Any]] = [
    lambda key: ProblemError(f"{key} is a problem"),
    lambda key: GraphQLError(f"{key} is a problem of its own"),
    lambda _key: None,
    lambda _key: Undefined,
    lambda _key: object,
    lambda _key: "text",
    lambda _key: 2**40,
    lambda _key: {"a": 1},
    lambda _key: [None, 1],
]
_BAD: dict[str, list[Any]] = {
    "Int": [2**31, -(2**31) - 1, 1.5, "1.5", inf],
    "Float": [inf, -inf, nan, "inf"],
    "Boolean": ["true", nan],
    "ID": [1.5, True],
    "String": [b"bytes"],
    "Mood": ["glad"],
    "Hue": [1, "RED"],
}
_LISTS: list[Callable[[list[Any]], Any]] = [list, tuple, list, iter, _failing, lambda items: (each for each in items)]
_POSSIBLE: dict[str, list[str]] = {}
"""The object types that each interface or union may turn out to be."""
_TYPES: dict[str, Any] = {}
"""The type of each attribute that a `Thing` has, named after the field: ``Invoice__lines``."""
_LEAVES: dict[str, list[Any]] = {
    "Int": [0, 7, -(2**31), True, "12", 3.0],
    "Float": [0.5, 1, "2.5", -1e300],
    "String": ["", "ñandú \u2028", 5, True, 1.5],
    "ID": ["x", 12, "0"],
    "Boolean": [True, False, 1, 0.0],
    "Mood": ["GLAD", "SAD", "TORN"],
    "Hue": [Hue.RED, Hue.BLUE],
    "Fussy": [1, "a", [1], "bad", "none"],
    "Text": ["t", 5, 1.5],
    "Date": [date(2026, 11, 21), date(1, 1, 1)],
    "DateTime": [datetime(2026, 11, 21, 9, 30, tzinfo=UTC)],
    **{key: ["1.50", 3] for key in ("Decimal", "CurrencyCode", "Url", "TimeZone", "Colour", "YearMonth", "Fraction")},
}


def _fussy(output: Any) -> Any:
    if output == "bad" or isinstance(output, type | Thing):
        raise ValueError("Fussy does not like this.")
    return None if output == "none" else {"fussy": str(output)} if isinstance(output, list) else output


def _kind_of(found: Any, _info: object, _abstract: object) -> Any:
    if not isinstance(found, Thing):
        return found if isinstance(found, str) else None
    fate = found.world.random("kind", found.key).randrange(4000)
    if fate < found.world.faults:
        raise LookupError(f"{found.key} has no type")
    wrong = ["Nobody", "Query", "Thing", "Leaf", None, 5]
    return wrong[fate % len(wrong)] if fate < found.world.faults * 2 else found.kind


def _column(coordinate: str, kind: Any) -> Column:
    def column(world: World, parents: Sequence[Any]) -> list[Any]:
        return [_cell(world, coordinate, kind, parent) for parent in parents]

    return Column(column)


def _cell(world: World, coordinate: str, kind: Any, parent: Any) -> Any:
    key = f"{getattr(parent, 'key', parent)}.{coordinate}"
    random = world.random(key)
    if random.randrange(1000) < world.faults:
        raise ValueError(f"{key} cannot be computed")
    return value(world, random, kind, key)


def _batch(coordinate: str, kind: Any) -> Batch:
    async def batch(world: World, parents: Sequence[Any], **arguments: Any) -> list[Any]:
        random = world.random(coordinate)
        for _ in range(random.randrange(3)):
            await asyncio.sleep(0)
        if random.randrange(1000) < world.faults:
            raise ConnectionError(f"{coordinate} is down")
        keys = [f"{getattr(parent, 'key', parent)}.{coordinate}" for parent in parents]
        answers = [value(world, world.random(key), kind, key) for key in keys]
        if coordinate.endswith(".echo"):
            answers = [repr(sorted(arguments.items())) for _ in parents]
        return answers[1:] if random.randrange(2000) < world.faults else answers

    return Batch(batch)


def _call(coordinate: str, kind: Any) -> Call:
    async def call(world: World, **arguments: Any) -> Any:
        random = world.random(coordinate)
        await asyncio.sleep(0)
        if random.randrange(1000) < world.faults:
            raise ConnectionError(f"{coordinate} is down")
        if coordinate.endswith(".echo"):
            return repr(sorted(arguments.items()))
        return value(world, random, kind, coordinate)

    return Call(call)


def _declared(kind: str, name: str, field: GraphQLField) -> Declaration:
    if kind in {"Query", "Mutation"}:
        return Call(_unused)
    if name == "echo" or name.startswith("batch"):
        return Batch(_unused)
    return Column(_unused) if name.startswith("column") else Property(name)


def _unused(*_arguments: Any, **_more: Any) -> Any:
    raise NotImplementedError


def nasty(*, nullable: bool = False) -> GraphQLSchema:
    """The schema; with `nullable` everything may be null, so that no error hides another."""
    schema = build_schema(SDL)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.extensions[DECLARATION] = _declared(kind.name, name, field)
                if field.args:
                    field.args["in" if "in" in field.args else "by"].out_name = "taken"
    _fill(schema)
    return spoilt(schema, nullable=nullable)


def spoilt(schema: GraphQLSchema, *, nullable: bool = False) -> GraphQLSchema:
    """`schema` with functions and attributes of the kinds that it declares, which answer whatever comes to mind."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.extensions[DECLARATION] = _spoilt(field.extensions[DECLARATION], kind.name, name, field.type)
                field.type = _nullable(field.type) if nullable else field.type
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _kind_of
            _POSSIBLE[kind.name] = sorted(each.name for each in schema.get_possible_types(kind))
    return schema


def _spoilt(declared: Declaration, kind: str, name: str, answers: Any) -> Declaration:
    match declared:
        case Batch():
            return _batch(f"{kind}.{name}", answers)
        case Call():
            return _call(f"{kind}.{name}", answers)
        case Column():
            return _column(f"{kind}.{name}", answers)
        case _:
            _TYPES[f"{kind}__{name}"] = answers
            return Property(f"{kind}__{name}")


def _nullable(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _nullable(kind.of_type)
    return GraphQLList(_nullable(kind.of_type)) if isinstance(kind, GraphQLList) else kind


def _fill(schema: GraphQLSchema) -> None:
    """Give the scalars and enums their values."""
    fussy, text, hue = (schema.type_map[name] for name in ("Fussy", "Text", "Hue"))
    assert isinstance(fussy, GraphQLScalarType)
    assert isinstance(text, GraphQLScalarType)
    assert isinstance(hue, GraphQLEnumType)
    fussy.coerce_output_value, text.coerce_output_value = _fussy, str
    for name, each in hue.values.items():
        each.value = Hue[name]
    hue.__dict__.pop("_value_lookup", None)
