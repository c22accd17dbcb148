"""What makes up the debt and the place: charges, accruals, plans, interest, meters, settlements, communities."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from ventanilla_portal.visit import Visit

DIGITS: Final = 6
"""Digits after the decimal point that an exact amount is written out to."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def month_in(visit: Visit, name: str) -> str | None:
    """The month, ``2026-11``, that the address has under `name`; None for none, and for what is no month."""
    return visit.query[name] if _MONTH.fullmatch(visit.query[name]) else None


def written_out(exact: str) -> tuple[str, bool]:
    """A fraction such as ``"1/3"`` as decimal digits, cut and never rounded, and whether more would follow."""
    shifted = Fraction(exact) * 10**DIGITS
    whole = abs(shifted.numerator) // shifted.denominator
    digits = f"{whole:0{DIGITS + 1}}"
    sign = "-" if shifted < 0 else ""
    return f"{sign}{digits[:-DIGITS]}.{digits[-DIGITS:]}", shifted.denominator != 1
