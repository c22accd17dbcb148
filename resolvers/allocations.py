"""Allocations: which part of a payment settled which part of an invoice."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Allocation, Invoice, Origin, Payment, Record, Sourced
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.context import Context


class SourcedAllocation(Record):
    """An allocation and the office that told it, where its payment and its invoice are found."""

    allocation: Allocation
    origin: Origin


def sourced(
    owners: Sequence[Sourced], found: Sequence[Answer[tuple[Allocation, ...]]]
) -> list[Answer[list[SourcedAllocation]]]:
    """Each owner's allocations with the owner's origin."""
    return [
        [SourcedAllocation(allocation=allocation, origin=owner.origin) for allocation in answer]
        if isinstance(answer, tuple)
        else answer
        for owner, answer in zip(owners, found, strict=True)
    ]


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, parts: Sequence[SourcedAllocation]) -> list[Answer[Invoice]]:
    """The invoice that each settles a part of."""
    return await ask(context, "invoices_by_key", [(part.origin.source, part.allocation.invoice_key) for part in parts])


@batch(scope=Scope.REACH, method="payments_by_key")
async def payments(context: Context, parts: Sequence[SourcedAllocation]) -> list[Answer[Payment]]:
    """The payment that each is a part of."""
    return await ask(context, "payments_by_key", [(part.origin.source, part.allocation.payment_key) for part in parts])
