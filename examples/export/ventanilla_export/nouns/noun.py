"""How what is exported is described: what is asked in GraphQL, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

Node = Mapping[str, Any]
"""A JSON object as the portal answered it."""


class Kind(StrEnum):
    """What a column holds. All but INTEGER and FLOAT are kept as the portal's own text, which is exact."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    AMOUNT = "AMOUNT"
    """Money in major units with all digits of its currency: ``"1234.50"``."""
    DECIMAL = "DECIMAL"
    """Any other exact number: a quantity, a price of one unit, a percentage."""
    FLOAT = "FLOAT"
    DATE = "DATE"
    """A local date at the manager: ``"2026-11-21"``."""
    MOMENT = "MOMENT"
    """ISO 8601 with its offset."""

    @property
    def is_text(self) -> bool:
        """Whether somebody may have written anything into it."""
        return self is Kind.TEXT


@dataclass(frozen=True)
class Column:
    """One value of a row."""

    name: str
    kind: Kind
    at: str | Callable[[Node, Node], Any]
    """Where it stands in a row's object, as ``account.number`` (of a list, a number says which: ``dueDates.-1``); or
    a function of the node and the row's object."""
    of_node: bool = False
    """Whether `at` begins at the node, in a table whose rows are parts of nodes."""

    def taken(self, node: Node, item: Node) -> Any:
        """The value: None where anything on the way is null."""
        if callable(self.at):
            return self.at(node, item)
        value: Any = node if self.of_node else item
        for step in self._steps:
            if value is None:
                return None
            value = value[step]
        return ", ".join(cast("list[str]", value)) if isinstance(value, list) else value

    @cached_property
    def _steps(self) -> tuple[str | int, ...]:
        steps = str(self.at).split(".")
        return tuple(int(step) if step.lstrip("-").isdecimal() else step for step in steps)


@dataclass(frozen=True)
class Table:
    """Rows of one kind: one for each node, or one for each item of a list of the node."""

    name: str
    columns: tuple[Column, ...]
    """Of a table of nodes the first is ``id``; of a table of parts it is the node's id."""
    asks: str
    """What is asked of each node for it, as GraphQL has it."""
    each: str | None = None
    """The node's list that has an item for each row."""

    def rows(self, node: Node) -> Iterator[list[Any]]:
        """The rows of one node; those of a table of parts begin with their place, from 1."""
        if self.each is None:
            yield [column.taken(node, node) for column in self.columns]
            return
        for place, item in enumerate(node[self.each], 1):
            yield [place, *(column.taken(node, item) for column in self.columns)]


@dataclass(frozen=True)
class Noun:
    """Something that is exported."""

    field: str
    """Its field of the schema's ``Export``."""
    scope: str
    """What a program's token has to be good for."""
    filter_type: str
    """The type of its filter in the schema."""
    nodes: Table
    order: tuple[str, ...]
    """The columns that files are sorted by; ids decide between equals, so that a file follows from what is in it."""
    filters: Mapping[str, bool]
    """The keys of its filter, and whether several values may be given."""
    parts: tuple[Table, ...] = ()

    @property
    def name(self) -> str:
        """What it is called on the command line: its table, with hyphens."""
        return self.nodes.name.replace("_", "-")

    @property
    def tables(self) -> tuple[Table, ...]:
        """All its tables, that of the nodes first."""
        return (self.nodes, *self.parts)

    @property
    def document(self) -> str:
        """The GraphQL document that asks for a page of what changed."""
        operation = self.field[0].upper() + self.field[1:]
        selection = " ".join(" ".join(table.asks.split()) for table in self.tables)
        variables = (
            f"$first: Int!, $after: String, $filter: {self.filter_type}, $offices: [String!], $counted: Boolean!"
        )
        return f"""
query {operation}({variables}) {{
  export {{
    {self.field}(first: $first, after: $after, filter: $filter, offices: $offices) {{
      nodes {{ {selection} }}
      removedIds
      pageInfo {{ endCursor hasNextPage }}
      remaining @include(if: $counted)
    }}
  }}
}}
"""

    def without_parts(self) -> Noun:
        """The same without what hangs on the nodes."""
        return replace(self, parts=())
