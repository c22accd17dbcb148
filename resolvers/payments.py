"""Payments: money received for an account."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import PaymentFilter, PaymentOrder
from ventanilla.backoffice_adapters.records import Account, Payment
from ventanilla.resolvers import allocations, connections
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context


@batch(scope=Scope.REACH, licences=BILLING, capability="payments.list")
async def of_accounts(
    context: Context,
    accounts: Sequence[Account],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    where: PaymentFilter | None = None,
    order: PaymentOrder = PaymentOrder.PAID_AT_DESC,
) -> list[Answer[Connection[Payment]]]:
    """A part of each account's payments."""
    view = connections.window(context, order, first=first, after=after, last=last, before=before)
    chosen = where or PaymentFilter()
    return await connections.of_accounts(context, "payments", accounts, where=chosen, order=order, view=view)


@batch(scope=Scope.REACH, licences=BILLING, capability="payments.allocations")
async def allocations_of(
    context: Context, payments: Sequence[Payment]
) -> list[Answer[list[allocations.SourcedAllocation]]]:
    """What each payment was matched with."""
    found = await ask(context, "payment_allocations", [(payment.origin.source, payment.key) for payment in payments])
    return allocations.sourced(payments, found)
