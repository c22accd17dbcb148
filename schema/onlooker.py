"""Who of the staff sees the portal as a customer."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.fields import prop


@strawberry.type(description="Somebody of the staff who sees the portal as the viewer, and changes nothing.")
class Onlooker:
    """Who it really is."""

    name: str = prop("Their name.")
    until: datetime = prop("When they see as themselves again at the latest; `stopSeeingAs` ends it before.")
