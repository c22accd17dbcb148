"""Payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import documents, payments, reach
from ventanilla.schema.allocation import Allocation
from ventanilla.schema.document import Document
from ventanilla.schema.enums import DocumentFormat, PaymentStatus
from ventanilla.schema.fields import FORM, batch, distinct, prop
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


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
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account it belongs to."
    )

    @batch(
        documents.of_payments,
        "Its receipt, in the manager's language. What is CONFIRMED, SETTLED or PARTIALLY_REFUNDED has one: null for"
        " what did not come yet, and for what was REFUNDED or REVERSED.",
    )
    def receipt(self, format: Annotated[DocumentFormat, FORM] = DocumentFormat.PDF) -> Document | None: ...


@strawberry.input(description="Which payments. All given conditions hold; an empty list is no condition.")
class PaymentFilter:
    """Filter of `Account.payments`, of `Account.paymentHistory` and of `Export.payments`."""

    status: list[PaymentStatus] | None = strawberry.field(default=None, description="In any of these states.")
    paid_from: date | None = strawberry.field(default=None, description="Paid on this local date or later.")
    paid_to: date | None = strawberry.field(default=None, description="Paid on this local date or earlier.")

    def record(self) -> contract.PaymentFilter:
        """The filter as offices take it."""
        return contract.PaymentFilter(
            statuses=distinct(self.status), paid=contract.DateSpan(since=self.paid_from, until=self.paid_to)
        )
