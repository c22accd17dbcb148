"""Allocations: what settles what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.resolvers import allocations
from ventanilla.schema.fields import batch, prop
from ventanilla.schema.money import Money

if TYPE_CHECKING:
    from ventanilla.schema.invoice import Invoice
    from ventanilla.schema.payment import Payment


@strawberry.type(description="A part of a payment that settles a part of an invoice.")
class Allocation:
    """Payment, invoice and how much."""

    amount: Money = prop("How much of the invoice it settles.", of="allocation.amount")
    allocated_on: date = prop("When the two were matched.", of="allocation.allocated_on")
    payment: Annotated[Payment, strawberry.lazy("ventanilla.schema.payment")] | None = batch(
        allocations.payments, "The payment that it is a part of."
    )
    invoice: Annotated[Invoice, strawberry.lazy("ventanilla.schema.invoice")] | None = batch(
        allocations.invoices, "The invoice that it settles a part of."
    )
