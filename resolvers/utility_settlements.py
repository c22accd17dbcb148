"""Settlements of utilities: what a period cost, against the advances that were asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import UtilitySettlementFilter, UtilitySettlementOrder
from ventanilla.backoffice_adapters.records import Invoice, UtilitySettlement
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts(
    "utility_settlements", UtilitySettlementFilter(), UtilitySettlementOrder.SETTLED_ON_DESC
)
"""A part of each account's settlements."""


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, settlements: Sequence[UtilitySettlement]) -> list[Answer[Invoice]]:
    """The invoice or credit note that each ended with."""
    return await ask_named(
        context, "invoices_by_key", settlements, [settlement.invoice_key for settlement in settlements]
    )
