"""An account's meters: those in use, and those that were taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/meters", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose meters, and which part of the list."""
    return {"account": visit.path["account"], "after": visit.query["after"] or None}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The number of the meter that took each one's place, by the id of the one that was removed."""
    nodes = ((data["account"] or {}).get("meters") or {}).get("nodes") or ()
    return {"successors": {each["replaces"]["id"]: each["number"] for each in nodes if each["replaces"]}}
