"""Allocations: which part of a payment settled which part of an invoice."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Allocation, Invoice, Origin, Payment, Record
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem


class SourcedAllocation(Record):
    """An allocation and the office that told it, where its payment and its invoice are found, both of one account."""

    allocation: Allocation
    origin: Origin
    account_key: str


def sourced(
    owners: Sequence[Invoice] | Sequence[Payment], found: Sequence[Answer[tuple[Allocation, ...]]]
) -> list[Answer[list[SourcedAllocation]]]:
    """Each owner's allocations with the owner's origin and account."""
    return [
        answer
        if answer is None or isinstance(answer, Problem)
        else [
            SourcedAllocation(allocation=allocation, origin=owner.origin, account_key=owner.account_key)
            for allocation in answer
        ]
        for owner, answer in zip(owners, found, strict=True)
    ]


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, parts: Sequence[SourcedAllocation]) -> list[Answer[Invoice]]:
    """The invoice that each settles a part of."""
    return await ask_named(context, "invoices_by_key", parts, [part.allocation.invoice_key for part in parts])


@batch(scope=Scope.REACH, method="payments_by_key")
async def payments(context: Context, parts: Sequence[SourcedAllocation]) -> list[Answer[Payment]]:
    """The payment that each is a part of."""
    return await ask_named(context, "payments_by_key", parts, [part.allocation.payment_key for part in parts])
