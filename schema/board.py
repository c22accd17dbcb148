"""What a community's board is told."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import boards
from ventanilla.schema.connection import Connection
from ventanilla.schema.enums import ArrearsOrder, SupplierInvoiceOrder
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch, prop
from ventanilla.schema.money import Money
from ventanilla.schema.node import Sourced
from ventanilla.schema.supplier_invoice import SupplierInvoice, SupplierInvoiceFilter


@strawberry.type(
    description="The money of a community: what all accounts of its units add up to, by their documents and payments."
)
class CommunityFinances(Sourced):
    """Finances."""

    since: date = prop("1 January. `billed` and `paid` are of the days from here to `until`, both included.")
    until: date = prop("Today, where the manager is.")
    billed: Money = prop("What was invoiced, less credit notes.")
    paid: Money = prop("What was received, whatever it was paid for.")
    outstanding: Money = prop("What would settle all open documents today, those of earlier years among them.")
    overdue: Money = prop("The part of it that is overdue: the sum of `arrears`.")


@strawberry.type(
    description="What is overdue on one account of the community: the premises and the sum. Who owes it is told nobody"
    " here; who has to know asks the manager."
)
class CommunityArrears(Sourced):
    """An account in arrears."""

    account_number: str = prop("The number printed on the account's papers.")
    unit_label: str = prop("What stands on the door of the premises, or in the register.")
    amount: Money = prop("What is overdue.")
    oldest_due_on: date = prop("The earliest due date that passed.")
    document_count: int = prop("How many documents are overdue.")


@strawberry.type(
    description="What is for the board of a community alone, and open to its members for the days of their mandate."
)
class BoardArea:
    """The board's area."""

    finances: CommunityFinances | None = batch(boards.finances, "How the community stands.")

    @batch(boards.arrears, "The accounts with something overdue, oldest debts first.", listing=PAGE)
    def arrears(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        order: Annotated[ArrearsOrder, ORDER] = ArrearsOrder.OLDEST_DUE_ON_ASC,
    ) -> Connection[CommunityArrears] | None: ...

    @batch(
        boards.supplier_invoices,
        "What suppliers billed the community, first due first; TO_APPROVE is what waits for the board.",
        listing=PAGE,
    )
    def supplier_invoices(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[SupplierInvoiceFilter | None, arg("Which invoices; all unless said.", "filter")] = UNSET,
        order: Annotated[SupplierInvoiceOrder, ORDER] = SupplierInvoiceOrder.DUE_ON_ASC,
    ) -> Connection[SupplierInvoice] | None: ...
