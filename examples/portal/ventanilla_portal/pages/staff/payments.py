"""What people set out to pay online: found by its reference, and by how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/staff/payments", For.STAFF)
STATES: Final[Mapping[str, list[str] | None]] = {
    "all": None,
    "paid": ["SUCCEEDED"],
    "open": ["CREATED", "REDIRECTED", "PENDING"],
    "not_paid": ["FAILED", "EXPIRED", "CANCELLED"],
}
"""What one may choose from, and the states of a checkout that are meant."""


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """The reference that is looked for, the states, and the part of the list."""
    return {
        "reference": visit.query["reference"].strip() or None,
        "states": STATES[_chosen(visit)],
        "after": visit.query["after"] or None,
    }


@PAGE.views
def view(visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What may be chosen from, and what is."""
    return {"ways": tuple(STATES), "chosen": _chosen(visit)}


def _chosen(visit: Visit) -> str:
    state = visit.query["state"]
    return state if state in STATES else "all"
