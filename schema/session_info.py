"""A session as its owner sees it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.fields import prop


@strawberry.type(description="One sign-in of the viewer that still holds.")
class SessionInfo:
    """A session in the viewer's list."""

    id: strawberry.ID = prop("What `endSession` ends it by; it opens nothing.")
    current: bool = prop("Whether it is the one that asks.")
    created_at: datetime = prop("When it began.")
    seen_at: datetime = prop("When it was last used, to the minute.")
    expires_at: datetime = prop("When it ends at the latest, used or not.")
    address: str | None = prop("The network address that it began from.")
    user_agent: str | None = prop("What the browser or program called itself.")
    device: str | None = prop("That in a few words of the answer's language, `Firefox on Android`; null if unknown.")
