"""Accounts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import (
    account_links,
    accounts,
    accruals,
    audit,
    balances,
    charges,
    checkouts,
    communities,
    connections,
    documents,
    enrolments,
    interest,
    invoices,
    meters,
    payment_plans,
    payments,
    units,
    utility_settlements,
)
from ventanilla.schema.account_person import AccountPerson
from ventanilla.schema.accrual import Accrual, AccrualFilter
from ventanilla.schema.audit import AuditEvent
from ventanilla.schema.balance import Balance
from ventanilla.schema.charge import Charge, ChargeFilter
from ventanilla.schema.checkout import Checkout
from ventanilla.schema.community import Community
from ventanilla.schema.connection import CURSOR, EDGES, NODES, PAGE_INFO, Connection, PageInfo
from ventanilla.schema.document import Document
from ventanilla.schema.enrolment import Enrolment
from ventanilla.schema.enums import (
    AccountRole,
    AccountStatus,
    AccrualOrder,
    AuditOrder,
    ChargeOrder,
    DocumentFormat,
    InvoiceOrder,
    Licence,
    MeterOrder,
    PaymentOrder,
    PaymentPlanOrder,
    UtilitySettlementOrder,
)
from ventanilla.schema.fields import FORM, ORDER, PAGE, After, Before, First, Last, arg, batch, column, prop
from ventanilla.schema.interest import InterestAccrual
from ventanilla.schema.invoice import Invoice, InvoiceFilter
from ventanilla.schema.meter import Meter, MeterFilter
from ventanilla.schema.node import Node, Sourced
from ventanilla.schema.payment import Payment, PaymentFilter
from ventanilla.schema.payment_plan import PaymentPlan, PaymentPlanFilter
from ventanilla.schema.place import Party, Property
from ventanilla.schema.scalars import CurrencyCode
from ventanilla.schema.unit import Unit
from ventanilla.schema.utility_settlement import UtilitySettlement, UtilitySettlementFilter


@strawberry.type(description="One supply, or one title to premises. All its money comes from one back office.")
class Account(Node, Sourced):
    """An account."""

    number: str = prop("The number printed on its papers.")
    licence: Licence = prop("The licence it belongs to.")
    status: AccountStatus = prop("Whether it still runs.")
    title: str = prop("What it is for, in the manager's language.")
    currency: CurrencyCode = prop("The currency of all its amounts.")
    holder: Party = column(
        accounts.holders,
        "Who holds it. Whoever is neither holder nor owner is told the name, and the rest is null. A program of the"
        " manager's own is told it under `accounts:export` alone, and so with the premises.",
    )
    people: list[AccountPerson] = batch(account_links.people_of_accounts, "Who reaches it, first come first.")
    unit: Unit | None = column(units.of_accounts, "The premises it is for.")
    place: Property | None = column(
        accounts.places, "The property those premises are in, with its location.", name="property"
    )
    opened_on: date | None = prop("When it began.")
    closed_on: date | None = prop("When it ended.")
    balance: Balance | None = batch(balances.of_accounts, "What it owes or is owed, what is overdue, what is due next.")
    enrolments: list[Enrolment] | None = batch(
        enrolments.of_accounts, "How it gets and pays its invoices: one of each kind, active or not."
    )
    community: Community | None = batch(communities.of_accounts, "The community that its building belongs to.")

    @batch(audit.of_accounts, "What happened to it: who reaches it since when, and what money came.", listing=PAGE)
    def audit(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        order: Annotated[AuditOrder, ORDER] = AuditOrder.AT_DESC,
    ) -> Connection[AuditEvent] | None: ...

    @batch(invoices.of_accounts, "Its invoices and notes, newest first unless `order` says otherwise.", listing=PAGE)
    def invoices(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[InvoiceFilter | None, arg("Which invoices; all unless said.", "filter")] = UNSET,
        order: Annotated[InvoiceOrder, ORDER] = InvoiceOrder.ISSUED_ON_DESC,
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
        order: Annotated[ChargeOrder, ORDER] = ChargeOrder.CHARGED_ON_DESC,
    ) -> Connection[Charge] | None: ...

    @batch(payments.of_accounts, "Money received for it.", listing=PAGE)
    def payments(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[PaymentFilter | None, arg("Which payments; all unless said.", "filter")] = UNSET,
        order: Annotated[PaymentOrder, ORDER] = PaymentOrder.PAID_AT_DESC,
    ) -> Connection[Payment] | None: ...

    @batch(
        documents.payment_histories,
        "The list of its payments as a paper, newest first: of the last twelve months, unless the filter says from when"
        " or until when. It holds the newest 2,000, and says so where there are more.",
    )
    def payment_history(
        self,
        format: Annotated[DocumentFormat, FORM] = DocumentFormat.PDF,
        where: Annotated[PaymentFilter | None, arg("Which payments.", "filter")] = UNSET,
    ) -> Document | None: ...

    @batch(
        documents.paid_invoice_histories,
        "The list of its paid invoices and notes as a paper, newest first: those issued within the last twelve months,"
        " unless the filter has a date or a number. Its `status` is PAID or left out. The paper holds the newest 2,000,"
        " and says so where there are more.",
    )
    def paid_invoice_history(
        self,
        format: Annotated[DocumentFormat, FORM] = DocumentFormat.PDF,
        where: Annotated[InvoiceFilter | None, arg("Which invoices.", "filter")] = UNSET,
    ) -> Document | None: ...

    @batch(
        checkouts.of_accounts,
        "What the viewer has paid, or is paying, of it through the portal, newest first.",
        listing=PAGE,
    )
    def checkouts(
        self, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[Checkout] | None: ...

    @batch(accruals.of_accounts, "What it is charged with, month by month and title by title.", listing=PAGE)
    def accruals(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[AccrualFilter | None, arg("Which accruals; all unless said.", "filter")] = UNSET,
        order: Annotated[AccrualOrder, ORDER] = AccrualOrder.MONTH_DESC,
    ) -> Connection[Accrual] | None: ...

    @batch(payment_plans.of_accounts, "Its payment plans, in force or not.", listing=PAGE)
    def payment_plans(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[PaymentPlanFilter | None, arg("Which payment plans; all unless said.", "filter")] = UNSET,
        order: Annotated[PaymentPlanOrder, ORDER] = PaymentPlanOrder.AGREED_ON_DESC,
    ) -> Connection[PaymentPlan] | None: ...

    @batch(
        interest.of_accounts,
        "The late interest of its overdue documents, first due first: a row for each, also where no rate is known.",
        listing=PAGE,
    )
    def interest_accruals(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Connection[InterestAccrual] | None: ...

    @batch(meters.of_accounts, "Its meters, those that were removed among them.", listing=PAGE)
    def meters(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[MeterFilter | None, arg("Which meters; all unless said.", "filter")] = UNSET,
        order: Annotated[MeterOrder, ORDER] = MeterOrder.INSTALLED_ON_DESC,
    ) -> Connection[Meter] | None: ...

    @batch(
        utility_settlements.of_accounts, "What the utilities of each period cost, against the advances.", listing=PAGE
    )
    def utility_settlements(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[UtilitySettlementFilter | None, arg("Which settlements; all unless said.", "filter")] = UNSET,
        order: Annotated[UtilitySettlementOrder, ORDER] = UtilitySettlementOrder.SETTLED_ON_DESC,
    ) -> Connection[UtilitySettlement] | None: ...


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
