"""Charges: what an account is asked to pay beside its invoices, and the invoice that each became part of."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import ChargeFilter, ChargeOrder
from ventanilla.backoffice_adapters.records import Charge, Invoice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts("charges", ChargeFilter(), ChargeOrder.CHARGED_ON_DESC)
"""A part of each account's charges."""


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, charges: Sequence[Charge]) -> list[Answer[Invoice]]:
    """The invoice that each became part of."""
    return await ask_named(context, "invoices_by_key", charges, [charge.invoice_key for charge in charges])
