"""The tables of late interest. What nobody has confirmed says in its `source` that it is sample data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ventanilla.backoffice_adapters.book import InterestRate
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_es, shift


class Row(NamedTuple):
    """From `since` on, so many percent a year."""

    since: date
    percent: str
    source: str


def enter_rates(clerk: Clerk, rows: Iterable[Row]) -> None:
    """Enter a table in the order of its days: each row ends on the day before the next, the last is still in force."""
    table = list(rows)
    ends = [following.since - timedelta(days=1) for following in table[1:]]
    for row, end in zip(table, [*ends, None], strict=True):
        clerk.enter(InterestRate(valid_from=row.since, valid_until=end, annual_rate=row.percent, source=row.source))


def argentina(anchor: date) -> list[Row]:
    """What the utility asks for: it lowered its rate half a year before the anchor."""
    source = "Tasa del régimen tarifario, datos de muestra"
    lowered = shift(anchor, -6).replace(day=1)
    return [Row(shift(lowered, -36), "48.00", source), Row(lowered, "36.00", source)]


_COLOMBIAN = (
    "25.62", "25.28", "24.94", "24.36", "24.92", "25.52", "25.74", "26.03", "25.17", "24.79", "24.40", "24.95",
)  # fmt: skip
"""From January to December."""


def colombia(anchor: date) -> list[Row]:
    """A row a month: one and a half times the current bank interest."""
    months = (shift(anchor.replace(day=1), -back) for back in reversed(range(30)))
    source = "1,5 veces el interés bancario corriente de {}, datos de muestra"
    return [Row(month, _COLOMBIAN[month.month - 1], source.format(month_es(month))) for month in months]


_RULE = "Odsetki ustawowe za opóźnienie, stopa referencyjna NBP + 5,5 p.p."
_SEEN, _SAMPLE = f"{_RULE}, potwierdzone", f"{_RULE}, dane przykładowe"

POLAND = (
    Row(date(2016, 1, 1), "7.00", _SEEN),
    Row(date(2020, 3, 18), "6.50", _SEEN),
    Row(date(2020, 4, 9), "6.00", _SEEN),
    Row(date(2020, 5, 29), "5.60", _SEEN),
    Row(date(2021, 10, 7), "6.00", _SAMPLE),
    Row(date(2022, 1, 5), "7.75", _SAMPLE),
    Row(date(2022, 9, 8), "12.25", _SAMPLE),
    Row(date(2023, 9, 7), "11.50", _SAMPLE),
    Row(date(2023, 10, 5), "11.25", _SAMPLE),
    Row(date(2025, 5, 8), "10.75", _SAMPLE),
    Row(date(2025, 7, 3), "10.50", _SAMPLE),
    Row(date(2025, 9, 4), "10.25", _SAMPLE),
    Row(date(2025, 10, 9), "10.00", _SEEN),
    Row(date(2025, 11, 6), "9.75", _SAMPLE),
    Row(date(2026, 9, 3), "9.25", _SAMPLE),
)
"""Statutory interest for delay. What is confirmed was read on pages of banks and of law."""
