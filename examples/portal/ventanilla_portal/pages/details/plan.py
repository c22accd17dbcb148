"""One payment plan: its instalments in order, and what it covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/plans/{plan}", needs="plan")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which plan."""
    return {"plan": visit.path["plan"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Which instalment comes next, and how many are paid."""
    plan = data["plan"] or {}
    instalments = plan.get("instalments") or ()
    return {
        "is_in_force": plan.get("status") in {"ACTIVE", "PENDING_FIRST_PAYMENT"},
        "next_position": next((each["position"] for each in instalments if each["status"] == "SCHEDULED"), None),
        "paid_count": sum(each["status"] == "PAID" for each in instalments),
    }
