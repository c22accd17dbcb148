"""The home of an account: how it stands, what is to pay, what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.pages.money import under_way
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose home it is."""
    return {"account": visit.path["account"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is being paid just now, whether anything can be, the plan in force and its next instalment."""
    account = data["account"] or {}
    plan = next(iter((account.get("paymentPlans") or {}).get("nodes") or ()), None)
    instalments = (plan or {}).get("instalments") or ()
    pending = (account.get("pending") or {}).get("nodes") or ()
    bills = [each for each in pending if each["kind"] != "CREDIT_NOTE"]
    return {
        "under_way": under_way(account),
        "is_payable": bool(data["portal"]["paymentPlatform"] and bills),
        "plan": plan,
        "instalment": next((each for each in instalments if each["status"] == "SCHEDULED"), None),
        "paid_instalments": sum(each["status"] == "PAID" for each in instalments),
    }
