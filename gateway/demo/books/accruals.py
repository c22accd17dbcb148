"""What each month costs, title by title: it follows from the bills."""

from __future__ import annotations

from ventanilla.backoffice_adapters.book import AccrualEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceKind, TitleKind
from ventanilla.gateway.demo.books.bill import Bill, Item
from ventanilla.gateway.demo.books.clerk import Clerk


def accrue(clerk: Clerk) -> None:
    """Enter the titled items of every invoice that stands, for the month in which its period begins."""
    for bill in clerk.bills:
        if bill.kind is InvoiceKind.INVOICE and not bill.cancelled:
            for item in bill.items:
                if item.title:
                    _enter(clerk, bill, item, item.title)


def _enter(clerk: Clerk, bill: Bill, item: Item, title: TitleKind) -> None:
    month = bill.period[0] if bill.period else bill.issued_on
    clerk.enter(
        AccrualEntry(
            key=clerk.key("a"),
            account=bill.account,
            month=f"{month:%Y-%m}",
            title=title,
            description=item.description,
            amount=Money(item.amount, clerk.currency),
            quantity=item.quantity,
            unit=item.unit,
            unit_price=item.unit_price,
            invoice=bill.key,
        )
    )
