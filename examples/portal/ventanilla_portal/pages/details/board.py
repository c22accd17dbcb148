"""What members of a board see of their communities: how they stand, who is in arrears, what suppliers billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/board")
TABS: Final = ("to_approve", "invoices", "arrears")
"""The lists, one at a time: the suppliers' invoices that wait for the board, all of them, and who owes."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which community and which of its lists; of the first mandates where none was chosen."""
    tab = _tab(visit)
    return {
        "community": visit.query["community"],
        "chosen": bool(visit.query["community"]),
        "after": visit.query["after"] or None,
        "arrears": tab == "arrears",
        "status": ["TO_APPROVE"] if tab == "to_approve" else None,
        "order": "DUE_ON_ASC" if tab == "to_approve" else "ISSUED_ON_DESC",
    }


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The communities that the viewer may choose from, the one that is shown, and the tabs."""
    mandates = [each for each in (data["mine"] or {}).get("mandates") or () if each["role"] == "BOARD_MEMBER"]
    communities = {each["community"]["id"]: each for each in mandates if each["community"]}
    mandate = communities.get(visit.query["community"]) or next(iter(communities.values()), None)
    return {
        "communities": list(communities.values()),
        "mandate": mandate,
        "shown": data.get("chosen") or (mandate or {}).get("community"),
        "tabs": TABS,
        "tab": _tab(visit),
    }


def _tab(visit: Visit) -> str:
    return visit.query["show"] if visit.query["show"] in TABS else TABS[0]
