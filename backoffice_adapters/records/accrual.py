"""Accruals: what an account is charged with for a month, title by title."""

from __future__ import annotations

from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Sourced


class TitleKind(StrEnum):
    """For what an account is charged month by month."""

    RENT = "RENT"
    MAINTENANCE_ADVANCE = "MAINTENANCE_ADVANCE"
    UTILITY_ADVANCE = "UTILITY_ADVANCE"
    REPAIR_FUND = "REPAIR_FUND"
    OTHER = "OTHER"


class Accrual(Sourced):
    """One component of what a month costs, whether or not it stands in an invoice yet."""

    account_key: str
    month: str
    """The calendar month it is for, ``"2026-11"``."""
    title: TitleKind
    description: str
    amount: Money
    """Negative where it corrects an earlier one."""
    quantity: str | None = None
    """A plain decimal such as ``"54.30"``."""
    unit: str | None = None
    """What is counted: m², m³, person."""
    unit_price: str | None = None
    """In major units; may be finer than the currency."""
    invoice_key: str | None = None
    """The invoice that asks for it."""
