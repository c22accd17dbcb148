"""Less is fetched than a record holds, and nobody can tell: every field of every noun, by itself and in company."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import graphql
import orjson
import pytest
from graphql import GraphQLObjectType

from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.conformance import book as kit
from ventanilla.backoffice_adapters.records import AccountRole, Licence
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine
from ventanilla.schema.schema import build

pytestmark = pytest.mark.anyio

_core = cast("Any", graphql)  # which leaves its generics open
SCHEMA = build()
PLAN, CORE = Engine(SCHEMA, most_points=10**9), Engine(build(), most_points=10**9, compiles=False)
LISTS = (
    "invoices", "charges", "payments", "accruals", "paymentPlans", "meters", "utilitySettlements", "interestAccruals",
)  # fmt: skip
PARTS = {"invoices": ("lines", "allocations"), "payments": ("allocations",), "paymentPlans": ("instalments",)}
PEOPLE = 4


@dataclass
class Place:
    """A type whose fields are asked for, and the document around them."""

    name: str
    kind: GraphQLObjectType
    around: str

    def document(self, fields: list[str]) -> str:
        return "{ viewer { accounts(first: 20) { nodes { " + self.around % " ".join(fields) + " } } } }"

    @property
    def fields(self) -> list[str]:
        return [shown for name in self.kind.fields if (shown := shown_of(self.kind, name))]


def shown_of(kind: GraphQLObjectType, name: str) -> str | None:
    """How a field is asked for, with all leaves of what it answers; None where it needs arguments or another's."""
    field: Any = kind.fields[name]
    if any(_core.is_required_argument(argument) for argument in field.args.values()) or name == "document":
        return None
    inner: Any = _core.get_named_type(field.type)
    if _core.is_leaf_type(inner):
        return name
    if not isinstance(inner, GraphQLObjectType):
        return None
    below: Any = inner.fields
    leaves = [leaf for leaf, each in below.items() if _core.is_leaf_type(_core.get_named_type(each.type))]
    money = [f"{leaf} {{ amount currency }}" for leaf, each in below.items() if str(each.type).startswith("Money")]
    return f"{name} {{ {' '.join([*leaves, *money])} }}" if leaves or money else None


def places() -> Iterator[Place]:
    account: Any = SCHEMA.type_map["Account"]
    yield Place("Account", account, "%s")
    for name in LISTS:
        connection: Any = _core.get_named_type(account.fields[name].type)
        row: Any = _core.get_named_type(connection.fields["nodes"].type)
        yield Place(f"{name}.nodes", row, f"{name}(first: 50) {{ nodes {{ %s }} }}")
        yield Place(f"{name}.edges", row, f"{name}(first: 3) {{ pageInfo {{ endCursor hasNextPage }}"
                    " edges { cursor node { %s } } }")  # fmt: skip
        for part in PARTS.get(name, ()):
            item: Any = _core.get_named_type(row.fields[part].type)
            yield Place(f"{name}.{part}", item, f"{name}(first: 50) {{ nodes {{ {part} {{ %s }} }} }}")


PLACES = {place.name: place for place in places()}


@pytest.fixture(scope="module")
async def reader(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Actor]]:
    """Who reaches everything that the kit's reference book holds."""
    sur = manager("sur")
    content = kit.book(Licence.UTILITY, "ARS")
    folder: Path = tmp_path_factory.mktemp("world")
    async with open_world(folder, sur, books={("sur", "agua"): content}) as world:
        links = [("agua", entry.key) for entry in content.accounts]
        await world.person("sur", "all@example.org", links, role=AccountRole.HOLDER)
        yield world, await world.actor("sur", "all@example.org")


async def answered(engine: Engine, world: World, actor: Actor, text: str) -> tuple[bytes, list[Any]]:
    prepared = engine.prepare(text)
    assert isinstance(prepared, Prepared), (text, prepared)
    outcome = await engine.run(prepared, None, None, world.context("sur", actor))
    assert outcome.compiled == (engine is PLAN)
    return orjson.dumps(outcome.data), sorted((str(error.path), error.message) for error in outcome.errors)


@pytest.mark.parametrize("name", PLACES)
async def test_each_field_by_itself(reader: tuple[World, Actor], name: str) -> None:
    place = PLACES[name]
    assert len(place.fields) > 2
    for field in [
        *place.fields,
        *(f"{shown.partition(' ')[0]} {{ __typename }}" for shown in place.fields if "{" in shown),
    ]:
        text = place.document([field])
        assert await answered(PLAN, *reader, text) == await answered(CORE, *reader, text), text


@pytest.mark.parametrize("name", PLACES)
async def test_fields_in_company(reader: tuple[World, Actor], name: str) -> None:
    place, luck = PLACES[name], random.Random(name)  # noqa: S311  the same choices each time
    for _ in range(12):
        text = place.document(luck.sample(place.fields, luck.randint(2, len(place.fields))))
        assert await answered(PLAN, *reader, text) == await answered(CORE, *reader, text), text


@pytest.mark.parametrize("name", PLACES)
async def test_there_is_something_to_compare(reader: tuple[World, Actor], name: str) -> None:
    data, errors = await answered(PLAN, *reader, PLACES[name].document(["__typename"]))
    assert PLACES[name].kind.name.encode() in data
    assert not errors
