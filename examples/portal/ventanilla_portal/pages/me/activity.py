"""What was done with the viewer's sign-in and what is their own, and who saw their data."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/me/activity", For.SIGNED_IN)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which part of the list."""
    return {"after": visit.query["after"] or None}
