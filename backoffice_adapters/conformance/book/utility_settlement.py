"""Settlements of the reference books, with every outcome."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.book import UtilitySettlementEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BIG, BUSY, CREDIT, WEALTHY, Pen
from ventanilla.backoffice_adapters.records import Medium, SettlementLine

_MARCH, _JANUARY = date(2026, 3, 31), date(2026, 1, 31)


def utility_settlements(pen: Pen) -> tuple[UtilitySettlementEntry, ...]:
    """Three on one day; too little, too much and just right; one medium on two lines; huge amounts."""
    return (
        _settlement(pen, "uts1", BUSY, _MARCH, ((20_000, 9_666),), invoice="inv03"),
        _settlement(pen, "uts2", BUSY, _MARCH, ((5_000, 6_000), (7_000, 6_000))),
        _settlement(pen, "uts3", BUSY, _MARCH, ((1, 2), (10_000, 9_999), (0, 0))),
        _settlement(pen, "uts4", BUSY, _JANUARY, ((3_000, 3_500), (0, 1_000))),
        _settlement(pen, "uts5", BUSY, _JANUARY, ((0, 0),)),
        _settlement(pen, "uts6", CREDIT, _MARCH, ((1_000, 5_000),), invoice="cre3"),
        _settlement(pen, "uts7", WEALTHY, _MARCH, ((BIG, 1), (0, BIG))),
    )


def _settlement(
    pen: Pen, key: str, account: str, settled_on: date, sums: tuple[tuple[int, int], ...], *, invoice: str | None = None
) -> UtilitySettlementEntry:
    """A settlement with one line for each cost and its advances."""
    return UtilitySettlementEntry(
        key=key,
        account=account,
        number=f"Rozliczenie nr {key}/ŁÓ/2025",
        settled_on=settled_on,
        period_from=date(2025, 1, 1),
        period_to=date(2025, 12, 31),
        lines=tuple(_line(pen, at, cost, advances) for at, (cost, advances) in enumerate(sums)),
        invoice=invoice,
    )


def _line(pen: Pen, at: int, cost: int, advances: int) -> SettlementLine:
    measured = at == 0
    return SettlementLine(
        medium=Medium.HOT_WATER if at else Medium.COLD_WATER,
        description=f"Agua – część {at + 1}",
        cost=pen.money(cost),
        advances=pen.money(advances),
        quantity="12.345" if measured else None,
        unit="m³" if measured else None,
    )
