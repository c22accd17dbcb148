"""Settlements of utilities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import reach, utility_settlements
from ventanilla.schema.enums import Medium, SettlementOutcome
from ventanilla.schema.fields import batch, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="One medium of a settlement.")
class SettlementLine:
    """A line."""

    medium: Medium = prop("What was supplied.")
    description: str = prop("What it is, in the manager's language.")
    cost: Money = prop("What it cost.")
    advances: Money = prop("What was asked for it in advance.")
    quantity: Decimal | None = prop("How many `unit` were used.")
    unit: str | None = prop("What is counted: m³, GJ, person.")


@strawberry.type(description="What the utilities of a period cost, against the advances that were asked for them.")
class UtilitySettlement(Node, Sourced):
    """A settlement."""

    number: str = prop("The number printed on it.")
    settled_on: date = prop("When it was made.")
    period_from: date = prop("The first day of the period.")
    period_to: date = prop("The last day of the period.")
    cost: Money = prop("What the period cost: the sum of its lines.")
    advances: Money = prop("What was asked for in advance: the sum of its lines.")
    outcome: SettlementOutcome = prop("Whether the advances were too little, too much, or just right.")
    difference: Money = prop("What is missing or left over; `outcome` tells which. Never negative.")
    lines: list[SettlementLine] = prop("Its lines, in the order of the paper; one or more.")
    invoice: Invoice | None = batch(
        utility_settlements.invoices,
        "The invoice that asks for what is missing, or the credit note that gives the surplus back.",
    )
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account that was settled."
    )


@strawberry.input(description="Which settlements. All given conditions hold.")
class UtilitySettlementFilter:
    """Filter of `Account.utilitySettlements`."""

    settled_from: date | None = strawberry.field(default=None, description="Made on this date or later.")
    settled_to: date | None = strawberry.field(default=None, description="Made on this date or earlier.")

    def record(self) -> contract.UtilitySettlementFilter:
        """The filter as offices take it."""
        return contract.UtilitySettlementFilter(
            settled=contract.DateSpan(since=self.settled_from, until=self.settled_to)
        )
