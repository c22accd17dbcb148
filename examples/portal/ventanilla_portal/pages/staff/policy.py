"""What a password must have that is chosen from now on."""

from __future__ import annotations

from typing import Final

from ventanilla_portal.page import For, Page
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/policy", For.STAFF_ADMIN)
_NUMBERS: Final = ("minLength", "history", "maxAgeDays")
_TICKS: Final = ("requireDigit", "requireSymbol", "requireUpper", "requireLower")


@PAGE.does("save")
async def save(visit: Visit) -> Outcome:
    """Keep the rules; those that are no numbers are told at their field."""
    values: dict[str, int | bool | None] = {name: name in visit.form for name in _TICKS}
    for name in _NUMBERS:
        text = visit.form[name].strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 6):
            return Shown(({"says": "not_a_number", "path": [name], "reason": "FIELD_INVALID"},))
        values[name] = int(text) if text else None
    return await visit.do("UpdatePasswordPolicy", {"input": values}, said="saved")
