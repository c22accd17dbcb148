"""Balances."""

from __future__ import annotations

from datetime import date

import strawberry

from ventanilla.resolvers import balances
from ventanilla.schema.enums import BalanceSide
from ventanilla.schema.fields import batch, column, prop
from ventanilla.schema.invoice import Invoice
from ventanilla.schema.money import Money
from ventanilla.schema.node import Sourced


@strawberry.type(description="What is past its due date.")
class Overdue:
    """Overdue summary."""

    amount: Money = prop("What is open on overdue invoices; zero when nothing is overdue.")
    oldest_due_on: date | None = prop("The earliest due date that has passed.")
    document_count: int = prop("How many invoices and debit notes are overdue.")


@strawberry.type(description="A coming due date.")
class DueItem:
    """When, how much, for which invoice."""

    due_on: date = prop("When it falls due.", of="item.due_on")
    amount: Money = prop("What falls due then.", of="item.amount")
    invoice: Invoice | None = batch(balances.invoices_due, "The invoice that falls due.")


@strawberry.type(description="An account's standing: one question to its office answers all of it.")
class Balance(Sourced):
    """What an account owes or is owed."""

    amount: Money = prop("Positive: the customer owes. Negative: the manager owes.")
    side: BalanceSide = prop("The same in a word.")
    overdue: Overdue = prop("What is past its due date.")
    next_due: list[DueItem] = column(balances.next_due, "What falls due next, soonest first; at most twelve.")
