"""The people who may sign in: found by name or e-mail, to be looked after."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/staff/people", For.STAFF)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """What is searched for, whether only colleagues are, and the part of the list."""
    return {
        "search": visit.query["search"].strip(),
        "staffOnly": visit.query["who"] == "staff",
        "after": visit.query["after"] or None,
    }


@PAGE.does("stop")
async def stop(visit: Visit) -> Outcome:
    """Be oneself again. The banner of every page posts this, by somebody who is a customer until it is done."""
    payload = await visit.mutate("StopSeeingAs", {})
    return visit.done(to="/staff/people", said=None if payload["userErrors"] else "stopped")
