"""One settlement of utilities: medium by medium what it cost and what was paid in advance, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/settlements/{settlement}", needs="settlement")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which settlement."""
    return {"settlement": visit.path["settlement"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """How long the bars of each line and of the whole are drawn, in hundredths of the longest."""
    settlement = data["settlement"] or {}
    lines = settlement.get("lines") or ()
    longest = max((_size(each[name]) for each in lines for name in ("cost", "advances")), default=Decimal(1))
    return {
        "drawn": [_drawn(each, longest) for each in lines],
        "drawn_whole": _drawn(settlement, max(_size(settlement["cost"]), _size(settlement["advances"])))
        if settlement
        else None,
    }


def _drawn(told: Mapping[str, Any], longest: Decimal) -> Mapping[str, float]:
    return {name: round(float(_size(told[name]) / (longest or 1) * 100), 2) for name in ("cost", "advances")}


def _size(money: Mapping[str, str]) -> Decimal:
    return max(Decimal(money["amount"]), Decimal(0))
