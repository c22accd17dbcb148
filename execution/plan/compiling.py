"""Compiling: from an operation to the selections that answer it. graphql-core collects the fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_argument_values,
    is_abstract_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from ventanilla.execution.fields import DECLARATION, Batch, Declaration, Property
from ventanilla.execution.plan.leaves import Leaves
from ventanilla.execution.plan.reads import wanted_of
from ventanilla.execution.plan.rows import DEEPEST, rows_of
from ventanilla.execution.plan.tree import Field, Kinds, Selection
from ventanilla.execution.plan.types import is_list, is_strict, named_type, type_of


class Compiling:
    """Makes the selections of one operation under one choice of what is skipped and included.

    It lives as long as the plan: what is asked of an interface is compiled for a type when that is met. `switches` are
    the values of the variables that choose; no other variable is known here, so that a plan serves all their values.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        leaves: Leaves,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        switches: Mapping[str, bool],
    ) -> None:
        self._schema = schema
        self._leaves = leaves
        self._fragments = {name: FragmentDetails(definition) for name, definition in fragments.items()}
        self._operation = operation
        self._variables = VariableValues({}, dict(switches))
        self.written = 0
        """How many fields have been compiled so far."""

    def roots(self) -> list[Selection]:
        """The selections to run one after another: one, and for a mutation one for each of its fields."""
        kind = cast("GraphQLObjectType", self._schema.get_root_type(self._operation.operation))
        found = collect_fields(self._schema, self._fragments, self._variables, kind, self._operation)
        together = found.grouped_field_set
        if self._operation.operation is not OperationType.MUTATION:
            return [self._written(self._selection(kind, together))]
        return [self._written(self._selection(kind, {key: details})) for key, details in together.items()]

    def _selection(self, kind: GraphQLObjectType, grouped: GroupedFieldSet) -> Selection:
        fields = [self._field(kind, key, details) for key, details in grouped.items()]
        self.written += len(fields)
        columns = [each for each in fields if each.is_column]
        return Selection(
            kind=kind,
            leaves=self._leaves,
            fields=fields,
            columns=columns,
            waiting=[place for place, each in enumerate(columns) if each.awaits],
            awaits=any(each.awaits for each in fields),
            nested=max((_nested(each) for each in fields), default=0),
        )

    def _written(self, selection: Selection) -> Selection:
        """The selection with its code, which one that is written into the level above does not need."""
        selection.rows, selection.source = rows_of(selection)
        return selection

    def _field(self, parent: GraphQLObjectType, key: str, details: list[FieldDetails]) -> Field:
        definition = self._schema.get_field(parent, details[0].node.name.value)
        if definition is None or key_is_typename(details):
            return Field(key, parent, details, None, None, None, is_gathered=False)
        declared: Declaration = definition.extensions[DECLARATION]
        below = self._below(named_type(definition), details)
        inline = below is None or (isinstance(below, Selection) and below.is_plain)
        field = Field(key, parent, details, definition, declared, below, is_gathered=not inline)
        field.is_gathered = not inline or _nested(field) > DEEPEST
        if field.is_gathered and isinstance(below, Selection):
            self._written(below)
        field.read = attrgetter(declared.name) if isinstance(declared, Property) else None
        field.told = {"wanted": wanted_of(field)} if isinstance(declared, Batch) and declared.takes_wanted else {}
        constant = _constant(definition, details[0].node)
        field.constant = constant if constant is None else constant | field.told
        return field

    def _below(self, kind: GraphQLNamedType, details: list[FieldDetails]) -> Selection | Kinds | None:
        if isinstance(kind, GraphQLObjectType):
            return self._subselection(kind, details)
        if is_abstract_type(kind):
            return Kinds(kind, lambda met: self._written(self._subselection(met, details)))
        return None

    def _subselection(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        found = collect_subfields(self._schema, self._fragments, self._variables, self._operation, kind, details)
        return self._selection(kind, found.grouped_field_set)


def key_is_typename(details: Sequence[FieldDetails]) -> bool:
    """Whether the fields of one response key ask for the name of their type."""
    return details[0].node.name.value == "__typename"


def _nested(each: Field) -> int:
    """How many blocks it takes to complete a field inside its parent's rows."""
    if each.definition is None or each.is_gathered:
        return 0
    below = each.below
    return _lists(type_of(each.definition)) + (below.nested + 1 if isinstance(below, Selection) else 0)


def _lists(kind: Any) -> int:
    if is_strict(kind):
        return _lists(kind.of_type)
    return 1 + _lists(kind.of_type) if is_list(kind) else 0


def _constant(definition: GraphQLField, node: FieldNode) -> dict[str, Any] | None:
    """The arguments of a field, if they are good and the same for all requests."""
    if any(_has_variable(argument.value) for argument in node.arguments or ()):
        return None
    try:
        return get_argument_values(definition, node)
    except GraphQLError:
        return None  # told at each execution, as an error of its field


def _has_variable(value: Any) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode():
            return any(map(_has_variable, value.values))
        case ObjectValueNode():
            return any(_has_variable(each.value) for each in value.fields)
        case _:
            return False
