"""What all connections have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

import strawberry

from ventanilla.resolvers import connections
from ventanilla.schema.fields import batch, column, prop

T = TypeVar("T")

TOTAL_COUNT = "All rows that match, whatever the part. It costs the office a question of its own: ask only if shown."
NODES = "The rows themselves: `edges` without cursors."
EDGES = "The rows with their cursors."
PAGE_INFO = "What lies around this part."
CURSOR = "The place of this row in the list, in this order. Opaque; it stays good while rows come and go."


@strawberry.type(description="What lies around a part of a list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = prop("More rows follow. Going backwards: whether the part began at a cursor.")
    has_previous_page: bool = prop("More rows precede. Going forwards: whether the part began at a cursor.")
    start_cursor: str | None = column(connections.start_cursors, "The cursor of the first row; null if none.")
    end_cursor: str | None = column(connections.end_cursors, "The cursor of the last row; null if none.")


@strawberry.type(description="A row of a list and its place in it.")
class Edge(Generic[T]):
    """`InvoiceEdge`, `ChargeEdge` …"""

    cursor: str = column(connections.edge_cursors, CURSOR)
    node: T = prop("The row.")


@strawberry.type(description="A part of a list, in order.")
class Connection(Generic[T]):
    """`InvoiceConnection`, `ChargeConnection` …"""

    nodes: list[T] = prop(NODES)
    edges: list[Edge[T]] = prop(EDGES)
    page_info: PageInfo = prop(PAGE_INFO)
    total_count: int | None = batch(connections.total_count, TOTAL_COUNT)
