"""What is owed and paid: paying, invoices, payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ventanilla_portal.visit import Visit

RUNNING: Final = frozenset({"CREATED", "REDIRECTED", "PENDING"})
"""States of a checkout that may yet be paid."""


def under_way(account: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of the account's checkouts that hold their invoices: being paid, or paid and not booked yet."""
    found = (account.get("checkouts") or {}).get("nodes") or ()
    return [
        each for each in found if each["status"] in RUNNING or (each["status"] == "SUCCEEDED" and not each["settled"])
    ]


def day_in(visit: Visit, name: str) -> str | None:
    """The date that the address has under `name`; None for none, and for what is no date."""
    try:
        return date.fromisoformat(visit.query[name]).isoformat()
    except ValueError:
        return None


def paper_in(visit: Visit) -> str | None:
    """The form in which the address asks for a paper; None for no paper."""
    return visit.query["paper"] if visit.query["paper"] in {"PDF", "HTML"} else None
