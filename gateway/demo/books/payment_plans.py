"""Debts that are paid by instalments. Interest for paying later is a debit note of its own, and part of the debt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ventanilla.backoffice_adapters.book import InstalmentEntry, PaymentPlanEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InstalmentStatus, InvoiceKind, PaymentPlanStatus
from ventanilla.gateway.demo.books.bill import Bill, Item, cents
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import shift
from ventanilla.gateway.demo.books.habits import Referrer


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: so many instalments, a month apart, and how many `paid` of them by `method`, on their days."""

    number: str
    agreed_on: date
    instalments: int
    paid: int
    method: str
    days: int = 10
    """From the agreement to the first instalment."""
    interest: str = "0"
    """Percent a month of what is still owed."""
    note: str = ""
    """The title of the debit note for that interest."""

    @property
    def dues(self) -> list[date]:
        """The days on which the instalments fall due."""
        first = self.agreed_on + timedelta(days=self.days)
        return [shift(first, at) for at in range(self.instalments)]

    def status(self, today: date) -> PaymentPlanStatus:
        """Where the plan stands: only the first instalment makes it active, in time or never."""
        if self.paid:
            return PaymentPlanStatus.COMPLETED if self.paid == self.instalments else PaymentPlanStatus.ACTIVE
        return PaymentPlanStatus.LAPSED if self.dues[0] < today else PaymentPlanStatus.PENDING_FIRST_PAYMENT


def agree(clerk: Clerk, bills: Sequence[Bill], terms: Terms, referrer: Referrer) -> None:
    """Enter a plan for what `bills` of one account still ask for on the day of the agreement, and what was paid."""
    status = terms.status(clerk.anchor)
    debt = sum(bill.wanted(terms.agreed_on) for bill in bills)
    interest = _interest(debt, terms)
    covered = [*bills, _note(clerk, bills[0].account, interest, terms)] if interest else [*bills]
    parts = split(debt + interest, terms.instalments)
    moments = _pay(clerk, covered, terms, parts, referrer)
    for bill in covered:
        bill.in_plan = status.runs
    if interest and status is PaymentPlanStatus.LAPSED:
        covered[-1].cancelled = True
    plan = PaymentPlanEntry(
        key=clerk.key("q"),
        account=covered[0].account,
        number=terms.number,
        status=status,
        agreed_on=terms.agreed_on,
        interest=Money(interest, clerk.currency),
        invoices=tuple(bill.key for bill in covered),
    )
    clerk.enter(plan)
    _schedule(clerk, plan, terms, parts, moments)


def _pay(
    clerk: Clerk, covered: Sequence[Bill], terms: Terms, parts: Sequence[int], referrer: Referrer
) -> list[datetime]:
    """Pay the instalments that were paid, oldest document first; gives the moments."""
    moments: list[datetime] = []
    for due, part in zip(terms.dues[: terms.paid], parts, strict=False):
        reference = referrer(clerk, terms.method, covered[0], due)
        account = covered[0].account
        moments.append(clerk.pay(account, part, due, method=terms.method, reference=reference, bills=covered))
    return moments


def split(whole: int, parts: int) -> list[int]:
    """Divide minor units into equal parts; the cents that remain go to the first ones."""
    quotient, remainder = divmod(whole, parts)
    return [quotient + (at < remainder) for at in range(parts)]


def _interest(debt: int, terms: Terms) -> int:
    """Interest of the average debt over the months of the plan."""
    months = Decimal(terms.instalments + 1) / 2
    return cents(Decimal(debt) / 100 * Decimal(terms.interest) / 100 * months)


def _note(clerk: Clerk, account: str, interest: int, terms: Terms) -> Bill:
    return clerk.bill(
        account,
        f"ND {terms.number}",
        terms.note,
        [Item(terms.note, interest)],
        issued_on=terms.agreed_on,
        due_on=terms.dues[-1],
        kind=InvoiceKind.DEBIT_NOTE,
    )


def _schedule(
    clerk: Clerk, plan: PaymentPlanEntry, terms: Terms, parts: Sequence[int], moments: Sequence[datetime]
) -> None:
    waiting = InstalmentStatus.SCHEDULED if plan.status.runs else InstalmentStatus.CANCELLED
    for at, (due, part) in enumerate(zip(terms.dues, parts, strict=True)):
        paid = at < len(moments)
        clerk.enter(
            InstalmentEntry(
                key=clerk.key("i"),
                plan=plan.key,
                position=at + 1,
                due_on=due,
                amount=Money(part, clerk.currency),
                status=InstalmentStatus.PAID if paid else waiting,
                paid_at=moments[at] if paid else None,
            )
        )
