"""One online payment: what was ordered, what came, and giving it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/payments/{checkout}", For.STAFF)
_AMOUNT: Final = re.compile(r"\d{1,12}([.,]\d{1,3})?", re.ASCII)
_GIVABLE: Final = frozenset({"CONFIRMED", "PARTIALLY_REFUNDED"})
_MOVING: Final = frozenset({"REQUESTED", "ASKED", "GIVEN"})
"""States of what goes back that pass by themselves."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which one."""
    return {"id": visit.path["checkout"]}


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether this viewer may give something back, the form's own key, and whether more happens by itself."""
    checkout = (data["staff"] or {}).get("checkout") or {}
    payments = checkout.get("payments", ())
    paid = any(each["status"] in _GIVABLE for each in payments)
    returns = [each["state"] for payment in payments for each in payment["returns"]]
    return {
        "moving": bool(_MOVING & set(returns)) or any(each["booking"] == "DUE" for each in payments),
        "refundable": paid and "STAFF_ADMIN" in data["viewer"]["roles"],
        "key": visit.form["key"] or token_urlsafe(16),
    }


@PAGE.does("refund")
async def refund(visit: Visit) -> Outcome:
    """Give back all that is left, or as much as is said; what is no amount is told at its field."""
    amount = visit.form["amount"].strip()
    if amount and not _AMOUNT.fullmatch(amount):
        return Shown(({"says": "not_an_amount", "path": ["amount"], "reason": "AMOUNT_INVALID"},))
    values = {
        "checkoutId": visit.path["checkout"],
        "amount": amount.replace(",", ".") or None,
        "reason": visit.form["reason"].strip(),
        "idempotencyKey": visit.form["key"],
    }
    return await visit.do("RefundPayment", {"input": values}, said="refunded")
