"""Charges."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import ChargeFilter
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import day_in, member_in, money_in
from ventanilla.backoffice_adapters.records import Charge, ChargeStatus


def _conditions(where: ChargeFilter, present: Present) -> list[Condition]:
    return [*on_days("charged_on", where.charged), *any_of("status", where.statuses)]


CHARGES = Listed(
    Charge,
    "charge",
    {
        "amount": money_in("amount_minor"),
        "charged_on": day_in("charged_on"),
        "status": member_in("status", ChargeStatus),
    },
    _conditions,
)
