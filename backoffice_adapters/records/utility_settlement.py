"""Settlements of utilities: what a period cost, against the advances that were asked for it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Record, Sourced
from ventanilla.backoffice_adapters.records.meter import Medium


class SettlementOutcome(StrEnum):
    """What a settlement ends with."""

    UNDERPAID = "UNDERPAID"
    SURPLUS = "SURPLUS"
    EVEN = "EVEN"


class SettlementLine(Record):
    """One medium of a settlement."""

    medium: Medium
    description: str
    cost: Money
    advances: Money
    quantity: str | None = None
    """What was used, a plain decimal."""
    unit: str | None = None
    """What is counted: m³, GJ, person."""


class UtilitySettlement(Sourced):
    """The settlement of one period. `cost` and `advances` are what its lines add up to."""

    account_key: str
    number: str
    settled_on: date
    period_from: date
    period_to: date
    cost: Money
    advances: Money
    lines: tuple[SettlementLine, ...]
    """One or more, in the paper's order."""
    invoice_key: str | None = None
    """The invoice that asks for what is missing, or the credit note that gives the surplus back."""

    @property
    def difference(self) -> Money:
        """What is missing or left over; `outcome` tells which. Never negative."""
        return max(self.cost - self.advances, self.advances - self.cost)

    @property
    def outcome(self) -> SettlementOutcome:
        """Whether the advances were too little, too much, or just right."""
        if self.cost == self.advances:
            return SettlementOutcome.EVEN
        return SettlementOutcome.UNDERPAID if self.cost > self.advances else SettlementOutcome.SURPLUS
