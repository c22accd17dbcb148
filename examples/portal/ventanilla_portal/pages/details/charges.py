"""An account's charges: what waits to be invoiced, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/charges", needs="account")
TABS: Final[Mapping[str, list[str] | None]] = {"pending": ["PENDING"], "all": None}
"""Which states each tab shows."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose charges, which of them, and which part of the list."""
    return {"account": visit.path["account"], "after": visit.query["after"] or None, "status": TABS[_tab(visit)]}


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tabs, and the one that is shown."""
    return {"tabs": list(TABS), "tab": _tab(visit)}


def _tab(visit: Visit) -> str:
    return visit.query["show"] if visit.query["show"] in TABS else "pending"
