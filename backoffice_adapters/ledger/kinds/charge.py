"""Charges."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.contract import ChargeFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present, by_value
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Charge, ChargeStatus, Origin

_STATES = by_value(ChargeStatus)


def _charge(row: Row, origin: Origin, today: str) -> Charge:
    _, key, account, description, minor, currency, day, status, invoice = row
    return Charge(
        key=key,
        origin=origin,
        account_key=account,
        description=description,
        amount=Money(minor, currency),
        charged_on=date.fromisoformat(day),
        status=_STATES[status],
        invoice_key=invoice,
    )


def _conditions(where: ChargeFilter, present: Present) -> list[Condition]:
    return [*on_days("charged_on", where.charged), *any_of("status", where.statuses)]


CHARGES = Listed(
    table="charge",
    columns=(
        "key", "account_key", "description", "amount_minor", "currency", "charged_on", "status", "invoice_key",
    ),
    make=_charge,
    conditions=_conditions,
)  # fmt: skip
