"""Invoices: an account's, by key, their lines and what was matched with them."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceOrder
from ventanilla.backoffice_adapters.records import Account, Invoice, InvoiceLine, Sourced
from ventanilla.resolvers import allocations, connections
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.context import Context

of_accounts = connections.of_accounts("invoices", InvoiceFilter(), InvoiceOrder.ISSUED_ON_DESC)
"""A part of each account's invoices."""


@batch(scope=Scope.REACH, licences=BILLING, capability="invoices.lines")
async def lines(context: Context, invoices: Sequence[Invoice]) -> list[Answer[tuple[InvoiceLine, ...]]]:
    """The lines of each invoice."""
    return await ask(context, "invoice_lines", _named(invoices))


@batch(scope=Scope.REACH, licences=BILLING, capability="invoices.allocations")
async def allocations_of(
    context: Context, invoices: Sequence[Invoice]
) -> list[Answer[list[allocations.SourcedAllocation]]]:
    """What was matched with each invoice."""
    found = await ask(context, "invoice_allocations", _named(invoices))
    return allocations.sourced(invoices, found)


@batch(scope=Scope.REACH, licences=BILLING)
async def accounts_of(context: Context, documents: Sequence[Invoice]) -> list[Answer[Account]]:
    """The account that each document belongs to."""
    return await ask(context, "accounts", [(document.origin.source, document.account_key) for document in documents])


def overdue(context: Context, invoices: Sequence[Invoice]) -> list[bool]:
    """Whether each is overdue on the manager's local date."""
    return [invoice.overdue_on(context.today) for invoice in invoices]


def _named(records: Sequence[Sourced]) -> list[tuple[str, str]]:
    return [(record.origin.source, record.key) for record in records]
