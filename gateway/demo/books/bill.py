"""A document while it may still be paid. Amounts are integers of minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from ventanilla.backoffice_adapters.book import InvoiceEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    OfficialReference,
    TitleKind,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line to be: `amount` with tax. What has a `title` is accrued month by month."""

    description: str
    amount: int
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    tax_rate: str | None = None
    title: TitleKind | None = None


def cents(value: Decimal) -> int:
    """Round major units half up to minor units."""
    return int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))


def price(value: Decimal) -> Decimal:
    """Round a unit price half up to two decimals, always written out."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def priced(
    description: str,
    quantity: Decimal | str,
    unit: str,
    price: Decimal | str,
    tax: str | None = None,
    *,
    title: TitleKind | None = None,
) -> Item:
    """Make an item of `quantity` at a net unit `price`, with `tax` percent on top."""
    amount = cents(Decimal(quantity) * Decimal(price) * (1 + Decimal(tax or 0) / 100))
    return Item(description, amount, str(quantity), unit, str(price), tax, title)


@dataclass(slots=True)
class Bill:
    """An invoice, credit note or debit note; `later` is a second due date and what is asked for until then."""

    key: str
    account: str
    number: str
    kind: InvoiceKind
    title: str
    issued_on: date
    due_on: date
    items: tuple[Item, ...]
    period: tuple[date, date] | None
    later: tuple[date, int] | None
    reference: OfficialReference | None
    paid: int = 0
    paid_at: datetime | None = None
    cancelled: bool = False
    in_plan: bool = False
    """Whether it is being paid through a payment plan that binds."""

    @property
    def total(self) -> int:
        """What its items add up to."""
        return sum(item.amount for item in self.items)

    def wanted(self, day: date) -> int:
        """What is still missing on `day`, the surcharge of a later due date included."""
        if self.cancelled or self.paid_at:
            return 0
        return (self.later[1] if self.later and day > self.due_on else self.total) - self.paid

    @property
    def status(self) -> InvoiceStatus:
        """The state that follows from what was paid."""
        if self.cancelled:
            return InvoiceStatus.CANCELLED
        if self.paid_at:
            return InvoiceStatus.PAID
        if self.in_plan:
            return InvoiceStatus.IN_PLAN
        return InvoiceStatus.PARTIALLY_PAID if self.paid else InvoiceStatus.ISSUED

    def entry(self, currency: str) -> InvoiceEntry:
        """Write it as the book takes it."""
        later_due_on, later_total = self.later or (None, None)
        period_from, period_to = self.period or (None, None)
        return InvoiceEntry(
            key=self.key,
            account=self.account,
            number=self.number,
            kind=self.kind,
            status=self.status,
            title=self.title,
            issued_on=self.issued_on,
            due_on=self.due_on,
            later_due_on=later_due_on,
            later_total=None if later_total is None else Money(later_total, currency),
            total=Money(self.total, currency),
            period_from=period_from,
            period_to=period_to,
            paid_at=self.paid_at,
            official_reference=self.reference,
            lines=tuple(_line(position, item, currency) for position, item in enumerate(self.items, 1)),
        )


def _line(position: int, item: Item, currency: str) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        description=item.description,
        amount=Money(item.amount, currency),
        quantity=item.quantity,
        unit=item.unit,
        unit_price=item.unit_price,
        tax_rate=item.tax_rate,
    )
