"""Settlements of utilities."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import UtilitySettlementFilter
from ventanilla.backoffice_adapters.ledger.conditions import Condition, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import day_in, json_in, money_in
from ventanilla.backoffice_adapters.records import SettlementLine, UtilitySettlement


def _conditions(where: UtilitySettlementFilter, present: Present) -> list[Condition]:
    return on_days("settled_on", where.settled)


UTILITY_SETTLEMENTS = Listed(
    UtilitySettlement,
    "utility_settlement",
    {
        "settled_on": day_in("settled_on"),
        "period_from": day_in("period_from"),
        "period_to": day_in("period_to"),
        "cost": money_in("cost_minor"),
        "advances": money_in("advances_minor"),
        "lines": json_in("lines", tuple[SettlementLine, ...]),
    },
    _conditions,
)
