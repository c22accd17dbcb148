"""One payment: where it stands, what it settled, and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import paper_in
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/payments/{payment}", needs="payment")
_HAS_RECEIPT: Final = frozenset({"CONFIRMED", "SETTLED", "PARTIALLY_REFUNDED"})


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one, and whether its receipt is wanted."""
    return {
        "payment": visit.path["payment"],
        "format": paper_in(visit) or "PDF",
        "print": paper_in(visit) is not None,
    }


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether there is a receipt, and anything left that no invoice took."""
    payment = data["payment"] or {}
    counts = payment.get("status") in _HAS_RECEIPT
    return {"counts": counts, "left_over": counts and Decimal(payment["unallocated"]["amount"]) > 0}


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """To its receipt, at an address that is made when it is asked for and so never too old."""
    return ((data["payment"] or {}).get("receipt") or {}).get("url")
