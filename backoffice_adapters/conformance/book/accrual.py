"""Accruals of the reference books: several titles a month, across the turn of a year."""

from __future__ import annotations

from ventanilla.backoffice_adapters.book import AccrualEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BIG, BUSY, CREDIT, WEALTHY, Pen
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import TitleKind

_MONTHS = ("2025-11", "2025-12", "2026-01", "2026-05", "2026-06")
_TITLES = tuple(TitleKind)


def accruals(pen: Pen) -> tuple[AccrualEntry, ...]:
    """Five titles in each of five months; some are asked for by an invoice already, some months are still to come."""
    repair, other = TitleKind.REPAIR_FUND, TitleKind.OTHER
    return (
        *(_busy_accrual(pen, step) for step in range(len(_MONTHS) * len(_TITLES))),
        _accrual("acr90", CREDIT, repair, "Fundusz remontowy", pen.money(1)),
        _accrual("acr91", CREDIT, repair, "Korekta", pen.money(0)),
        _accrual("acr92", WEALTHY, other, "Año «entero»", pen.money(BIG)),
    )


def _accrual(key: str, account: str, title: TitleKind, description: str, amount: Money) -> AccrualEntry:
    return AccrualEntry(key=key, account=account, month="2026-05", title=title, description=description, amount=amount)


def _busy_accrual(pen: Pen, step: int) -> AccrualEntry:
    measured = step % 2 == 0
    return AccrualEntry(
        key=f"acr{step * 7 % 25:02d}",  # keys follow neither months nor titles
        account=BUSY,
        month=_MONTHS[step // len(_TITLES)],
        title=_TITLES[step % len(_TITLES)],
        description=f"Zaliczka na ciepłą wodę – część {step}",
        amount=pen.money(2_000 + step),
        quantity="54.30" if measured else None,
        unit="m²" if measured else None,
        unit_price="3.1255" if measured else None,
        invoice=f"inv{step:02d}" if step < len(_TITLES) - 1 else None,
    )
