"""What can be paid, for how much: invoices as their office tells them now, the rules, and the fee.

The same is asked when somebody is quoted and when they commit: what has changed in between is found by comparing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from ventanilla.backoffice_adapters.contract import Support
from ventanilla.backoffice_adapters.money import Money, total, written
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import Account, Invoice, InvoiceKind, InvoiceStatus, Record
from ventanilla.payments.contract import Limits
from ventanilla.resolvers import reach
from ventanilla.resolvers.access import Answer
from ventanilla.resolvers.asking import as_known, ask, support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.problems import Problem
from ventanilla.store.checkout_terms import CheckoutFees, CheckoutLine, CheckoutTerms
from ventanilla.store.manager import FeeBearer, PaymentChoice

T = TypeVar("T")
_PAYABLE: Final = frozenset({InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID})
_LONGEST_NUMBER: Final = 120
_LONGEST_TITLE: Final = 250
"""How much of an invoice's number and title is kept with a checkout."""


class UnpayableReason(StrEnum):
    """Why something cannot be paid."""

    NOT_FOUND = "NOT_FOUND"
    INVOICE_NOT_PAYABLE = "INVOICE_NOT_PAYABLE"
    NOTHING_OPEN = "NOTHING_OPEN"
    ACCOUNT_MISMATCH = "ACCOUNT_MISMATCH"
    PAYEE_MISMATCH = "PAYEE_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    PAYMENTS_NOT_OFFERED = "PAYMENTS_NOT_OFFERED"
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"


class Unpayable(Record):
    """Why something cannot be paid, and which of the items it is, from 0; None for all of them."""

    reason: UnpayableReason
    item: int | None = None
    params: Mapping[str, str] = {}


class Payable(Record):
    """What can be paid, the account that it is for, and how the manager lets people pay."""

    terms: CheckoutTerms
    account: Account
    choice: PaymentChoice


async def payable(context: Context, ids: Sequence[str]) -> Payable | list[Unpayable]:
    """What paying these invoices would mean now, or everything that speaks against it.

    Raises `Problem` where an office could not be asked: nobody is told an amount that is not of this moment.
    """
    choice = context.manager.payments
    if choice is None:
        return [Unpayable(reason=UnpayableReason.PAYMENTS_NOT_OFFERED)]
    invoices = await _invoices(context, ids)
    accounts = await _accounts(context, invoices)
    if against := [why for at in range(len(ids)) if (why := _unfit(at, invoices[at], accounts[at]))]:
        return against
    found = [invoice for invoice in invoices if invoice]
    account = next(account for account in accounts if account)
    if against := [*_mixed(found, [each for each in accounts if each])]:
        return against
    limits = _limits(context, choice, found[0])
    if limits is None:
        return [Unpayable(reason=UnpayableReason.PAYMENTS_NOT_OFFERED)]
    terms = _terms(context, choice, account, found)
    return _beyond(limits, terms) or Payable(terms=terms, account=account, choice=choice)


async def _invoices(context: Context, ids: Sequence[str]) -> list[Invoice | None]:
    """Each invoice as its office tells it now; None for what is none, or not within the viewer's reach."""
    names = [context.ids.read(each) for each in ids]
    named = [(name.office, name.key) if name and name.kind is Kind.INVOICE else None for name in names]
    asked = await ask(context, "invoices_by_key", [name for name in named if name], fresh=True)
    found = iter(await reach.within(context, "invoices_by_key", asked))
    return [_told(next(found)) if name else None for name in named]


async def _accounts(context: Context, invoices: Sequence[Invoice | None]) -> list[Account | None]:
    """The account of each invoice."""
    told = iter(await reach.accounts_of(context, [each for each in invoices if each]))
    return [_told(next(told)) if each else None for each in invoices]


def _told(answer: Answer[T]) -> T | None:
    if isinstance(answer, Problem):
        raise answer
    return answer


def _unfit(at: int, invoice: Invoice | None, account: Account | None) -> Unpayable | None:
    """Why one invoice cannot be paid, whatever the others are."""
    if invoice is None or account is None:
        return Unpayable(reason=UnpayableReason.NOT_FOUND, item=at)
    if invoice.status not in _PAYABLE or invoice.kind is InvoiceKind.CREDIT_NOTE:
        state = {"state": invoice.status.value, "kind": invoice.kind.value, "number": invoice.number}
        return Unpayable(reason=UnpayableReason.INVOICE_NOT_PAYABLE, item=at, params=state)
    if invoice.open.minor <= 0:
        return Unpayable(reason=UnpayableReason.NOTHING_OPEN, item=at, params={"number": invoice.number})
    return None


def _mixed(invoices: Sequence[Invoice], accounts: Sequence[Account]) -> list[Unpayable]:
    """Why some invoices cannot be paid together with the first."""
    against: list[Unpayable] = []
    for at, (invoice, account) in enumerate(zip(invoices, accounts, strict=True)):
        if (account.origin.source, account.key) != (accounts[0].origin.source, accounts[0].key):
            against.append(Unpayable(reason=UnpayableReason.ACCOUNT_MISMATCH, item=at))
        elif invoice.origin.source != invoices[0].origin.source:
            against.append(Unpayable(reason=UnpayableReason.PAYEE_MISMATCH, item=at))
        elif invoice.open.currency != invoices[0].open.currency:
            against.append(Unpayable(reason=UnpayableReason.CURRENCY_MISMATCH, item=at))
    return against


def _terms(context: Context, choice: PaymentChoice, account: Account, invoices: Sequence[Invoice]) -> CheckoutTerms:
    office, currency = invoices[0].origin.source, invoices[0].open.currency
    nothing = Money(0, currency)
    fee = choice.fee.of(total((invoice.open for invoice in invoices), currency))
    payer, manager = (fee, nothing) if choice.fee.bearer is FeeBearer.PAYER else (nothing, fee)
    return CheckoutTerms(
        account=as_known(context, account.ref, office),
        platform=choice.platform,
        lines=tuple(_line(office, invoice) for invoice in invoices),
        fees=CheckoutFees(payer=payer, manager=manager),
    )


def _line(office: str, invoice: Invoice) -> CheckoutLine:
    return CheckoutLine(
        office=office,
        invoice_key=invoice.key,
        number=invoice.number[:_LONGEST_NUMBER],
        title=invoice.title[:_LONGEST_TITLE],
        amount=invoice.open,
    )


def _limits(context: Context, choice: PaymentChoice, invoice: Invoice) -> Limits | None:
    """What the platform takes in the invoice's currency; None where it takes none, or the office is told of no money.

    The fee is in the manager's currency, so nothing else is paid.
    """
    currency = invoice.open.currency
    told = support(context, invoice.origin.source, CAPABILITY_OF["post_payments"]) is not Support.NO
    if not told or currency != context.manager.currency:
        return None
    try:
        return context.services.platforms.manifest(choice.platform).limits.get(currency)
    except RegistryError:  # it was uninstalled, or is not of this contract any more
        return None


def _beyond(limits: Limits, terms: CheckoutTerms) -> list[Unpayable]:
    """Whether the platform takes less, or more."""
    due = terms.total
    if due.minor < limits.least:
        reason, bound, minor = UnpayableReason.AMOUNT_TOO_SMALL, "least", limits.least
    elif limits.most is not None and due.minor > limits.most:
        reason, bound, minor = UnpayableReason.AMOUNT_TOO_LARGE, "most", limits.most
    else:
        return []
    told = {bound: written(minor, due.currency), "total": due.amount, "currency": due.currency}
    return [Unpayable(reason=reason, params=told)]
