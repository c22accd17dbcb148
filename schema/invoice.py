"""Invoices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from ventanilla.backoffice_adapters import contract
from ventanilla.resolvers import documents, interest, invoices, reach
from ventanilla.schema.allocation import Allocation
from ventanilla.schema.document import Document
from ventanilla.schema.enums import DocumentFormat, InvoiceKind, InvoiceStatus, InvoiceStatusFilter
from ventanilla.schema.fields import FORM, batch, column, distinct, prop
from ventanilla.schema.interest import InterestAccrual
from ventanilla.schema.money import Money
from ventanilla.schema.node import Node, Sourced
from ventanilla.schema.scalars import Url

if TYPE_CHECKING:
    from ventanilla.schema.account import Account


@strawberry.type(description="Until when an invoice is settled by how much.")
class DueDate:
    """One of an invoice's due dates."""

    due_on: date = prop("The last day on which `amount` is enough.")
    amount: Money = prop("What settles the invoice until then; a later due date may ask for a surcharge.")


@strawberry.type(description="The number that a tax authority gave a document.")
class OfficialReference:
    """CAE, CUFE, KSeF number."""

    scheme: str = prop("Whose number it is: `CAE`, `CUFE`, `KSeF`.")
    value: str = prop("The number.")
    url: Url | None = prop("Where it can be verified.")


@strawberry.type(description="One line of an invoice. The lines add up to the total exactly.")
class InvoiceLine:
    """A line."""

    position: int = prop("Its place on the invoice, from 1.")
    description: str = prop("What it is for.")
    amount: Money = prop("With tax; negative for a discount.")
    quantity: Decimal | None = prop("How many `unit`.")
    unit: str | None = prop("What is counted: m³, month, kWh.")
    unit_price: Decimal | None = prop("Net price of one unit, in major units; may be finer than the currency.")
    tax_rate: Decimal | None = prop('Tax in percent: `"21"` is 21 %.')


@strawberry.type(description="A debt document of an account.")
class Invoice(Node, Sourced):
    """An invoice or note."""

    number: str = prop("The number printed on it.")
    kind: InvoiceKind = prop("Invoice, credit note or debit note.")
    status: InvoiceStatus = prop("The stored state.")
    overdue: bool = column(
        invoices.overdue,
        "ISSUED or PARTIALLY_PAID, no credit note, and the first due date has passed where the manager is.",
    )
    title: str = prop("What it is for, in the manager's language.")
    issued_on: date = prop("When it was issued.")
    due_on: date = prop("The first due date.")
    due_dates: list[DueDate] = prop("All due dates, ascending.")
    total: Money = prop("What its lines add up to, and what the first due date asks for.")
    paid: Money = prop("What is paid: the sum of its allocations.")
    open: Money = prop("What settles it today: by the due date now in force, less what is paid.")
    period_from: date | None = prop("The first day of the period it is for.")
    period_to: date | None = prop("The last day of the period it is for.")
    paid_at: datetime | None = prop("When it was paid in full.")
    official_reference: OfficialReference | None = prop("The tax authority's number, where there is one.")
    lines: list[InvoiceLine] | None = batch(invoices.lines, "Its lines, by position.")
    allocations: list[Allocation] | None = batch(invoices.allocations_of, "What was matched with it, oldest first.")
    account: Annotated[Account, strawberry.lazy("ventanilla.schema.account")] | None = batch(
        reach.accounts_of, "The account it belongs to."
    )
    late_interest: InterestAccrual | None = batch(
        interest.of_invoices, "The late interest that it has borne so far; null where nothing accrues."
    )

    @batch(documents.of_invoices, "Its paper, in the manager's language.")
    def document(self, format: Annotated[DocumentFormat, FORM] = DocumentFormat.PDF) -> Document | None: ...


@strawberry.input(description="Which invoices. All given conditions hold; an empty list is no condition.")
class InvoiceFilter:
    """Filter of `Account.invoices`, of `Account.paidInvoiceHistory` and of `Export.invoices`."""

    status: list[InvoiceStatusFilter] | None = strawberry.field(default=None, description="In any of these states.")
    number: str | None = strawberry.field(default=None, description="With exactly this printed number.")
    issued_from: date | None = strawberry.field(default=None, description="Issued on this date or later.")
    issued_to: date | None = strawberry.field(default=None, description="Issued on this date or earlier.")
    due_from: date | None = strawberry.field(default=None, description="First due on this date or later.")
    due_to: date | None = strawberry.field(default=None, description="First due on this date or earlier.")

    def record(self) -> contract.InvoiceFilter:
        """The filter as offices take it."""
        return contract.InvoiceFilter(
            statuses=distinct(self.status),
            number=self.number,
            issued=contract.DateSpan(since=self.issued_from, until=self.issued_to),
            due=contract.DateSpan(since=self.due_from, until=self.due_to),
        )
