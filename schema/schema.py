"""The schema: built once, the same for every manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    print_schema,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from ventanilla.execution.fields import DECLARATION, Batch, Call, Declaration, Property, Source
from ventanilla.resolvers import nodes
from ventanilla.resolvers.access import BILLING, Declared, Scope, declared_of
from ventanilla.schema.roots import Mutation, Query, Subscription
from ventanilla.schema.scalars import SCALARS

TYPE_OF: Mapping[type, str] = {record: record.__name__ for record in nodes.KIND_OF}
"""Which object type a record is, where a field answers an interface."""

_DEFINITION = "strawberry-definition"


class UndeclaredFieldError(Exception):
    """A field with a resolver of its own would go round access checks and batching: declare it (`fields.py`)."""


def build() -> GraphQLSchema:
    """The executable schema, every field carrying its declaration."""
    shape = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS, enable_experimental_incremental_execution=True),
    )
    schema = shape._schema  # pyright: ignore[reportPrivateUsage]  the only way to it
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            _declare(kind)
        elif isinstance(kind, GraphQLInputObjectType):
            _take_input(kind)
    return schema


def sdl(schema: GraphQLSchema) -> str:
    """The schema as text: what `schema.graphql` holds."""
    return print_schema(schema) + "\n"


def coordinates(schema: GraphQLSchema) -> dict[str, str | None]:
    """Each field, as ``Type.field`` → the declared function that decides who gets its answer; None where it comes with
    what it belongs to.
    """
    return {
        f"{kind.name}.{name}": _deciding(field.extensions.get(DECLARATION))
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
    }


def _deciding(declared: Declaration | None) -> str | None:
    accesses = [declared_of(function) for function in functions_of(declared)[:1]]
    return next((access.name for access in accesses if access), None)


def _declare(kind: GraphQLObjectType | GraphQLInterfaceType) -> None:
    """Give each field its declaration and its arguments their Python names; types are told by record."""
    for name, field in kind.fields.items():
        told: StrawberryField = field.extensions[_DEFINITION]
        field.extensions[DECLARATION] = _declaration(f"{kind.name}.{name}", told)
        field.description = _described(told)
        names = {_graphql_name(argument): argument.python_name for argument in told.arguments}
        for argument_name, argument in field.args.items():
            argument.out_name = names[argument_name]
    if isinstance(kind, GraphQLInterfaceType):
        kind.resolve_type = _type_of
    else:
        kind.is_type_of = None


def _graphql_name(argument: StrawberryArgument) -> str:
    return StrawberryConfig().name_converter.from_argument(argument)


def _type_of(value: object, _info: object, _abstract: object) -> str | None:
    return TYPE_OF.get(type(value))


def _declaration(coordinate: str, told: StrawberryField) -> Declaration:
    declared = _declared(told)
    if any(declared_of(function) is None for function in functions_of(declared)):
        msg = f"{coordinate} names a function without a scope: declare it with @batch, @call or @source"
        raise UndeclaredFieldError(msg)
    if declared is None and not told.is_basic_field:
        msg = f"{coordinate} has a resolver of its own"
        raise UndeclaredFieldError(msg)
    return declared or Property(told.python_name)


def functions_of(declared: Declaration | None) -> list[Callable[..., Any]]:
    """The functions of the resolvers that a declaration names; the first decides who gets an answer."""
    match declared:
        case Batch(function) | Call(function):
            return [function]
        case Source(function, answer):
            return [each for each in (function, answer) if each]
        case _:
            return []


def _declared(told: StrawberryField) -> Declaration | None:
    return told.metadata.get(DECLARATION)


def _described(told: StrawberryField) -> str | None:
    """The description, and what the declaration adds to it."""
    accesses = [declared_of(function) for function in functions_of(_declared(told))[:1]]
    notes = [note for access in accesses if access for note in _notes(access)]
    return "\n\n".join(filter(None, [told.description, *notes]))


def _notes(access: Declared) -> list[str]:
    notes: list[str] = []
    if access.licences:
        notes.append(_licence_note(", ".join(sorted(access.licences)), narrow=access.licences < BILLING))
    if access.capability:
        notes.append(f"Capability: `{access.capability}`.")
    if access.scope is Scope.REACH and access.capability:
        notes.append(
            "Fails with NOT_SUPPORTED where the office cannot, BACK_OFFICE_UNAVAILABLE, BACK_OFFICE_TIMEOUT or"
            " BACK_OFFICE_BAD_ANSWER where it did not."
        )
    return notes


def _licence_note(names: str, *, narrow: bool) -> str:
    """Which licences a field needs; a `narrow` field is one that not every account can have."""
    if narrow:
        return f"Licence: {names}. Null, without an error, where the account's office does not serve it."
    return f"Licence: {names} (any)."


def _take_input(kind: GraphQLInputObjectType) -> None:
    """Coerce an input straight to the record that resolvers take."""
    declared = kind.extensions[_DEFINITION]
    names = {StrawberryConfig().name_converter.from_field(field): field.python_name for field in declared.fields}
    for name, field in kind.fields.items():
        field.out_name = names[name]
    kind.is_one_of = declared.is_one_of  # which strawberry keeps to itself
    make: Callable[..., Any] = declared.origin

    def record(values: dict[str, Any]) -> Any:
        return make(**values).record()

    kind.out_type = record  # type: ignore[method-assign]  graphql-core's own hook
