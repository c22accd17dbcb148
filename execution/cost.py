"""Cost: how many things a document may make the offices look up, told before anybody looks.

A question to a batch function costs one point for each parent, each row that it may list another, and what hangs on a
row costs as often as there may be rows; what a record holds already is free. A list is as long as its arguments allow
(``first``, ``last``, or the ids given), else as its declaration assumes. What ``@include`` or ``@skip`` leave out costs
nothing. Fragments are weighed once; what depends on no variable is a number from then on. A subscription costs at each
event what it would cost as a query; what is deferred or streamed costs the same as what is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)

from ventanilla.execution.fields import DECLARATION, Batch, Call, Listing, Source
from ventanilla.execution.limits import MOST, fragments_of

_CONDITIONS: Final = ("include", "skip")
ASSUMED: Final = 5
"""How many rows a list may have that takes no arguments to say so."""


@dataclass(slots=True)
class _Asking:
    """One request: its variables, and the fragments weighed with them."""

    variables: Mapping[str, Any]
    known: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class _Length:
    """The greatest of some variables, or `assumed`: how long a list may be."""

    names: tuple[str, ...]
    least: int
    assumed: int

    def value(self, asking: _Asking) -> int:
        found = [_length(asking.variables.get(name)) for name in self.names]
        given = [length for length in found if length is not None]
        return max(self.least, *given) if given else max(self.least, 0) or self.assumed


@dataclass(frozen=True, slots=True)
class _Sum:
    constant: int
    parts: tuple[_Term, ...]

    def value(self, asking: _Asking) -> int:
        return min(self.constant + sum(part.value(asking) for part in self.parts), MOST)


@dataclass(frozen=True, slots=True)
class _Product:
    rows: int | _Length
    each: int | _Term

    def value(self, asking: _Asking) -> int:
        rows, each = (part if isinstance(part, int) else part.value(asking) for part in (self.rows, self.each))
        return min(rows * each, MOST)


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A fragment whose weight depends on variables: weighed once a request, wherever it is spread."""

    name: str
    body: _Term

    def value(self, asking: _Asking) -> int:
        if self.name not in asking.known:
            asking.known[self.name] = self.body.value(asking)
        return asking.known[self.name]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is left out, and costs nothing, while the variable is `left_out`."""

    variable: str
    left_out: bool
    body: int | _Term

    def value(self, asking: _Asking) -> int:
        if asking.variables.get(self.variable) is self.left_out:
            return 0
        return self.body if isinstance(self.body, int) else self.body.value(asking)


_Term = _Product | _Fragment | _Sum | _Choice


class Cost:
    """What the operations of one document cost."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        weighing = _Weighing(schema, document)
        self._operations: dict[str | None, tuple[int | _Term, dict[str, Any]]] = {
            operation.name.value if operation.name else None: (weighing.operation(operation), _defaults(operation))
            for operation in document.definitions
            if isinstance(operation, OperationDefinitionNode)
        }

    def of(self, operation_name: str | None, variables: Mapping[str, Any]) -> int:
        """The points of one operation with these variables, as sent; 0 for an operation that there is not."""
        only = next(iter(self._operations)) if operation_name is None and len(self._operations) == 1 else operation_name
        weight, defaults = self._operations.get(only, (0, {}))
        return weight if isinstance(weight, int) else weight.value(_Asking({**defaults, **variables}))


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a selection set costs: `once` for its parent, and `row` for each row that the parent lists."""

    once: int | _Term = 0
    row: int | _Term = 0


class _Weighing:
    """One pass over one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._connections = _connections_of(schema)
        self._fragments = fragments_of(document)
        self._known: dict[str, _Weight] = {}

    def operation(self, operation: OperationDefinitionNode) -> int | _Term:
        """The points of one operation."""
        return self._selections(operation.selection_set, self._schema.get_root_type(operation.operation)).once

    def _selections(self, chosen: SelectionSetNode | None, kind: GraphQLNamedType | None) -> _Weight:
        parts = [_chosen(node, self._selection(node, kind)) for node in (chosen.selections if chosen else ())]
        return _Weight(_summed([part.once for part in parts]), _summed([part.row for part in parts]))

    def _selection(self, node: Any, kind: GraphQLNamedType | None) -> _Weight:
        match node:
            case FieldNode():
                return self._field(node, kind)
            case InlineFragmentNode():
                condition = node.type_condition
                return self._selections(
                    node.selection_set, self._schema.get_type(condition.name.value) if condition else kind
                )
            case FragmentSpreadNode():
                return self._fragment(node.name.value)
            case _:
                return _Weight()

    def _field(self, node: FieldNode, kind: GraphQLNamedType | None) -> _Weight:
        found = kind.fields.get(node.name.value) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else None
        if kind is None or found is None:
            return _Weight()
        asked = int(isinstance(found.extensions.get(DECLARATION), Batch | Call | Source))
        below = self._selections(node.selection_set, _named_type(found))
        length = _length_of(node, listing_of(found))
        if not _is_list(found):
            return _Weight(_summed([asked, below.once, _multiplied(length, below.row)]))
        if kind.name in self._connections and not asked:
            return _Weight(row=_summed([1, below.once]))
        # What a record holds already costs nothing by itself; what is asked for costs a point a row.
        return _Weight(_summed([asked, _multiplied(length, _summed([asked, below.once]))]))

    def _fragment(self, name: str) -> _Weight:
        if name not in self._known:
            self._known[name] = _Weight()  # a circle is cut here
            definition = self._fragments.get(name)
            if definition:
                kind = self._schema.get_type(definition.type_condition.name.value)
                weight = self._selections(definition.selection_set, kind)
                self._known[name] = _Weight(_named(f"{name} once", weight.once), _named(f"{name} row", weight.row))
        return self._known[name]


def _chosen(node: Any, weight: _Weight) -> _Weight:
    """The weight of a selection under its conditions."""
    for directive in node.directives or ():
        if directive.name.value in _CONDITIONS:
            weight = _under(directive, weight)
    return weight


def _under(condition: DirectiveNode, weight: _Weight) -> _Weight:
    left_out = condition.name.value == "skip"
    (value,) = [argument.value for argument in condition.arguments or ()]
    match value:
        case BooleanValueNode(value=given):
            return _Weight() if given is left_out else weight
        case VariableNode(name=name):
            once, row = (_Choice(name.value, left_out, part) if part else 0 for part in (weight.once, weight.row))
            return _Weight(once, row)
        case _:
            return weight


def _named(name: str, term: int | _Term) -> int | _Term:
    return term if isinstance(term, int) else _Fragment(name, term)


@lru_cache(maxsize=16)
def _connections_of(schema: GraphQLSchema) -> frozenset[str]:
    """The types whose lists are as long as the arguments of the field that answers them."""
    return frozenset(
        _named_type(field).name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for field in kind.fields.values()
        if listing_of(field) and not _is_list(field)
    )


def _named_type(found: Any) -> GraphQLNamedType:
    return cast("Any", get_named_type)(found.type)  # graphql-core's overloads leave their generics open


def _is_list(found: Any) -> bool:
    """Whether a field answers a list, null or not."""
    return str(found.type).startswith("[")


def listing_of(found: GraphQLField) -> Listing | None:
    """How long the list may be that a field answers, if its declaration says so."""
    declared = found.extensions.get(DECLARATION)
    return declared.listing if isinstance(declared, Batch | Call | Source) else None


def _length_of(node: FieldNode, listing: Listing | None) -> int | _Length:
    if listing is None:
        return ASSUMED
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    values = [given[name] for name in listing.arguments if name in given]
    names = tuple(value.name.value for value in values if isinstance(value, VariableNode))
    lengths = [length for value in values if (length := _literal_length(value)) is not None]
    least = max(lengths, default=0)
    return _Length(names, least, listing.assumed) if names else least or listing.assumed


def _literal_length(value: ValueNode) -> int | None:
    if isinstance(value, ListValueNode):
        return len(value.values)
    return None if isinstance(value, VariableNode) else _length(value_from_ast_untyped(value))


def _length(value: Any) -> int | None:
    """How long a list is that `value` was given for; None if it does not say."""
    if isinstance(value, list):
        return min(len(cast("list[Any]", value)), MOST)
    if isinstance(value, str):
        return 1  # GraphQL takes it for a list of one
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # GraphQL takes 3.0 for 3
    return max(0, min(value, MOST)) if isinstance(value, int) and not isinstance(value, bool) else None


def _summed(parts: Sequence[int | _Term]) -> int | _Term:
    constant = min(sum(part for part in parts if isinstance(part, int)), MOST)
    terms = tuple(part for part in parts if not isinstance(part, int))
    return _Sum(constant, terms) if terms else constant


def _multiplied(rows: int | _Length, each: int | _Term) -> int | _Term:
    return min(rows * each, MOST) if isinstance(rows, int) and isinstance(each, int) else _Product(rows, each)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        variable.variable.name.value: value_from_ast_untyped(variable.default_value)
        for variable in operation.variable_definitions or ()
        if variable.default_value is not None
    }
