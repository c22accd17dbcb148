"""Access for many: what was asked for so far."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/staff/access", For.STAFF_ADMIN)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """The part of the list."""
    return {"after": visit.query["after"] or None}
