"""What happened to an account: who reaches it since when, and what money came."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/activity", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose it is, and which part of the list."""
    return {"account": visit.path["account"], "after": visit.query["after"] or None}
