"""One payment that does not fit: why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/staff/strays/{stray}", For.STAFF)
BOOKABLE: Final = frozenset({
    "AMOUNT_MISMATCH", "PAID_TWICE", "BOOKING_REFUSED", "MISSING_AT_OFFICE", "RETURN_REFUSED",
})  # fmt: skip
"""Kinds that an office can be told of, perhaps once more."""
REFUNDABLE: Final = frozenset({"AMOUNT_MISMATCH", "PAID_TWICE", "UNKNOWN_REFERENCE", "BOOKING_REFUSED"})
"""Kinds of money that has come and is in no books."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one."""
    return {"id": visit.path["stray"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What this viewer can do about it; an empty answer where that is nothing."""
    stray = (data["staff"] or {}).get("strayPayment") or {}
    open_to_me = stray.get("state") == "OPEN" and "STAFF_ADMIN" in data["viewer"]["roles"]
    kind = stray.get("kind")
    return {
        "decides": open_to_me,
        "bookable": open_to_me and kind in BOOKABLE,
        "refundable": open_to_me and kind in REFUNDABLE,
    }


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
