"""Late interest: what each overdue document has borne so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceOrder, InvoiceStatusFilter, Support, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Account, InterestAccrual, Invoice, Origin, Record, Slice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts, ask_records, serving_office, support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.resolvers.reads import Wanted

_OVERDUE = InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE,))


class InvoiceInterest(Record):
    """The interest of one document, and the document."""

    invoice: Invoice
    accrual: InterestAccrual

    @property
    def key(self) -> str:
        """The invoice's key: the row is listed as its invoice is."""
        return self.invoice.key

    @property
    def due_on(self) -> date:
        """The invoice's first due date."""
        return self.invoice.due_on

    @property
    def origin(self) -> Origin:
        """Where the interest came from."""
        return self.accrual.origin


@batch(scope=Scope.REACH, method="late_interest")
async def of_invoices(context: Context, invoices: Sequence[Invoice]) -> list[Answer[InvoiceInterest]]:
    """The late interest of each document; None where nothing accrues."""
    found = await ask_records(context, "late_interest", invoices)
    return [
        InvoiceInterest(invoice=invoice, accrual=answer) if isinstance(answer, InterestAccrual) else answer
        for invoice, answer in zip(invoices, found, strict=True)
    ]


async def _of_overdue(
    context: Context,
    method: str,
    accounts: Sequence[Account],
    order: InvoiceOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[Any]]]:
    """A part of each account's overdue documents with their interest; only their number where `view` counts."""
    answers = await ask_accounts(context, "invoices", accounts, _OVERDUE, order, view)
    parts = [_told(context, method, account, answer) for account, answer in zip(accounts, answers, strict=True)]
    if view.count:
        return parts
    invoices = [invoice for part in parts if isinstance(part, Slice) for invoice in part.items]
    found = iter(zip(invoices, await ask_records(context, method, invoices), strict=True))
    return [
        _rows(context, part, list(islice(found, len(part.items)))) if isinstance(part, Slice) else part
        for part in parts
    ]


def _told(context: Context, method: str, account: Account, part: Answer[Slice[Invoice]]) -> Answer[Slice[Any]]:
    """`part`, unless its office cannot tell interest at all: an account without overdue documents is told so too."""
    office = serving_office(context, "invoices", account)
    able = part is None or support(context, office, CAPABILITY_OF[method]) is not Support.NO
    return part if able else Problem(ProblemCode.NOT_SUPPORTED)


def _rows(
    context: Context, part: Slice[Invoice], told: Sequence[tuple[Invoice, Answer[InterestAccrual]]]
) -> Answer[Slice[InvoiceInterest]]:
    """A row for every document; a problem with one of them is the whole part's."""
    problem = next((answer for _, answer in told if isinstance(answer, Problem)), None)
    if problem:
        return problem
    rows = tuple(
        InvoiceInterest(invoice=invoice, accrual=_accrued(context, invoice, answer)) for invoice, answer in told
    )
    return Slice(items=rows, more=part.more)


def _accrued(context: Context, invoice: Invoice, answer: Answer[InterestAccrual]) -> InterestAccrual:
    """What the office told; nothing at all up to today where it says that nothing accrues."""
    if isinstance(answer, InterestAccrual):
        return answer
    return InterestAccrual(
        key=invoice.key,
        origin=invoice.origin,
        account_key=invoice.account_key,
        until=context.today,
        segments=(),
        total=Money(0, invoice.total.currency),
    )


of_accounts = connections.lists(
    "interest.of_accounts", connections.Source("late_interest", _of_overdue), InvoiceOrder.DUE_ON_ASC
)
"""A part of each account's overdue documents with their interest."""
