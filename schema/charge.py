"""Charges."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import charges, reach
from ventanilla.schema.enums import ChargeStatus
from ventanilla.schema.fields import batch, distinct, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="Something the account is asked to pay beside its invoices, until it becomes part of one.")
class Charge(Node, Sourced):
    """A charge."""

    description: str = prop("What it is for.")
    amount: Money = prop("How much it will be.")
    charged_on: date = prop("The date it is of.")
    status: ChargeStatus = prop("Where it stands.")
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account it belongs to."
    )
    invoice: Invoice | None = batch(
        charges.invoices, "The invoice that it became part of, which tells when it was paid; null while there is none."
    )


@strawberry.input(description="Which charges. All given conditions hold; an empty list is no condition.")
class ChargeFilter:
    """Filter of `Account.charges` and of `Export.charges`."""

    status: list[ChargeStatus] | None = strawberry.field(default=None, description="In any of these states.")
    charged_from: date | None = strawberry.field(default=None, description="Of this date or later.")
    charged_to: date | None = strawberry.field(default=None, description="Of this date or earlier.")

    def record(self) -> contract.ChargeFilter:
        """The filter as offices take it."""
        return contract.ChargeFilter(
            statuses=distinct(self.status), charged=contract.DateSpan(since=self.charged_from, until=self.charged_to)
        )
