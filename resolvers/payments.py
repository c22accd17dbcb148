"""Payments: money received for an account."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import PaymentFilter, PaymentOrder
from ventanilla.backoffice_adapters.records import Payment
from ventanilla.resolvers import allocations, connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_records
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts("payments", PaymentFilter(), PaymentOrder.PAID_AT_DESC)
"""A part of each account's payments."""


@batch(scope=Scope.REACH, method="payment_allocations")
async def allocations_of(
    context: Context, payments: Sequence[Payment]
) -> list[Answer[list[allocations.SourcedAllocation]]]:
    """What each payment was matched with."""
    found = await ask_records(context, "payment_allocations", payments)
    return allocations.sourced(payments, found)
