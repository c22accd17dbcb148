"""Charges: what an account will be asked to pay that is not invoiced yet."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import ChargeFilter, ChargeOrder
from ventanilla.backoffice_adapters.records import Account, Charge
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context


@batch(scope=Scope.REACH, licences=BILLING, capability="charges.list")
async def of_accounts(
    context: Context,
    accounts: Sequence[Account],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    where: ChargeFilter | None = None,
    order: ChargeOrder = ChargeOrder.CHARGED_ON_DESC,
) -> list[Answer[Connection[Charge]]]:
    """A part of each account's charges."""
    view = connections.window(context, order, first=first, after=after, last=last, before=before)
    chosen = where or ChargeFilter()
    return await connections.of_accounts(context, "charges", accounts, where=chosen, order=order, view=view)
