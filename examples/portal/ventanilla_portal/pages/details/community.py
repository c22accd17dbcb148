"""The community that an account belongs to: its buildings, and which part of it is held through the account's unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/a/{account}/community", needs="account")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose community."""
    return {"account": visit.path["account"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shares, each with about how many percent it is."""
    shares = (((data["account"] or {}).get("unit") or {}).get("shares")) or ()
    return {"shares": [{**share, "percent": _percent(share)} for share in shares]}


def _percent(share: Mapping[str, Any]) -> str:
    percent = Decimal(share["numerator"] * 100) / Decimal(share["denominator"])
    return str(percent.quantize(Decimal("0.01"), ROUND_HALF_UP))
