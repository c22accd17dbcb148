"""One notice in full."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/notices/{notice}", needs="notice")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which notice."""
    return {"notice": visit.path["notice"]}
