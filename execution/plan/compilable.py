"""What can be compiled: everything but what is odd, which graphql-core executes.

Odd are introspection, directives other than ``@skip`` and ``@include``, fragments with variables, types that are told
by more than their value, and declarations that graphql-core would fail with. One walk over a document's nodes; a field
of an interface is looked at in every type that it may turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    is_object_type,
)

from ventanilla.execution.fields import DECLARATION, Batch, Call, Column, Property
from ventanilla.execution.plan.types import named_type

_KNOWN: Final = ("skip", "include")


class OddDocumentError(Exception):
    """There is something in the document that is not compiled; the message says what."""


@dataclass(slots=True)
class Check:
    """One walk over an operation; raises `OddDocumentError`."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    switches: set[str] = field(default_factory=set[str])
    """The variables that decide what is skipped and included: all that is known of them while compiling."""
    _seen: set[str] = field(default_factory=set[str])

    def operation(self, operation: OperationDefinitionNode) -> None:
        """Look at an operation and at all fragments that it spreads."""
        root = self.schema.get_root_type(operation.operation)
        if operation.operation is OperationType.SUBSCRIPTION or root is None or operation.directives:
            raise OddDocumentError(operation.operation.value)
        self._selections(operation.selection_set, root)

    def _selections(self, chosen: SelectionSetNode | None, kind: GraphQLNamedType) -> None:
        for node in chosen.selections if chosen else ():
            self._directives(node.directives or ())
            match node:
                case FieldNode():
                    self._field(node, kind)
                case InlineFragmentNode():
                    self._under(node.type_condition, node.selection_set, kind)
                case FragmentSpreadNode():
                    self._fragment(node.name.value, kind)
                case _:
                    raise OddDocumentError(node.kind)

    def _directives(self, directives: Iterable[Any]) -> None:
        for directive in directives:
            if directive.name.value not in _KNOWN:
                raise OddDocumentError(f"@{directive.name.value}")
            value = directive.arguments[0].value
            if isinstance(value, VariableNode):
                self.switches.add(value.name.value)

    def _under(self, condition: Any, chosen: SelectionSetNode, kind: GraphQLNamedType) -> None:
        found = self.schema.get_type(condition.name.value) if condition else kind
        self._selections(chosen, cast("GraphQLNamedType", found))

    def _fragment(self, name: str, kind: GraphQLNamedType) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        definition = self.fragments[name]
        if definition.directives or definition.variable_definitions:
            raise OddDocumentError(name)
        self._under(definition.type_condition, definition.selection_set, kind)

    def _field(self, node: FieldNode, kind: GraphQLNamedType) -> None:
        name = node.name.value
        if name == "__typename":
            return
        for found in self._possible(kind):
            _check_field(f"{found.name}.{name}", found.fields.get(name))
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            below = named_type(kind.fields[name])
            _check_type(below, self._possible(below))
            self._selections(node.selection_set, below)

    def _possible(self, kind: GraphQLNamedType) -> list[GraphQLObjectType]:
        if is_abstract_type(kind):
            return list(self.schema.get_possible_types(kind))
        return [kind] if is_object_type(kind) else []


def _check_field(coordinate: str, found: GraphQLField | None) -> None:
    """Whether the function or attribute behind a field can be used level by level."""
    declared = found.extensions.get(DECLARATION) if found else None
    takes_arguments = isinstance(declared, Batch | Call)
    if found is None or not (takes_arguments or isinstance(declared, Property | Column)):
        raise OddDocumentError(coordinate)
    if found.args and not takes_arguments:
        raise OddDocumentError(f"{coordinate} takes arguments")


def _check_type(kind: GraphQLNamedType, possible: list[GraphQLObjectType]) -> None:
    told = getattr(kind, "resolve_type", None) is not None or not is_abstract_type(kind)
    if not told or any(each.is_type_of for each in possible):
        raise OddDocumentError(kind.name)
