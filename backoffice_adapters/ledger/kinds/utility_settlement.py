"""Settlements of utilities."""

from __future__ import annotations

from datetime import date

import msgspec

from ventanilla.backoffice_adapters.contract import UtilitySettlementFilter
from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.conditions import Condition, on_days
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Origin, SettlementLine, UtilitySettlement

_lines = msgspec.json.Decoder(tuple[SettlementLine, ...]).decode


def _settlement(row: Row, origin: Origin, today: str) -> UtilitySettlement:
    _, key, account, number, settled, period_from, period_to, cost, advances, currency, lines, invoice = row
    return UtilitySettlement(
        key=key,
        origin=origin,
        account_key=account,
        number=number,
        settled_on=date.fromisoformat(settled),
        period_from=date.fromisoformat(period_from),
        period_to=date.fromisoformat(period_to),
        cost=Money(cost, currency),
        advances=Money(advances, currency),
        lines=_lines(lines),
        invoice_key=invoice,
    )


def _conditions(where: UtilitySettlementFilter, present: Present) -> list[Condition]:
    return on_days("settled_on", where.settled)


UTILITY_SETTLEMENTS = Listed(
    table="utility_settlement",
    columns=(
        "key", "account_key", "number", "settled_on", "period_from", "period_to", "cost_minor", "advances_minor",
        "currency", "lines", "invoice_key",
    ),
    make=_settlement,
    conditions=_conditions,
)  # fmt: skip
