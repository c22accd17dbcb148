"""What a supplier billed, and where each invoice stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/supplier")
TABS: Final[Mapping[str, list[str] | None]] = {
    "all": None,
    "open": ["TO_APPROVE", "APPROVED"],
    "paid": ["PAID"],
    "rejected": ["REJECTED"],
}
"""Which states each tab shows."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which invoices, and which part of the list."""
    return {"status": TABS[_tab(visit)], "after": visit.query["after"] or None}


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whom the viewer acts for, the tabs, and the one that is shown."""
    mandates = (data["mine"] or {}).get("mandates") or ()
    return {
        "names": [each["subjectName"] for each in mandates if each["role"] == "SUPPLIER"],
        "tabs": list(TABS),
        "tab": _tab(visit),
    }


def _tab(visit: Visit) -> str:
    return visit.query["show"] if visit.query["show"] in TABS else "all"
