"""What happened, for those whom it concerns."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.auth.audit import AuditFilter as Wanted
from ventanilla.resolvers import audit
from ventanilla.schema.enums import AuditKind
from ventanilla.schema.fields import column, distinct, prop
from ventanilla.schema.problems import KeyValue


@strawberry.type(description="One thing that somebody did.")
class AuditEvent:
    """An event."""

    kind: AuditKind = prop("What happened.")
    at: datetime = prop("When.")
    actor: str | None = column(
        audit.actors,
        "Who did it: others than the viewer by first name and initial, or as the manager's staff; null where it was no"
        " person.",
    )
    by_viewer: bool = column(audit.by_viewer, "Whether it was the viewer.")
    details: list[KeyValue] = column(
        audit.details,
        "What else there is to tell, as the kind says; and, of what the viewer did, the network `address`, `browser`"
        " and `system` it was done from, as far as they are known.",
    )


@strawberry.input(description="Which events. All given conditions hold; an empty list is no condition.")
class AuditFilter:
    """Filter of `Viewer.audit`."""

    kind: list[AuditKind] | None = strawberry.field(default=None, description="Of any of these kinds.")
    by_viewer: bool | None = strawberry.field(
        default=None, description="Only what the viewer did, or, with false, only what they did not."
    )

    def record(self) -> Wanted:
        """The filter as it is asked with."""
        return Wanted(kinds=distinct(self.kind), by_themselves=self.by_viewer)
