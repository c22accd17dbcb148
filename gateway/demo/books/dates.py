"""Months and working days, counted from the anchor."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
MONTHS_PL = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik",
    "listopad", "grudzień",
)  # fmt: skip


def shift(day: date, months: int) -> date:
    """Move by whole months; a day that the month does not have becomes its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def before_weekend(day: date) -> date:
    """Take `day`, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def after_weekend(day: date) -> date:
    """Take `day`, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def near_weekend(day: date) -> date:
    """Take `day`, or the nearest working day of the same month: the Friday before it, else the Monday after."""
    before = before_weekend(day)
    return before if before.month == day.month else after_weekend(day)


def month_es(day: date) -> str:
    """Name the month as in "noviembre de 2026"."""
    return f"{MONTHS_ES[day.month - 1]} de {day.year}"


def month_pl(day: date) -> str:
    """Name the month as in "listopad 2026"."""
    return f"{MONTHS_PL[day.month - 1]} {day.year}"
