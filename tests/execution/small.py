"""Small schemas for the engine's tests, and what is left running after them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine
from ventanilla.execution.fields import DECLARATION

INCREMENTAL = """
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean! = true, label: String, initialCount: Int! = 0) on FIELD
"""


def schema_of(sdl: str, declared: Mapping[str, Mapping[str, Any]]) -> GraphQLSchema:
    """The schema of `sdl` with the declarations of its fields, by type and field."""
    schema = build_schema(sdl)
    for kind, fields in declared.items():
        found = schema.type_map[kind]
        assert isinstance(found, GraphQLObjectType)
        for name, declaration in fields.items():
            found.fields[name].extensions[DECLARATION] = declaration
    return schema


def prepared(engine: Engine, query: str) -> Prepared:
    """The document of `query`, which is valid."""
    found = engine.prepare(query)
    assert isinstance(found, Prepared), found
    return found


@asynccontextmanager
async def nothing_left() -> AsyncGenerator[None]:
    """Fail if a task that began inside is still there a few turns of the loop after its end."""
    before = asyncio.all_tasks()
    yield
    for _ in range(10):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() - before == set()
