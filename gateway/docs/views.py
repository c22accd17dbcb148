"""What the pages show of fields, arguments and values: one record for each, at one manager's portal."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    is_leaf_type,
)

from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.docs.atlas import Atlas, kind_in, named
from ventanilla.gateway.docs.guides import Placeholders
from ventanilla.gateway.docs.needs import Needs, needs_of
from ventanilla.gateway.docs.points import Points, points_of
from ventanilla.gateway.docs.ready import Ready, ReadyDocuments, default_of
from ventanilla.resolvers.capabilities import Capability
from ventanilla.store.manager import Manager


class Desk(Record):
    """The portal that a reader stands at."""

    manager: Manager
    version: int
    capabilities: tuple[Capability, ...]
    placeholders: Placeholders
    """What its address and its people are called in examples."""


class Given(Record):
    """An argument, or a field of an input."""

    name: str
    kind: Any
    """Its type; written as the schema does."""
    default: str
    description: str
    deprecated: str | None


class Shown(Record):
    """A field of an object or interface."""

    name: str
    kind: Any
    description: str
    deprecated: str | None
    arguments: tuple[Given, ...]
    needs: Needs | None
    """None for what comes with what it belongs to."""
    points: Points
    ready: Ready | None


class Views:
    """Looks at one schema for the pages."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.ready = ReadyDocuments(atlas)

    @cached_property
    def connections(self) -> frozenset[str]:
        """The types that are a page of a list."""
        return frozenset(
            kind.name for kind in self.atlas.types.values() if {"nodes", "pageInfo"} <= self.atlas.fields(kind).keys()
        )

    def fields(self, kind: GraphQLNamedType, desk: Desk) -> list[Shown]:
        """The fields of a type, in the order of the schema."""
        return [self.field(kind, name, desk) for name in self.atlas.fields(kind)]

    def field(self, kind: GraphQLNamedType, name: str, desk: Desk) -> Shown:
        """One field of a type."""
        field = self.atlas.fields(kind)[name]
        declared = self.atlas.declared(f"{kind.name}.{name}")
        return Shown(
            name=name,
            kind=kind_in(field),
            description=field.description or "",
            deprecated=field.deprecation_reason,
            arguments=tuple(given(key, argument) for key, argument in field.args.items()),
            needs=needs_of(declared, desk.manager, desk.capabilities) if declared else None,
            points=self._points(kind, field),
            ready=self.ready.document(kind, name),
        )

    def inputs(self, kind: GraphQLNamedType) -> list[Given]:
        """The fields of an input; of anything else, none."""
        return [given(name, field) for name, field in self.atlas.inputs(kind).items()]

    def _points(self, kind: GraphQLNamedType, field: GraphQLField) -> Points:
        return points_of(field, in_connection=kind.name in self.connections, leaf=is_leaf_type(named(field)))


def given(name: str, what: GraphQLArgument | GraphQLInputField) -> Given:
    """One argument, or field of an input."""
    return Given(
        name=name,
        kind=kind_in(what),
        default=default_of(what),
        description=what.description or "",
        deprecated=what.deprecation_reason,
    )
