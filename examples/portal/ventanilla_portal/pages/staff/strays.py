"""Money that does not fit: what is to be cleared up first, then what was."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/staff/strays", For.STAFF)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """What is open, unless what was dealt with is chosen or one reference; and the part of the list."""
    reference = visit.query["reference"].strip() or None
    state = "RESOLVED" if visit.query["state"] == "RESOLVED" else "OPEN"
    return {"state": None if reference else state, "reference": reference, "after": visit.query["after"] or None}
