"""Payment plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import payment_plans, reach
from ventanilla.schema.enums import InstalmentStatus, PaymentPlanStatus
from ventanilla.schema.fields import batch, column, distinct, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="One payment of a plan. The schedule was fixed when the plan was made.")
class Instalment(Node, Sourced):
    """An instalment."""

    position: int = prop("Its place in the plan, from 1.")
    due_on: date = prop("Until when it is to be paid.")
    amount: Money = prop("How much.")
    status: InstalmentStatus = prop("The stored state.")
    overdue: bool = column(payment_plans.overdue, "SCHEDULED, and its date has passed where the manager is.")
    paid_at: datetime | None = prop("When it was paid.")
    plan: Annotated[PaymentPlan, strawberry.lazy("ventanilla.schema.payment_plan")] | None = batch(
        payment_plans.of_instalments, "The plan that it is a part of."
    )


@strawberry.type(description="An agreement to pay a debt by instalments.")
class PaymentPlan(Node, Sourced):
    """A payment plan."""

    number: str = prop("The number printed on its papers.")
    status: PaymentPlanStatus = prop("Where it stands.")
    agreed_on: date = prop("When it was agreed.")
    total: Money = prop("What its instalments add up to: the debt and `interest`.")
    interest: Money = prop("What paying later costs: a part of `total`.")
    paid: Money = prop("What is paid of it.")
    open: Money = prop("What is still to be paid through it; zero once it binds no more.")
    instalment_count: int = prop("How many instalments it has.")
    instalments: list[Instalment] | None = batch(payment_plans.instalments, "Its instalments, by position.")
    invoices: list[Invoice | None] | None = batch(
        payment_plans.invoices, "The invoices that it covers; null at the place of one that cannot be read."
    )
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account whose debt it is."
    )


@strawberry.input(description="Which payment plans. An empty list is no condition.")
class PaymentPlanFilter:
    """Filter of `Account.paymentPlans`."""

    status: list[PaymentPlanStatus] | None = strawberry.field(default=None, description="In any of these states.")

    def record(self) -> contract.PaymentPlanFilter:
        """The filter as offices take it."""
        return contract.PaymentPlanFilter(statuses=distinct(self.status))
