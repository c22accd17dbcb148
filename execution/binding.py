"""Give graphql-core's fields resolvers made from their declarations."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    located_error,
)

from ventanilla.execution.fields import DECLARATION, Batch, Call, Column, Declaration, Property, Source
from ventanilla.execution.loading import Frame

Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[Frame]


class UndeclaredFieldError(Exception):
    """A field of the schema does not say where its values come from."""


def bind(schema: GraphQLSchema) -> None:
    """Set the resolver of every object field of `schema` from what its extensions declare."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field_name, field in kind.fields.items():
                declared = declaration_of(f"{name}.{field_name}", field)
                field.resolve = _resolver(declared)
                if isinstance(declared, Source):
                    field.subscribe = _events(declared)


def declaration_of(coordinate: str, field: GraphQLField) -> Declaration:
    """The declaration of a field; `coordinate` ("Invoice.lines") names it when there is none."""
    declared = field.extensions.get(DECLARATION)
    if not isinstance(declared, Declaration):
        msg = f"{coordinate} carries no declaration: declare it as a property, column, batch, call or source"
        raise UndeclaredFieldError(msg)
    return declared


def _resolver(declared: Declaration) -> Resolver:
    match declared:
        case Property(name):
            return _property(name)
        case Column():
            return _column(declared)
        case Batch():
            return _batch(declared)
        case Call():
            return _call(declared)
        case Source():
            return _call(Call(declared.answer)) if declared.answer else _event


def _property(name: str) -> Resolver:
    get = attrgetter(name)

    def resolve(source: Any, _info: Info) -> Any:
        return get(source)

    return resolve


def _column(column: Column) -> Resolver:
    def resolve(source: Any, info: Info) -> Any:
        return column.function(info.context.context, (source,))[0]

    return resolve


def _batch(batch: Batch) -> Resolver:
    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        return info.context.load(batch, info.field_nodes[0], source, arguments)

    return resolve


def _call(call: Call) -> Resolver:
    async def resolve(_source: Any, info: Info, **arguments: Any) -> Any:
        return await call.function(info.context.context, **arguments)

    return resolve


def _event(event: Any, _info: Info, **_arguments: Any) -> Any:
    return event


def _events(source: Source) -> Resolver:
    def subscribe(_root: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
        return _located(source.function(info.context.context, **arguments), info)

    return subscribe


async def _located(events: AsyncGenerator[Any, None], info: Info) -> AsyncGenerator[Any, None]:
    """`events`; what they fail with is told of their field."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except Exception as error:
        raise located_error(error, info.field_nodes, info.path.as_list()) from error
