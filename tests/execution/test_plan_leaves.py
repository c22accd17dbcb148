"""Leaves: each kind of value at each leaf type comes out of the compiled engine as out of graphql-core."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum, StrEnum
from math import inf, nan
from typing import Any

import pytest
from graphql import Undefined

from tests.execution.small import prepared, schema_of
from ventanilla.execution.engine import Engine
from ventanilla.execution.fields import Call, Column

pytestmark = pytest.mark.anyio

KINDS = ("Int", "Float", "String", "ID", "Boolean", "Mood")
SDL = f"""
enum Mood {{ GLAD SAD }}
type Query {{ row: Row }}
type Row {{ {" ".join(f"{kind}: {kind}  {kind}Strict: {kind}!" for kind in KINDS)} }}
"""


class Text(StrEnum):
    GLAD = "GLAD"


class Number(IntEnum):
    ONE = 1


VALUES: list[Any] = [
    *(0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 10**400),
    *(0.0, -0.0, 1.5, 3.0, 1e300, inf, -inf, nan, Decimal(2), Decimal("2.5"), Decimal("NaN")),
    *(True, False, None, Undefined, "", "GLAD", "glad", "1", "1.5", "inf", b"x", [], {}, object),
    *(Text.GLAD, Number.ONE, ValueError("no value")),
]


async def row(world: Any) -> Any:
    return world


def column(world: Any, rows: list[Any]) -> list[Any]:
    return [world] * len(rows)


DECLARED: dict[str, dict[str, Any]] = {
    "Query": {"row": Call(lambda _world: row(1))},
    "Row": {f"{kind}{strict}": Column(column) for kind in KINDS for strict in ("", "Strict")},
}
PLAN, CORE = (Engine(schema_of(SDL, DECLARED), compiles=compiles) for compiles in (True, False))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strict", ["", "Strict"])
async def test_a_value_comes_out_alike(kind: str, strict: str, value: Any) -> None:
    query = f"{{ row {{ {kind}{strict} }} }}"
    ours, core = [await engine.run(prepared(engine, query), None, None, value) for engine in (PLAN, CORE)]
    assert ours.compiled
    assert repr(ours.data) == repr(core.data)
    assert [(each.path, each.message) for each in ours.errors] == [(each.path, each.message) for each in core.errors]
