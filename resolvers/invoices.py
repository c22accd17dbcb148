"""Invoices: an account's, their lines and what was matched with them."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceOrder
from ventanilla.backoffice_adapters.records import Invoice, InvoiceLine
from ventanilla.resolvers import allocations, connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_records
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted, fields_of, reads

of_accounts = connections.of_accounts("invoices", InvoiceFilter(), InvoiceOrder.ISSUED_ON_DESC)
"""A part of each account's invoices."""


@reads("key", "origin")
@batch(scope=Scope.REACH, method="invoice_lines")
async def lines(
    context: Context, invoices: Sequence[Invoice], *, wanted: Wanted = None
) -> list[Answer[tuple[InvoiceLine, ...]]]:
    """The lines of each invoice."""
    return await ask_records(context, "invoice_lines", invoices, wanted=fields_of(wanted))


@batch(scope=Scope.REACH, method="invoice_allocations")
async def allocations_of(
    context: Context, invoices: Sequence[Invoice]
) -> list[Answer[list[allocations.SourcedAllocation]]]:
    """What was matched with each invoice."""
    found = await ask_records(context, "invoice_allocations", invoices)
    return allocations.sourced(invoices, found)


@reads("status", "kind", "due_dates")
def overdue(context: Context, invoices: Sequence[Invoice]) -> list[bool]:
    """Whether each is overdue on the manager's local date."""
    return [invoice.overdue_on(context.today) for invoice in invoices]
