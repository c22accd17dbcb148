"""The schema as a reader goes through it: what there is, what answers or takes it, and whom a field is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, cast

from graphql import (
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from ventanilla.resolvers.access import DECLARED, Declared
from ventanilla.schema.schema import coordinates

KINDS: Final[Mapping[str, type[GraphQLNamedType]]] = {
    "object": GraphQLObjectType,
    "interface": GraphQLInterfaceType,
    "union": GraphQLUnionType,
    "input": GraphQLInputObjectType,
    "enum": GraphQLEnumType,
    "scalar": GraphQLScalarType,
}
"""What a type can be, in the order of the index."""
ROOTS: Final = ("Query", "Mutation", "Subscription")
ERRORS: Final = "userErrors"
"""The field of a payload that says why nothing was done."""


def kind_in(what: Any) -> Any:
    """The type of a field, an argument or an input's field, whose generics graphql-core leaves open."""
    return what.type


def named(what: Any) -> GraphQLNamedType:
    """The type of a field, an argument or an input's field, without the lists and non-nulls around it."""
    return cast("Any", get_named_type)(what.type)


class Atlas:
    """What there is to know of one schema, whatever manager it is asked of."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._declared = coordinates(schema)

    @cached_property
    def types(self) -> dict[str, GraphQLNamedType]:
        """Every type by its name, sorted, but GraphQL's own that only introspection has."""
        return {name: kind for name, kind in sorted(self.schema.type_map.items()) if not name.startswith("__")}

    @cached_property
    def by_kind(self) -> dict[str, list[GraphQLNamedType]]:
        """The types of each kind that there are any of; the roots stand first."""
        ordered = sorted(self.types.values(), key=lambda kind: (kind.name not in ROOTS, kind.name))
        found: dict[str, list[GraphQLNamedType]] = {kind: [] for kind in KINDS}
        for each in ordered:
            found[self.kind_of(each)].append(each)
        return {kind: types for kind, types in found.items() if types}

    def kind_of(self, kind: GraphQLNamedType) -> str:
        """In a word, what a type is."""
        return next(name for name, shape in KINDS.items() if isinstance(kind, shape))

    def fields(self, kind: GraphQLNamedType) -> dict[str, GraphQLField]:
        """The fields of an object or interface; of anything else, none."""
        return kind.fields if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}

    def inputs(self, kind: GraphQLNamedType) -> dict[str, GraphQLInputField]:
        """The fields of an input; of anything else, none."""
        return kind.fields if isinstance(kind, GraphQLInputObjectType) else {}

    def values(self, kind: GraphQLNamedType) -> dict[str, GraphQLEnumValue]:
        """The values of an enum; of anything else, none."""
        return kind.values if isinstance(kind, GraphQLEnumType) else {}

    def declared(self, coordinate: str) -> Declared | None:
        """The declaration that decides who gets an answer; None for what comes with what it belongs to."""
        return DECLARED.get(self._declared.get(coordinate) or "")

    @property
    def mutations(self) -> dict[str, GraphQLField]:
        """Every mutation by its name."""
        return self.fields(self.schema.mutation_type) if self.schema.mutation_type else {}

    @cached_property
    def mutations_by_noun(self) -> dict[str, list[str]]:
        """The names of mutations under what they are about: the word that names the file of their function."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self.mutations):
            declared = self.declared(f"Mutation.{name}")
            found[declared.name.partition(".")[0].replace("_", " ") if declared else "other"].append(name)
        return dict(sorted(found.items()))

    def reasons(self, mutation: str) -> GraphQLEnumType | None:
        """Why a mutation may do nothing: the enum of its errors' `reason`; None for one that always does it."""
        payload = named(self.mutations[mutation])
        error = self.fields(payload).get(ERRORS)
        reason = self.fields(named(error)).get("reason") if error else None
        found = named(reason) if reason else None
        return found if isinstance(found, GraphQLEnumType) else None

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """Type → the coordinates that answer or take it: ``Account.invoices``, ``Account.invoices(filter:)``."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for kind in self.types.values():
            for name, field in self.fields(kind).items():
                found[named(field).name].append(f"{kind.name}.{name}")
                for argument, declared in field.args.items():
                    found[named(declared).name].append(f"{kind.name}.{name}({argument}:)")
            for name, taken in self.inputs(kind).items():
                found[named(taken).name].append(f"{kind.name}.{name}")
        return dict(found)

    def implementations(self, kind: GraphQLNamedType) -> list[str]:
        """The names of the types that have an interface's fields, or are of a union."""
        if not isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return []
        return sorted(each.name for each in self.schema.get_possible_types(kind))
