"""Accruals: what an account is charged with for a month, title by title."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import AccrualFilter, AccrualOrder
from ventanilla.backoffice_adapters.records import Accrual, Invoice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts("accruals", AccrualFilter(), AccrualOrder.MONTH_DESC)
"""A part of each account's accruals."""


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, accruals: Sequence[Accrual]) -> list[Answer[Invoice]]:
    """The invoice that asks for each."""
    return await ask_named(context, "invoices_by_key", accruals, [accrual.invoice_key for accrual in accruals])
