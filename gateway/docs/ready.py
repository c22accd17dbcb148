"""A document for each field, ready to run: the nearest way to it from a root, with variables for what must be said."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import count
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    Undefined,
    ast_from_value,  # pyright: ignore[reportUnknownVariableType]  graphql-core leaves its generics open
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
)

from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.docs.atlas import ERRORS, Atlas, kind_in, named
from ventanilla.gateway.docs.points import is_asked

_VARIABLE_WEIGHT: Final = 8
"""How many steps more a reader takes rather than look for an id."""
_NULL_WEIGHT: Final = 2
_ROOT_WEIGHTS: Final = {"Query": 0, "Subscription": 40, "Mutation": 60}
_ROWS: Final = 3
_LEAVES: Final = 5
_DEEPEST: Final = 3
_BLANKS: Final[Mapping[str, Any]] = {
    "Int": 1, "Float": 1.0, "Boolean": True, "Date": "2026-01-31", "Month": "2026-01",
    "DateTime": "2026-01-31T12:00:00Z", "Decimal": "1.00",
}  # fmt: skip
"""What stands for a value of a scalar until the reader says which; an ellipsis for all others."""


class Ready(Record):
    """A document and its variables, of which those with an ellipsis are the reader's to fill in."""

    query: str
    variables: dict[str, Any]


class _Way(Record):
    """How a type is reached: what stands before the braces of each level, and what must be said on the way."""

    operation: str
    steps: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    """Variables and their types."""


class ReadyDocuments:
    """Documents for the fields of one schema."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def document(self, kind: GraphQLNamedType, name: str) -> Ready | None:
        """The document that asks a field of a type, or of the first type of an interface; None where nothing leads."""
        way = self._ways.get(kind.name)
        if way is None:
            having = next(iter(self._atlas.implementations(kind)), None)
            return self.document(self._atlas.types[having], name) if having else None
        field = self._atlas.fields(kind)[name]
        text, taken = _asked(name, field)
        body = self._selection(named(field))
        return self._written(way, text, {**dict(way.taken), **taken}, body, field)

    def _written(self, way: _Way, text: str, taken: Mapping[str, str], body: list[str], field: GraphQLField) -> Ready:
        lines = _within(text, body)
        for step in reversed(way.steps):
            lines = _within(step, lines)
        said = ", ".join(f"${name}: {kind}" for name, kind in taken.items())
        head = f"{way.operation} ({said})" if said else way.operation
        kinds = {argument: kind_in(declared) for argument, declared in field.args.items()}
        return Ready(query="\n".join(_within(head, lines)), variables={name: _blank(kinds.get(name)) for name in taken})

    def _selection(self, kind: GraphQLNamedType, depth: int = 0) -> list[str]:
        """The lines between a field's braces; none for a leaf."""
        if is_leaf_type(kind):
            return []
        fields = self._atlas.fields(kind)
        if "hasNextPage" in fields:
            return ["hasNextPage", "endCursor"]
        if ERRORS in fields or "nodes" in fields:
            return list(self._wrapped(fields))
        leaves = [name for name, field in fields.items() if is_leaf_type(named(field)) and _is_plain(field)]
        if leaves or depth >= _DEEPEST:
            return leaves[:_LEAVES] or ["__typename"]
        return self._first_object(fields, depth) or ["__typename"]

    def _first_object(self, fields: Mapping[str, GraphQLField], depth: int) -> list[str]:
        for name, field in fields.items():
            if not any(map(is_required_argument, field.args.values())):
                return _within(name, self._selection(named(field), depth + 1))
        return []

    def _wrapped(self, fields: Mapping[str, GraphQLField]) -> Iterator[str]:
        """What is asked of a payload, or of a page of a list."""
        for name, field in fields.items():
            if name in {"edges", "totalCount"}:
                continue
            body = ["reason", "message", "path"] if name == ERRORS else self._selection(named(field), 1)
            yield from _within(name, body)

    @cached_property
    def _ways(self) -> dict[str, _Way]:
        """The nearest way to each type, by weight."""
        found: dict[str, _Way] = {}
        turn = count()
        waiting = [(weight, next(turn), root, _Way(operation=root.lower())) for root, weight in _ROOT_WEIGHTS.items()]
        while waiting:
            weight, _, name, way = heapq.heappop(waiting)
            kind = self._atlas.types.get(name)
            if kind is None or name in found:
                continue
            found[name] = way
            for further, more, onwards in self._onwards(kind, way):
                heapq.heappush(waiting, (weight + more, next(turn), further, onwards))
        return found

    def _onwards(self, kind: GraphQLNamedType, way: _Way) -> Iterator[tuple[str, int, _Way]]:
        """Where one step leads, what it weighs, and the way there: what may be missing, or must be named, is far."""
        for name, field in self._atlas.fields(kind).items():
            text, taken = _asked(name, field, rows=_ROWS)
            if is_leaf_type(named(field)) or taken.keys() & dict(way.taken).keys():
                continue
            weight = (
                1 + _VARIABLE_WEIGHT * len(taken) + (0 if isinstance(kind_in(field), GraphQLNonNull) else _NULL_WEIGHT)
            )
            yield named(field).name, weight, _longer(way, text, tuple(taken.items()))
        for name in self._atlas.implementations(kind):
            yield name, 1, _longer(way, f"... on {name}", ())


def _longer(way: _Way, step: str, taken: tuple[tuple[str, str], ...]) -> _Way:
    return _Way(operation=way.operation, steps=(*way.steps, step), taken=(*way.taken, *taken))


def _asked(name: str, field: GraphQLField, rows: int | None = None) -> tuple[str, dict[str, str]]:
    """A field with what it must be given, and the types of those variables; no more than `rows` of a list."""
    needed = {key: str(kind_in(each)) for key, each in field.args.items() if is_required_argument(each)}
    said = [f"{key}: ${key}" for key in needed]
    if rows and "first" in field.args:
        said.append(f"first: {rows}")
    return name + (f"({', '.join(said)})" if said else ""), needed


def _is_plain(field: GraphQLField) -> bool:
    """Whether a field comes with what it belongs to, and nothing has to be said for it."""
    return not is_asked(field) and not any(map(is_required_argument, field.args.values()))


def _within(head: str, body: list[str]) -> list[str]:
    """A selection: what it is of, and what is asked of that; leaves have nothing."""
    return [f"{head} {{", *(f"  {line}" for line in body), "}"] if body else [head]


def _blank(kind: Any) -> Any:
    """What stands for a value of an input's type until the reader says which."""
    required, listing = isinstance(kind, GraphQLNonNull), isinstance(kind, GraphQLList)
    if required or listing:
        blank = _blank(kind.of_type)
        return [blank] if listing else blank
    return _blank_inside(kind)


def _blank_inside(inside: Any) -> Any:
    if isinstance(inside, GraphQLEnumType):
        return next(iter(inside.values))
    if isinstance(inside, GraphQLInputObjectType):
        return {name: _blank(kind_in(field)) for name, field in _needed(inside)}
    return _BLANKS.get(getattr(inside, "name", ""), "…")


def _needed(kind: GraphQLInputObjectType) -> list[tuple[str, GraphQLInputField]]:
    """What an input must have; of one that takes exactly one of its fields, the first."""
    fields = list(kind.fields.items())
    return fields[:1] if kind.is_one_of else [each for each in fields if is_required_input_field(each[1])]


def default_of(given: GraphQLArgument | GraphQLInputField) -> str:
    """The default of an argument or of an input's field, as the schema writes it; empty where there is none."""
    written = ast_from_value(given.default_value, kind_in(given)) if given.default_value is not Undefined else None
    return print_ast(written) if written else ""
