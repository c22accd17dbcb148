"""Payments."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import payments
from ventanilla.schema.allocation import Allocation
from ventanilla.schema.enums import PaymentStatus
from ventanilla.schema.fields import batch, distinct, prop
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced


@strawberry.type(description="Money received for an account.")
class Payment(Node, Sourced):
    """A payment."""

    amount: Money = prop("What was paid.")
    paid_at: datetime = prop("When it was paid.")
    status: PaymentStatus = prop("Where it stands.")
    method: str = prop("How it came, in the manager's language.")
    reference: str | None = prop("The reference by which the payer or the bank knows it.")
    unallocated: Money = prop("What is not yet matched with an invoice: credit of the account.")
    allocations: list[Allocation] | None = batch(payments.allocations_of, "What it settles, oldest first.")


@strawberry.input(description="Which payments. All given conditions hold; an empty list is no condition.")
class PaymentFilter:
    """Filter of `Account.payments`."""

    status: list[PaymentStatus] | None = strawberry.field(default=None, description="In any of these states.")
    paid_from: date | None = strawberry.field(default=None, description="Paid on this local date or later.")
    paid_to: date | None = strawberry.field(default=None, description="Paid on this local date or earlier.")

    def record(self) -> contract.PaymentFilter:
        """The filter as offices take it."""
        return contract.PaymentFilter(
            statuses=distinct(self.status), paid=contract.DateSpan(since=self.paid_from, until=self.paid_to)
        )
