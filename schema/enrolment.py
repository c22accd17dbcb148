"""Enrolments."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from ventanilla.schema.enums import EnrolmentKind
from ventanilla.schema.fields import prop


@strawberry.type(description="Whether an account is enrolled in one thing; there is one of each kind, active or not.")
class Enrolment:
    """An enrolment."""

    kind: EnrolmentKind = prop("In what.")
    active: bool = prop("Whether it is enrolled now.")
    since: date | None = prop("When that began; null when not active.")
    cancelled_at: datetime | None = prop("When it was last ended.")
    channel: str | None = prop("Where it was made, in the manager's language.")
