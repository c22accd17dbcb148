"""One invoice: what it asks for and until when, why, what was paid of it, what being late costs, and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import paper_in
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/invoices/{invoice}", needs="invoice")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one, and whether its paper is wanted."""
    return {
        "invoice": visit.path["invoice"],
        "format": paper_in(visit) or "PDF",
        "print": paper_in(visit) is not None,
    }


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether it waits for money, and whether that can be paid here."""
    invoice = data["invoice"] or {}
    is_due = invoice.get("status") in {"ISSUED", "PARTIALLY_PAID"} and invoice["kind"] != "CREDIT_NOTE"
    return {"is_due": is_due, "is_payable": is_due and bool(data["portal"]["paymentPlatform"])}


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """To its paper, at an address that is made when it is asked for and so never too old."""
    return ((data["invoice"] or {}).get("document") or {}).get("url")
