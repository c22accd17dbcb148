"""Documents made up for a schema: fragments, merged fields, arguments, variables and directives, nearly all valid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)
from hypothesis import strategies as st

_OTHER = {
    "Date": ["2026-11-21"],
    "DateTime": ["2026-11-21T09:30:00Z"],
    "Decimal": ["1.50"],
    "CurrencyCode": ["PLN"],
    "YearMonth": ["2026-11"],
}
"""Values of the scalars that the schema makes itself."""
_SCALARS: dict[str, list[Any]] = {
    **_OTHER,
    "Int": [0, 3, -(2**31)],
    "Float": [1.5, 2],
    "Boolean": [True, False],
    "String": ["", 'ñ \\ " {'],
    "ID": ["x", 5],
}


@dataclass(frozen=True)
class Asked:
    """A document and the values of its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class _Making:
    """One document being made; `pick` draws a number below another."""

    schema: GraphQLSchema
    draw: Any
    declared: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    left: int = 60

    def pick(self, below: int) -> int:
        return self.draw(st.integers(0, below - 1))

    def one_of(self, choices: list[Any]) -> Any:
        return choices[self.pick(len(choices))]

    def selections(self, kind: GraphQLNamedType, depth: int) -> str:
        parts = [self.part(kind, depth) for _ in range(1 + self.pick(4))]
        return "{ " + " ".join(parts) + " }"

    def part(self, kind: GraphQLNamedType, depth: int) -> str:
        self.left -= 1
        choice = self.pick(12)
        if choice == 0 or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or self.left < 0:
            return self.part_of(kind, depth) if choice > 2 and depth > 0 and self.left > 0 else "__typename"
        return self.part_of(kind, depth) if choice < 3 and depth > 0 else self.field(kind, depth)

    def part_of(self, kind: GraphQLNamedType, depth: int) -> str:
        """A fragment of its own, or a named one."""
        condition = self.one_of(self.overlapping(kind))
        directive = self.directive()
        if self.pick(2):
            on = f"on {condition.name} " if condition is not kind or self.pick(2) else ""
            return f"... {on}{directive}{self.selections(condition, depth - 1)}"
        known = [name for name, (on, _) in self.fragments.items() if on == condition.name]
        if known and self.pick(2):
            return f"...{self.one_of(known)} {directive}"
        body = self.selections(condition, depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (condition.name, body)
        return f"...{name} {directive}"

    def overlapping(self, kind: GraphQLNamedType) -> list[GraphQLNamedType]:
        if is_abstract_type(kind):
            return [kind, *self.schema.get_possible_types(kind)]
        interfaces = kind.interfaces if isinstance(kind, GraphQLObjectType) else ()
        return [kind, *interfaces]

    def field(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields: dict[str, GraphQLField] = kind.fields
        named: dict[str, Any] = {name: get_named_type(each.type) for name, each in fields.items()}
        names = [name for name, below in named.items() if depth > 0 or not is_composite_type(below)]
        if not names:
            return "__typename"
        name = self.one_of(names)
        arguments = self.arguments(fields[name])
        key = f"{name}_{crc32(arguments.encode())}" if arguments else self.one_of([name, name, f"{name}_a"])
        below = self.selections(named[name], depth - 1) if is_composite_type(named[name]) else ""
        return f"{key}: {name}{arguments} {self.directive()}{below}"

    def arguments(self, found: GraphQLField) -> str:
        given: list[str] = []
        for name, argument in found.args.items():
            if is_required_argument(argument) or self.pick(3) == 0:
                given.append(f"{name}: {self.literal(argument.type, 3)}")
        return f"({', '.join(given)})" if given else ""

    def directive(self) -> str:
        if self.pick(6):
            return ""
        name = self.one_of(["skip", "include"])
        return f"@{name}(if: {self.one_of(['true', 'false']) if self.pick(2) else self.switch()}) "

    def switch(self) -> str:
        name = f"yes{self.pick(3)}"
        self.declared[name] = "Boolean!"
        if name not in self.values:
            self.values[name] = bool(self.pick(2))
        return f"${name}"

    def literal(self, kind: Any, depth: int) -> str:
        if self.pick(4) == 0:
            return self.variable(kind)
        if isinstance(kind, GraphQLNonNull):
            return self.literal_of(kind.of_type, depth)
        return "null" if self.pick(6) == 0 else self.literal_of(kind, depth)

    def literal_of(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLList):
            return "[" + ", ".join(self.literal(kind.of_type, depth - 1) for _ in range(self.pick(3))) + "]"
        if isinstance(kind, GraphQLEnumType):
            return self.one_of(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            given = [
                f"{name}: {self.literal(each.type, depth - 1)}"
                for name, each in kind.fields.items()
                if isinstance(each.type, GraphQLNonNull) or (depth > 0 and self.pick(2))
            ]
            return "{" + ", ".join(given) + "}"
        return _written(self.one_of(_SCALARS[kind.name]))

    def variable(self, kind: Any) -> str:
        """A variable of just this type; its value is good, null, left out, or now and then wrong."""
        name = f"v{crc32(str(kind).encode())}"
        if name not in self.declared:
            default = "" if isinstance(kind, GraphQLNonNull) or self.pick(2) else f" = {self.constant(kind)}"
            self.declared[name] = f"{kind}{default}"
            fate = self.pick(8)
            if fate < 6 or (isinstance(kind, GraphQLNonNull) and fate == 6):
                self.values[name] = self.json(kind)
            elif fate == 6:
                self.values[name] = None
        return f"${name}"

    def constant(self, kind: Any) -> str:
        if isinstance(kind, GraphQLList):
            return "[]"
        if isinstance(kind, GraphQLInputObjectType):
            return "null"
        return self.one_of(list(kind.values)) if isinstance(kind, GraphQLEnumType) else self.literal_of(kind, 0)

    def json(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self.json(kind.of_type)
        if isinstance(kind, GraphQLList):
            return [self.json(kind.of_type) for _ in range(self.pick(3))]
        if isinstance(kind, GraphQLEnumType):
            return self.one_of(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            must = {name: each.type for name, each in kind.fields.items() if isinstance(each.type, GraphQLNonNull)}
            return {name: self.json(each) for name, each in must.items()}
        return self.one_of(_SCALARS[kind.name])

    def document(self, operation: str, root: GraphQLObjectType, depth: int) -> Asked:
        body = self.selections(root, depth)
        declared = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        head = f"{operation} M({declared}) " if declared else f"{operation} "
        fragments = [f"fragment {name} on {on} {inner}" for name, (on, inner) in self.fragments.items()]
        return Asked("\n".join([head + body, *fragments]), self.values)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


@st.composite
def documents(draw: Any, schema: GraphQLSchema, depth: int = 4) -> Asked:
    """Documents of `schema`: queries and, where it has them, mutations."""
    making = _Making(schema, draw)
    if schema.mutation_type and making.pick(5) == 0:
        return making.document("mutation", schema.mutation_type, depth)
    assert schema.query_type
    return making.document("query", schema.query_type, depth)
