"""One accrual: what it is for, how it is reckoned, and the invoice that asks for it."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import Page, Variables
from ventanilla_portal.visit import Visit

PAGE: Final = Page(__file__, "/accruals/{accrual}", needs="accrual")


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Which accrual."""
    return {"accrual": visit.path["accrual"]}
