"""What the viewer has paid, or is paying, of an account through the portal."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/payments/online", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Of which account, and the part of the list."""
    return {"account": visit.path["account"], "after": visit.query["after"] or None}
