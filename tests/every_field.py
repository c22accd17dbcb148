"""Every field that a declared function answers, asked with the least that it takes, of a schema that leads there.

What hangs on some object is asked of a root of its own, so that nobody is kept from it by what leads there otherwise.
A mutation, field or type that is added needs no line here.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import Engine, Outcome
from ventanilla.execution.fields import DECLARATION, Call
from ventanilla.resolvers.access import Declared
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.schema.roles import declared_fields
from ventanilla.schema.schema import build

_SCALARS = {
    "Boolean": "false",
    "Colour": '"#123456"',
    "CurrencyCode": '"ARS"',
    "Date": '"2026-11-15"',
    "DateTime": '"2026-11-15T12:00:00Z"',
    "Decimal": '"1"',
    "Float": "1",
    "Fraction": '"1/2"',
    "ID": '"x"',
    "Int": "1",
    "String": '"x"',
    "TimeZone": '"America/Bogota"',
    "Url": '"https://example.org"',
    "YearMonth": '"2026-11"',
}
_ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
_LEADS = "leadsTo"
"""What the names of the roots begin with that lead to a type."""


class _Stranger:
    """Stands for whatever a field may hang on. Who is let in finds nothing in it; who is refused never gets there."""


async def _anything(context: Context) -> Any:
    return context.actor if context.actor.signed_in else _Stranger()


def _probed() -> Any:
    schema = build()
    query = schema.query_type
    assert query
    for kind in list(schema.type_map.values()):
        if isinstance(kind, GraphQLObjectType) and kind.name not in _ROOTS and not kind.name.startswith("__"):
            query.fields[_LEADS + kind.name] = GraphQLField(kind, extensions={DECLARATION: Call(_anything)})
    return schema


FIELDS: dict[str, Declared] = declared_fields(build())
_SCHEMA = _probed()
_ENGINE = Engine(_SCHEMA, most_points=1_000_000)


def document(coordinate: str) -> str:
    """The least that asks for a field."""
    parent, _, name = coordinate.partition(".")
    kind = _SCHEMA.type_map[parent]
    field = kind.fields[name]
    arguments = ", ".join(
        f"{each}: {_least(arg.type)}" for each, arg in field.args.items() if is_required_argument(arg)
    )
    asked = f"{name}({arguments})" if arguments else name
    asked += "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{_ROOTS[parent]} {{ {asked} }}" if parent in _ROOTS else f"{{ {_LEADS}{parent} {{ {asked} }} }}"


async def refused(context: Context, coordinate: str) -> ProblemCode | None:
    """The code with which a field is refused to who asks, for what they are; None if they are let in."""
    outcome = await _asked(context, document(coordinate))
    errors = [error.original_error for error in outcome.errors]
    codes = {error.code for error in errors if isinstance(error, Problem)}
    found = codes & {ProblemCode.UNAUTHENTICATED, ProblemCode.FORBIDDEN}
    assert len(found) <= 1, (coordinate, codes)
    return found.pop() if found else None


async def _asked(context: Context, text: str) -> Outcome:
    prepared = _ENGINE.prepare(text)
    assert isinstance(prepared, Prepared), (text, prepared)
    if prepared.operations[None].operation is not OperationType.SUBSCRIPTION:
        return await _ENGINE.run(prepared, None, {}, context)

    async def renew() -> Context:
        return context

    events = await _ENGINE.subscribe(prepared, None, {}, context, renew)
    if isinstance(events, Outcome):
        return events
    async with aclosing(events):
        return await anext(events)


def _least(kind: GraphQLInputType) -> str:
    """The least value of a type: one of each thing that is required."""
    match kind:
        case GraphQLNonNull():
            return _least(kind.of_type)
        case GraphQLList():
            return f"[{_least(kind.of_type)}]"
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            needed = {name: field for name, field in kind.fields.items() if is_required_input_field(field)}
            needed = dict([*kind.fields.items()][:1]) if kind.is_one_of else needed
            return "{" + ", ".join(f"{name}: {_least(field.type)}" for name, field in needed.items()) + "}"
        case _:
            return _SCALARS[kind.name]
