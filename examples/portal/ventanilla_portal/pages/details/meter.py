"""One meter: what was used between its readings, as a chart and as a table, across an exchange of meters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.consumption import history_of
from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/meters/{meter}", needs="meter")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which meter, and which part of its readings."""
    return {"meter": visit.path["meter"], "after": visit.query["after"] or None}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What each register showed, and the meter before, where its readings come next."""
    meter = data["meter"] or {}
    readings = meter.get("readings") or {"pageInfo": {"hasNextPage": False}}
    # The meter before begins where this one's readings end, so it is shown beside the oldest of them only.
    before = None if readings["pageInfo"]["hasNextPage"] else meter.get("replaces")
    return {
        "before": before,
        "histories": [history_of(register, meter, before) for register in meter.get("registers") or ()],
    }
