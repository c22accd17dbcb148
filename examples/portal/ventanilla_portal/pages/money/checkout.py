"""One payment through the portal as it stands: where the platform leads people back to, and what is looked at later.

Coming back proves nothing. Paid is said once the platform has confirmed it to the gateway, and never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.pages.money import RUNNING
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/return", For.ANYBODY)
NEWS: Final = "subscription ($id: ID!) { checkout(id: $id) { status settled } }"


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one: the platform's way back ends in its id."""
    return {"checkout": visit.query["checkout"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether more is to be heard of it, and what could be paid anew."""
    checkout = data["checkout"] or {}
    status = checkout.get("status")
    invoices = [line["invoice"]["id"] for line in checkout.get("lines", ()) if line["invoice"]]
    return {
        "news": NEWS,
        "is_running": status in RUNNING,
        "is_over": bool(status) and (checkout["settled"] or status in {"FAILED", "EXPIRED", "CANCELLED"}),
        "invoices": invoices,
    }


@PAGE.does("cancel")
async def cancel(visit: Visit) -> Outcome:
    """Take it back, if nobody can be paying it at this moment."""
    return await visit.do("Cancel", {"input": {"id": visit.form["checkout"]}}, said="cancelled")
