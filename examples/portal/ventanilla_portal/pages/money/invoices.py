"""The invoices of an account: what is to pay, what is paid, all; each paper, and the list as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import day_in, paper_in
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/invoices", needs="account")
TABS: Final[Mapping[str, tuple[list[str] | None, str]]] = {
    "to_pay": (["OPEN", "OVERDUE", "PARTIALLY_PAID"], "DUE_ON_ASC"),
    "paid": (["PAID"], "ISSUED_ON_DESC"),
    "all": (None, "ISSUED_ON_DESC"),
}
"""Which states each tab shows, and in which order."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which invoices, and whether their paper is wanted."""
    status, order = TABS[_tab(visit)]
    issued = {
        "number": visit.query["number"].strip() or None,
        "issuedFrom": day_in(visit, "from"),
        "issuedTo": day_in(visit, "to"),
    }
    return {
        "account": visit.path["account"],
        "after": visit.query["after"] or None,
        "filter": {**issued, "status": status},
        "order": order,
        "papers": issued,
        "format": paper_in(visit) or "PDF",
        "print": paper_in(visit) is not None,
    }


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tabs, the one that is shown, and whether anything is searched for."""
    return {
        "tabs": list(TABS),
        "tab": _tab(visit),
        "sought": any(visit.query[name].strip() for name in ("number", "from", "to")),
    }


@PAGE.leads
def lead(_visit: Visit, data: Mapping[str, Any]) -> str | None:
    """To the list's paper, at an address that is made when it is asked for and so never too old."""
    return ((data["account"] or {}).get("paidInvoiceHistory") or {}).get("url")


def _tab(visit: Visit) -> str:
    return visit.query["show"] if visit.query["show"] in TABS else "to_pay"
