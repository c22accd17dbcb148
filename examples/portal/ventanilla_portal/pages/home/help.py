"""Help: how to reach the manager, and what this portal is for. For everybody, above all when something fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/help", For.ANYBODY)
_DOES: Final = (
    ("invoices", "invoices.list"),
    ("pay", None),
    ("payments", "payments.list"),
    ("plans", "payment_plans.list"),
    ("meters", "meters.list"),
    ("settlements", "utility_settlements.list"),
    ("notices", "notices.list"),
)
"""What a portal may do, and the capability that it takes."""
_QUESTIONS: Final = ("number", "letter", "password", "old", "missing", "privacy")


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What this one does, when somebody is there, and what people ask."""
    portal = data["portal"]
    can = {each["key"] for each in portal["capabilities"] if each["support"] != "NO"}
    does = [key for key, capability in _DOES if capability in can or (key == "pay" and portal["paymentPlatform"])]
    hours = next((text["body"] for text in portal["texts"] if text["key"] == "support_hours"), None)
    return {"does": does, "hours": hours, "questions": _QUESTIONS}
