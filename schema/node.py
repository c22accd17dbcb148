"""What has an id, and what has an age."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import nodes
from ventanilla.schema.fields import column, prop


@strawberry.interface(description="Something with a global id, by which `node` finds it again.")
class Node:
    """An object of the schema that can be asked for by id."""

    id: strawberry.ID = column(
        nodes.ids, "Opaque, bound to this manager, stable for the life of the thing. Never parse it or make one up."
    )


@strawberry.type(description="The back office that told something.")
class SourceRef:
    """A back office as clients know it."""

    name: str = prop("Its name in the manager's configuration.", of="source")


@strawberry.interface(description="Something read from a back office, which can tell its age.")
class Sourced:
    """An object of the schema that an office answered."""

    as_of: datetime = prop("When this was true at the office: now, or the time of its last export.", of="origin.as_of")
    stale: bool = prop(
        "True when the office did not answer and this is what it said last; `asOf` tells when.", of="origin.stale"
    )
    source: SourceRef = prop("The back office that told it.", of="origin")
