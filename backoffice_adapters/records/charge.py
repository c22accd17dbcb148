"""Charges: what an account will be asked to pay that is not invoiced yet."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Sourced


class ChargeStatus(StrEnum):
    """A charge becomes part of an invoice, or is cancelled before."""

    PENDING = "PENDING"
    INVOICED = "INVOICED"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"


class Charge(Sourced):
    """Something an account will be asked to pay that is not invoiced yet."""

    account_key: str
    description: str
    amount: Money
    charged_on: date
    status: ChargeStatus
    invoice_key: str | None = None
