"""What an account owes or is owed."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Balance, DueItem, Invoice, Origin, Record
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts, ask_named
from ventanilla.resolvers.context import Context


class SourcedDueItem(Record):
    """A coming due date and the office that told it, where its invoice is found; that is of the same account."""

    item: DueItem
    origin: Origin
    account_key: str


@batch(scope=Scope.REACH, method="balances")
async def of_accounts(context: Context, accounts: Sequence[Account]) -> list[Answer[Balance]]:
    """Each account's standing."""
    return await ask_accounts(context, "balances", accounts)


def next_due(_context: Context, balances: Sequence[Balance]) -> list[list[SourcedDueItem]]:
    """What falls due next, soonest first."""
    return [
        [SourcedDueItem(item=item, origin=balance.origin, account_key=balance.key) for item in balance.next_due]
        for balance in balances
    ]


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices_due(context: Context, items: Sequence[SourcedDueItem]) -> list[Answer[Invoice]]:
    """The invoice that falls due."""
    return await ask_named(context, "invoices_by_key", items, [due.item.invoice_key for due in items])
