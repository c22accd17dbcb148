"""The types of an account and what hangs on it, with the fields that the measured documents ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NewType, Self

import strawberry
from babel.numbers import get_currency_precision
from sqlmodel import col, select
from strawberry.relay.utils import to_base64
from strawberry.types.scalar import ScalarDefinition

from benchmarks.stock import models
from benchmarks.stock.context import Info
from benchmarks.stock.enums import (
    AccountStatus,
    BalanceSide,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceOrder,
    InvoiceStatus,
    PaymentPlanOrder,
    PaymentPlanStatus,
)
from benchmarks.stock.loaders import Key
from benchmarks.stock.paging import Connection, page

CurrencyCode = NewType("CurrencyCode", str)
SCALARS: dict[object, ScalarDefinition] = {
    CurrencyCode: strawberry.scalar(name="CurrencyCode", serialize=str, parse_value=str)
}


@strawberry.type
class Money:
    """An exact amount."""

    amount: Decimal
    currency: CurrencyCode

    @classmethod
    def of(cls, minor: int, currency: str) -> Self:
        """Money of so many minor units."""
        amount = Decimal(minor).scaleb(-get_currency_precision(currency))
        return cls(amount=amount, currency=CurrencyCode(currency))


@strawberry.interface
class Node:
    """Something with a global id."""

    book: strawberry.Private[str]
    key: strawberry.Private[str]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Type, book and key, in base64."""
        return strawberry.ID(to_base64(type(self), f"{self.book}:{self.key}"))

    @property
    def place(self) -> Key:
        """What loaders find its parts by."""
        return Key(self.book, self.key)


@strawberry.type
class InvoiceLine:
    """One line of an invoice."""

    position: int
    description: str
    quantity: Decimal | None
    amount: Money

    @classmethod
    def from_row(cls, row: models.InvoiceLine) -> Self:
        """As the table has it."""
        return cls(
            position=row.position,
            description=row.description,
            quantity=Decimal(row.quantity) if row.quantity is not None else None,
            amount=Money.of(row.amount_minor, row.currency),
        )


@strawberry.type
class Invoice(Node):
    """A debt document of an account."""

    number: str
    title: str
    status: InvoiceStatus
    issued_on: date
    due_on: date
    total: Money
    open: Money

    @classmethod
    def from_row(cls, row: models.Invoice, today: str) -> Self:
        """As the table has it; what is open depends on the day."""
        return cls(
            book=row.book,
            key=row.key,
            number=row.number,
            title=row.title,
            status=InvoiceStatus(row.status),
            issued_on=date.fromisoformat(row.issued_on),
            due_on=date.fromisoformat(row.due_on),
            total=Money.of(row.total_minor, row.currency),
            open=Money.of(row.open_minor(today), row.currency),
        )

    @strawberry.field
    async def lines(self, info: Info) -> list[InvoiceLine] | None:
        """Its lines, by position."""
        rows = await info.context.loaders.lines.load(self.place)
        return [InvoiceLine.from_row(row) for row in rows]


@strawberry.type
class Instalment(Node):
    """One payment of a plan."""

    position: int
    due_on: date
    status: InstalmentStatus
    amount: Money

    @classmethod
    def from_row(cls, row: models.Instalment) -> Self:
        """As the table has it."""
        return cls(
            book=row.book,
            key=row.key,
            position=row.position,
            due_on=date.fromisoformat(row.due_on),
            status=InstalmentStatus(row.status),
            amount=Money.of(row.amount_minor, row.currency),
        )


@strawberry.type
class PaymentPlan(Node):
    """An agreement to pay a debt by instalments."""

    number: str
    status: PaymentPlanStatus

    @classmethod
    def from_row(cls, row: models.PaymentPlan) -> Self:
        """As the table has it."""
        return cls(book=row.book, key=row.key, number=row.number, status=PaymentPlanStatus(row.status))

    @strawberry.field
    async def instalments(self, info: Info) -> list[Instalment] | None:
        """Its instalments, by position."""
        rows = await info.context.loaders.instalments.load(self.place)
        return [Instalment.from_row(row) for row in rows]


@strawberry.type
class Enrolment:
    """Whether an account is enrolled in one thing."""

    kind: EnrolmentKind
    active: bool
    since: date | None

    @classmethod
    def of_each_kind(cls, rows: Sequence[models.Enrolment]) -> list[Self]:
        """One of each kind, whether or not the table tells of it."""
        told = {row.kind: row for row in rows}
        return [cls.from_row(kind, told.get(kind.value)) for kind in EnrolmentKind]

    @classmethod
    def from_row(cls, kind: EnrolmentKind, row: models.Enrolment | None) -> Self:
        """As the table has it, or not enrolled."""
        since = date.fromisoformat(row.since) if row and row.since else None
        return cls(kind=kind, active=bool(row and row.active), since=since)


@strawberry.type
class Overdue:
    """What is past its due date."""

    document_count: int


@strawberry.type
class Balance:
    """What an account owes or is owed."""

    amount: Money
    overdue: Overdue

    @strawberry.field
    def side(self) -> BalanceSide:
        """The sign of the amount in a word."""
        if not self.amount.amount:
            return BalanceSide.SETTLED
        return BalanceSide.DEBT if self.amount.amount > 0 else BalanceSide.CREDIT


@strawberry.type
class Account(Node):
    """One supply, or one title to premises."""

    number: str
    title: str
    status: AccountStatus
    currency: CurrencyCode
    stated_minor: strawberry.Private[int | None]

    @classmethod
    def from_row(cls, row: models.Account) -> Self:
        """As the table has it."""
        return cls(
            book=row.book,
            key=row.key,
            number=row.number,
            title=row.title,
            status=AccountStatus(row.status),
            currency=CurrencyCode(row.currency),
            stated_minor=row.stated_minor,
        )

    @strawberry.field
    async def balance(self, info: Info) -> Balance | None:
        """What it states, else its open invoices less its credit notes and unmatched payments."""
        loaders, today = info.context.loaders, info.context.today
        invoices, payments = await asyncio.gather(
            loaders.open_invoices.load(self.place), loaders.unmatched_payments.load(self.place)
        )
        signed = (row.open_minor(today) * (-1 if row.kind == "CREDIT_NOTE" else 1) for row in invoices)
        owed = sum(signed) - sum(row.unallocated_minor for row in payments)
        return Balance(
            amount=Money.of(owed if self.stated_minor is None else self.stated_minor, self.currency),
            overdue=Overdue(document_count=sum(row.overdue_on(today) for row in invoices)),
        )

    @strawberry.field
    async def enrolments(self, info: Info) -> list[Enrolment] | None:
        """One of each kind."""
        return Enrolment.of_each_kind(await info.context.loaders.enrolments.load(self.place))

    @strawberry.field
    async def invoices(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        order: InvoiceOrder = InvoiceOrder.ISSUED_ON_DESC,
    ) -> Connection[Invoice] | None:
        """Its invoices and notes."""
        model, today = models.Invoice, info.context.today
        statement = select(model).where(
            model.book == self.book, model.account_key == self.key, col(model.status) != "DRAFT"
        )
        rows, page_info = await page(info.context.sessions, statement, model, order, first=first, after=after)
        return Connection(nodes=[Invoice.from_row(row, today) for row in rows], page_info=page_info)

    @strawberry.field
    async def payment_plans(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        order: PaymentPlanOrder = PaymentPlanOrder.AGREED_ON_DESC,
    ) -> Connection[PaymentPlan] | None:
        """Its payment plans, in force or not."""
        model = models.PaymentPlan
        statement = select(model).where(model.book == self.book, model.account_key == self.key)
        rows, page_info = await page(info.context.sessions, statement, model, order, first=first, after=after)
        return Connection(nodes=[PaymentPlan.from_row(row) for row in rows], page_info=page_info)
