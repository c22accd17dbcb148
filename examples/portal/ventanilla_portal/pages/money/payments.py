"""The payments of an account: by state and time, each receipt, and the list as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import day_in, paper_in
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/payments", needs="account")
GROUPS: Final[Mapping[str, list[str]]] = {
    "counted": ["CONFIRMED", "SETTLED", "PARTIALLY_REFUNDED"],
    "waiting": ["PENDING", "REVIEW"],
    "in_vain": ["FAILED", "EXPIRED", "REVERSED", "REFUNDED"],
}
"""States of a payment as people look for them."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which payments, and whether their paper is wanted."""
    return {
        "account": visit.path["account"],
        "after": visit.query["after"] or None,
        "filter": {
            "status": GROUPS.get(visit.query["status"]),
            "paidFrom": day_in(visit, "from"),
            "paidTo": day_in(visit, "to"),
        },
        "format": paper_in(visit) or "PDF",
        "print": paper_in(visit) is not None,
    }


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What can be filtered by, and whether anything is."""
    return {
        "groups": list(GROUPS),
        "sought": any(visit.query[name].strip() for name in ("status", "from", "to")),
        "dated": any(visit.query[name].strip() for name in ("from", "to")),
    }


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """To the list's paper, at an address that is made when it is asked for and so never too old."""
    return ((data["account"] or {}).get("paymentHistory") or {}).get("url")
