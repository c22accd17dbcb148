"""One batch of invitations: looked through, let leave, followed, held back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/access/{batch}", For.STAFF_ADMIN)
STATES: Final = ("PENDING", "SENDING", "SENT", "ACCEPTED", "FAILED", "SKIPPED", "CANCELLED")
MOVING: Final = frozenset({"GENERATING", "SENDING"})
"""States of a batch that pass by themselves."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which batch, and which of its people."""
    state = visit.query["state"]
    return {
        "id": visit.path["batch"],
        "states": [state] if state in STATES else None,
        "after": visit.query["after"] or None,
    }


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """How many letters are done with, of all that there are; whether more happens by itself."""
    batch = (data["staff"] or {}).get("accessBatch")
    if not batch:
        return {}
    counts = batch["counts"]
    letters = counts["total"] - counts["skipped"]
    moving = batch["state"] in MOVING or bool(counts["sending"])
    return {
        "states": STATES,
        "letters": letters,
        "left": letters - counts["pending"] - counts["sending"],
        "moving": moving,
    }


@PAGE.does("send")
async def send(visit: Visit) -> Outcome:
    """Let the letters leave."""
    return await visit.do("SendAccess", {"input": {"batchId": visit.path["batch"]}}, said="sent")


@PAGE.does("cancel")
async def cancel(visit: Visit) -> Outcome:
    """Hold back what has not left; tell what is on its way already."""
    payload = await visit.mutate("CancelAccess", {"input": {"batchId": visit.path["batch"]}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(said="cancelled", n=payload["cancelledCount"], flying=payload["inFlightCount"])


@PAGE.does("retry")
async def retry(visit: Visit) -> Outcome:
    """Send once more what failed."""
    payload = await visit.mutate("RetryAccess", {"input": {"batchId": visit.path["batch"]}})
    if payload["userErrors"]:
        return Shown(payload["userErrors"])
    return visit.done(said="retried", n=payload["retriedCount"])
