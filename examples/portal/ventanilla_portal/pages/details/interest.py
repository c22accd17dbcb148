"""The late interest of an account's overdue invoices, shown so that it can be reckoned again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.details import written_out
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/interest", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose interest, and which part of the list."""
    return {"account": visit.path["account"], "after": visit.query["after"] or None}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Each document's interest, the exact amounts of its segments written out."""
    nodes = ((data["account"] or {}).get("interestAccruals") or {}).get("nodes") or ()
    return {"accruals": [{**each, "segments": [_exact(segment) for segment in each["segments"]]} for each in nodes]}


def _exact(segment: Mapping[str, Any]) -> Mapping[str, Any]:
    digits, goes_on = written_out(segment["amountExact"])
    return {**segment, "digits": digits, "goes_on": goes_on}
