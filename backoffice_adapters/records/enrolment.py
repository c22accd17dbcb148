"""Enrolments: how an account gets and pays its invoices."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.records.base import Record


class EnrolmentKind(StrEnum):
    """What an account can be enrolled in."""

    E_INVOICE = "E_INVOICE"
    DIRECT_DEBIT = "DIRECT_DEBIT"


class Enrolment(Record):
    """Whether an account is enrolled in one thing: every account has one of each kind, active or not."""

    kind: EnrolmentKind
    active: bool
    since: date | None = None
    """The day it began; there exactly when active."""
    cancelled_at: datetime | None = None
    """When it was last ended."""
    channel: str | None = None
    """Where it was made, in the manager's language: "Portal", "Oficina", "telefon"."""
