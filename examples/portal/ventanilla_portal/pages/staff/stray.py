"""One payment that does not fit: why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/staff/strays/{stray}", For.STAFF)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one."""
    return {"id": visit.path["stray"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What this viewer may decide about it."""
    stray = (data["staff"] or {}).get("strayPayment") or {}
    return {"decisions": stray.get("decisions") or () if "STAFF_ADMIN" in data["viewer"]["roles"] else ()}


@PAGE.does("book")
async def book(visit: Visit) -> Outcome:
    """Let the office book it as it came."""
    return await visit.do("BookStray", {"input": {"id": visit.path["stray"]}}, said="booked")


@PAGE.does("refund")
async def refund(visit: Visit) -> Outcome:
    """Give it back."""
    values = {"id": visit.path["stray"], "reason": visit.form["reason"].strip()}
    return await visit.do("RefundStray", {"input": values}, said="refunded")


@PAGE.does("dismiss")
async def dismiss(visit: Visit) -> Outcome:
    """Close it: it was dealt with elsewhere."""
    values = {"id": visit.path["stray"], "note": visit.form["note"].strip()}
    return await visit.do("DismissStray", {"input": values}, said="dismissed")
