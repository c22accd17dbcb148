"""Accounts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import balances, charges, connections, invoices, payments
from ventanilla.schema.balance import Balance
from ventanilla.schema.charge import Charge, ChargeFilter
from ventanilla.schema.connection import CURSOR, EDGES, NODES, PAGE_INFO, Connection, PageInfo
from ventanilla.schema.enums import AccountRole, AccountStatus, ChargeOrder, InvoiceOrder, Licence, PaymentOrder
from ventanilla.schema.fields import PAGE, After, Before, First, Last, arg, batch, column, prop
from ventanilla.schema.invoice import Invoice, InvoiceFilter
from ventanilla.schema.node import Node, Sourced
from ventanilla.schema.payment import Payment, PaymentFilter
from ventanilla.schema.place import Party, Property, Unit
from ventanilla.schema.scalars import CurrencyCode

_ORDER = arg("How to sort.")


@strawberry.type(description="One supply, or one title to premises. All its money comes from one back office.")
class Account(Node, Sourced):
    """An account."""

    number: str = prop("The number printed on its papers.")
    licence: Licence = prop("The licence it belongs to.")
    status: AccountStatus = prop("Whether it still runs.")
    title: str = prop("What it is for, in the manager's language.")
    currency: CurrencyCode = prop("The currency of all its amounts.")
    holder: Party = prop("Who holds it.")
    unit: Unit | None = prop("The premises it is for.")
    place: Property | None = prop("The property those premises are in, with its location.", name="property")
    opened_on: date | None = prop("When it began.")
    closed_on: date | None = prop("When it ended.")
    balance: Balance | None = batch(balances.of_accounts, "What it owes or is owed, what is overdue, what is due next.")

    @batch(invoices.of_accounts, "Its invoices and notes, newest first unless `order` says otherwise.", listing=PAGE)
    def invoices(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[InvoiceFilter | None, arg("Which invoices; all unless said.", "filter")] = UNSET,
        order: Annotated[InvoiceOrder, _ORDER] = InvoiceOrder.ISSUED_ON_DESC,
    ) -> Connection[Invoice] | None: ...

    @batch(
        charges.of_accounts,
        "What it will be asked to pay that is not invoiced yet.",
        listing=PAGE,
    )
    def charges(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[ChargeFilter | None, arg("Which charges; all unless said.", "filter")] = UNSET,
        order: Annotated[ChargeOrder, _ORDER] = ChargeOrder.CHARGED_ON_DESC,
    ) -> Connection[Charge] | None: ...

    @batch(payments.of_accounts, "Money received for it.", listing=PAGE)
    def payments(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[PaymentFilter | None, arg("Which payments; all unless said.", "filter")] = UNSET,
        order: Annotated[PaymentOrder, _ORDER] = PaymentOrder.PAID_AT_DESC,
    ) -> Connection[Payment] | None: ...


@strawberry.type(description="An account within the viewer's reach, and how it is reached.")
class AccountEdge:
    """Edge of `AccountConnection`."""

    cursor: str = column(connections.edge_cursors, CURSOR)
    node: Account | None = prop("The account; null, with an error, if its office could not be asked.")
    role: AccountRole = prop("As what the viewer stands to it.", of="link.role")
    is_default: bool = prop("Whether the viewer wants to see it first.", of="link.is_default")


@strawberry.type(description="A part of the viewer's accounts, in the order in which they were linked.")
class AccountConnection:
    """Accounts in order."""

    nodes: list[Account | None] = prop(NODES)
    edges: list[AccountEdge] = prop(EDGES)
    page_info: PageInfo = prop(PAGE_INFO)
    total_count: int = prop("All accounts that match, whatever the part.")
