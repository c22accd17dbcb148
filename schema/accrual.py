"""Accruals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import accruals, reach
from ventanilla.schema.enums import TitleKind
from ventanilla.schema.fields import batch, distinct, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced
from ventanilla.schema.scalars import YearMonth

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="One component of what a month costs, whether or not it stands in an invoice yet.")
class Accrual(Node, Sourced):
    """An accrual."""

    month: YearMonth = prop("The calendar month that it is for.")
    title: TitleKind = prop("For what kind of thing.")
    description: str = prop("What it is for, in the manager's language.")
    amount: Money = prop("How much; negative where it corrects an earlier one.")
    quantity: Decimal | None = prop("How many `unit`.")
    unit: str | None = prop("What is counted: m², m³, person.")
    unit_price: Decimal | None = prop("Price of one unit, in major units; may be finer than the currency.")
    invoice: Invoice | None = batch(accruals.invoices, "The invoice that asks for it; null while none does.")
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account that is charged."
    )


@strawberry.input(description="Which accruals. All given conditions hold; an empty list is no condition.")
class AccrualFilter:
    """Filter of `Account.accruals`."""

    title: list[TitleKind] | None = strawberry.field(default=None, description="Of any of these kinds.")
    month_from: YearMonth | None = strawberry.field(default=None, description="For this month or later.")
    month_to: YearMonth | None = strawberry.field(default=None, description="For this month or earlier.")

    def record(self) -> contract.AccrualFilter:
        """The filter as offices take it."""
        return contract.AccrualFilter(
            titles=distinct(self.title), months=contract.MonthSpan(since=self.month_from, until=self.month_to)
        )
