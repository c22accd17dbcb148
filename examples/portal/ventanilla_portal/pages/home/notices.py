"""What the manager and the communities tell the viewer, the newest first."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/notices")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which part of the list."""
    return {"after": visit.query["after"] or None}
