"""What all connections have in common."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers import connections
from ventanilla.schema.fields import column, prop


@strawberry.type(description="What lies around a part of a list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = prop("More rows follow. Going backwards: whether the part began at a cursor.")
    has_previous_page: bool = prop("More rows precede. Going forwards: whether the part began at a cursor.")
    start_cursor: str | None = column(connections.start_cursors, "The cursor of the first row; null if none.")
    end_cursor: str | None = column(connections.end_cursors, "The cursor of the last row; null if none.")


TOTAL_COUNT = (
    "All rows that match, whatever the part. It costs the back office a question of its own: ask only if shown."
)
NODES = "The rows themselves: `edges` without cursors."
EDGES = "The rows with their cursors."
PAGE_INFO = "What lies around this part."
CURSOR = "The place of this row in the list, in this order. Opaque; it stays good while rows come and go."
