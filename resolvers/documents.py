"""Documents: the addresses of papers, and what a paper is made of once somebody follows its address.

Nothing is made before that, and whoever follows it has to reach the account then. What an address says, and why nobody
else can use it, is in `document_links.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import msgspec

from ventanilla.backoffice_adapters.contract import DateSpan, InvoiceFilter, InvoiceStatusFilter, PaymentFilter, Support
from ventanilla.backoffice_adapters.records import Account, Invoice, Payment, PaymentStatus, Record
from ventanilla.pdf import invoice, receipt
from ventanilla.pdf.history import HistoryPage, PaidInvoiceHistoryPage, PaymentHistoryPage
from ventanilla.pdf.paper import (
    DocumentFormat,
    InvoicePaper,
    Letterhead,
    PaidInvoiceHistoryPaper,
    Paper,
    PaymentHistoryPaper,
    ReceiptPaper,
    Settled,
)
from ventanilla.resolvers import accounts, allocations, document_links, invoices, nodes, payments, reach
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.asking import serving_office, support
from ventanilla.resolvers.connections import BatchList, Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.document_links import Link, PaperKind
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.problems import Problem, ProblemCode, invalid_argument
from ventanilla.resolvers.reads import reads
from ventanilla.store.manager import Manager

T = TypeVar("T")

MOST_ROWS: Final = 2_000
"""How many rows a history holds: the newest. It says so where there are more."""
LONGEST_NUMBER: Final = 256
"""Of an invoice, as somebody asks for it: it becomes a part of an address."""
RECEIPTED: Final = frozenset({PaymentStatus.CONFIRMED, PaymentStatus.SETTLED, PaymentStatus.PARTIALLY_REFUNDED})
"""The payments that somebody has a receipt for: the money came, and not all of it went back."""
_PAID: Final = (InvoiceStatusFilter.PAID,)
_UNTOLD: Final = frozenset({ProblemCode.NOT_SUPPORTED, ProblemCode.FORBIDDEN})
"""Why a part of a paper is left out: the office does not tell it, or it is not for the program that asks."""


class Document(Record):
    """A paper that can be had at `url` until `expires_at` by the person that asked."""

    url: str
    expires_at: datetime
    media_type: str
    file_name: str


class Wanted(Record):
    """What somebody who followed an address is to get."""

    paper: Paper
    format: DocumentFormat
    file_name: str


# -- addresses ---------------------------------------------------------------------------------------------------


@batch(scope=Scope.REACH, licences=BILLING)
async def of_invoices(
    context: Context, of: Sequence[Invoice], *, format: DocumentFormat = DocumentFormat.PDF
) -> list[Document]:
    """The address of each invoice's paper."""
    head = letterhead(context.manager)
    urls = document_links.addresses(context, PaperKind.INVOICE, format, nodes.ids(context, of))
    return _documents(context, format, urls, [invoice.file_name(each, head, format) for each in of])


@reads("key", "origin", "status", "paid_at", "reference")
@batch(scope=Scope.REACH, licences=BILLING)
async def of_payments(
    context: Context, of: Sequence[Payment], *, format: DocumentFormat = DocumentFormat.PDF
) -> list[Document | None]:
    """The address of each payment's receipt; None for one that does not count."""
    head = letterhead(context.manager)
    urls = document_links.addresses(context, PaperKind.RECEIPT, format, nodes.ids(context, of))
    found = _documents(context, format, urls, [receipt.file_name(each, head, format) for each in of])
    return [document if payment.status in RECEIPTED else None for payment, document in zip(of, found, strict=True)]


@reads("key", "origin", "number")
@batch(scope=Scope.REACH, method="payments")
async def payment_histories(
    context: Context,
    of: Sequence[Account],
    *,
    format: DocumentFormat = DocumentFormat.PDF,
    where: PaymentFilter | None = None,
) -> list[Answer[Document]]:
    """The address of the list of each account's payments; those of the last twelve months unless dates are given."""
    kept = where or PaymentFilter()
    if kept.paid == DateSpan():
        kept = msgspec.structs.replace(kept, paid=_last_year(context))
    urls = _of_lists(context, PaperKind.PAYMENT_HISTORY, format, of, kept)
    return _where_told(context, "payments", of, _named(context, format, urls, of, PaymentHistoryPage))


@reads("key", "origin", "number")
@batch(scope=Scope.REACH, method="invoices")
async def paid_invoice_histories(
    context: Context,
    of: Sequence[Account],
    *,
    format: DocumentFormat = DocumentFormat.PDF,
    where: InvoiceFilter | None = None,
) -> list[Answer[Document]]:
    """The address of the list of each account's paid invoices; those issued within the last twelve months unless dates
    or a number are given.
    """
    kept = _paid(where or InvoiceFilter())
    if (kept.issued, kept.due, kept.number) == (DateSpan(), DateSpan(), None):
        kept = msgspec.structs.replace(kept, issued=_last_year(context))
    urls = _of_lists(context, PaperKind.PAID_INVOICE_HISTORY, format, of, kept)
    return _where_told(context, "invoices", of, _named(context, format, urls, of, PaidInvoiceHistoryPage))


def _documents(context: Context, form: DocumentFormat, urls: Sequence[str], names: Sequence[str]) -> list[Document]:
    expires = document_links.expires_at(context)
    return [
        Document(url=url, expires_at=expires, media_type=form.media_type, file_name=name)
        for url, name in zip(urls, names, strict=True)
    ]


def _named(
    context: Context, form: DocumentFormat, urls: Sequence[str], of: Sequence[Account], page: type[HistoryPage]
) -> list[Document]:
    head = letterhead(context.manager)
    return _documents(context, form, urls, [page.file_name(account.number, head, form) for account in of])


def _of_lists(
    context: Context, kind: PaperKind, form: DocumentFormat, of: Sequence[Account], where: Record
) -> list[str]:
    return document_links.addresses(context, kind, form, nodes.ids(context, of), msgspec.msgpack.encode(where))


def _where_told(
    context: Context, method: str, of: Sequence[Account], documents: Sequence[Document]
) -> list[Answer[Document]]:
    """The documents, but a problem for an account whose office does not tell what would stand on it."""
    capability = CAPABILITY_OF[method]
    told = [support(context, serving_office(context, method, account), capability) for account in of]
    return [
        Problem(ProblemCode.NOT_SUPPORTED) if known is Support.NO else document
        for known, document in zip(told, documents, strict=True)
    ]


def _paid(where: InvoiceFilter) -> InvoiceFilter:
    """The filter for what is paid; a `Problem` for one that asks for something else."""
    if where.statuses not in {(), _PAID}:
        raise invalid_argument("Only paid invoices stand in this list: leave `status` out of the filter, or say PAID.")
    if where.number and len(where.number) > LONGEST_NUMBER:
        raise invalid_argument(f"`number` takes at most {LONGEST_NUMBER} characters; there were {len(where.number)}.")
    return msgspec.structs.replace(where, statuses=_PAID)


def _last_year(context: Context) -> DateSpan:
    """The last twelve months where the manager is, today among them."""
    today = context.today
    leap = (today.month, today.day) == (2, 29)
    return DateSpan(since=date(today.year - 1, today.month, 28 if leap else today.day), until=today)


# -- papers ------------------------------------------------------------------------------------------------------


async def wanted(context: Context, token: str) -> Wanted | None:
    """What the address that ends in `token` is for; None if it is for nothing, or not for who asks, or not any more.

    Raises `Problem` if the office could not be asked.
    """
    link = document_links.read(context, token)
    return await _MADE_OF[link.kind](context, link) if link else None


def letterhead(manager: Manager) -> Letterhead:
    """How the manager's papers look and speak: its own language and locale, whoever asks."""
    language, theme = manager.languages[0], manager.presentation.theme
    return Letterhead(
        manager=manager.slug,
        name=manager.name,
        country=manager.country,
        language=language,
        locale=manager.locale,
        time_zone=manager.time_zone,
        primary=theme.primary,
        on_primary=theme.on_primary,
        email=manager.contact.email,
        phone=manager.contact.phone,
        website=manager.contact.website,
        issuer=(manager.text("invoice_issuer", language) or "").strip(),
        payment=(manager.text("invoice_payment", language) or "").strip(),
        footer=(manager.text("legal_footer", language) or "").strip(),
    )


async def _invoice(context: Context, link: Link) -> Wanted | None:
    found = _told(await nodes.node(context, id=link.id))
    if not isinstance(found, Invoice):
        return None
    account, (lines,) = await asyncio.gather(_account_of(context, found), invoices.lines(context, [found]))
    if account is None:
        return None
    head = letterhead(context.manager)
    told = _told(lines, untold=frozenset({ProblemCode.NOT_SUPPORTED})) or ()
    paper = InvoicePaper(letterhead=head, account=account, invoice=found, lines=tuple(told))
    return Wanted(paper=paper, format=link.form, file_name=invoice.file_name(found, head, link.form))


async def _receipt(context: Context, link: Link) -> Wanted | None:
    found = _told(await nodes.node(context, id=link.id))
    if not isinstance(found, Payment) or found.status not in RECEIPTED:
        return None
    account, settled = await asyncio.gather(_account_of(context, found), _settled(context, found))
    if account is None:
        return None
    head = letterhead(context.manager)
    paper = ReceiptPaper(letterhead=head, account=account, payment=found, settled=settled)
    return Wanted(paper=paper, format=link.form, file_name=receipt.file_name(found, head, link.form))


async def _payment_history(context: Context, link: Link) -> Wanted | None:
    where = msgspec.msgpack.decode(link.where, type=PaymentFilter)
    account, rows, more = await _listed(context, link, payments.of_accounts, where)
    if account is None:
        return None
    head = letterhead(context.manager)
    paper = PaymentHistoryPaper(letterhead=head, account=account, where=where, payments=rows, more=more)
    return Wanted(
        paper=paper, format=link.form, file_name=PaymentHistoryPage.file_name(account.number, head, link.form)
    )


async def _paid_invoice_history(context: Context, link: Link) -> Wanted | None:
    where = msgspec.msgpack.decode(link.where, type=InvoiceFilter)
    account, rows, more = await _listed(context, link, invoices.of_accounts, where)
    if account is None:
        return None
    head = letterhead(context.manager)
    paper = PaidInvoiceHistoryPaper(letterhead=head, account=account, where=where, invoices=rows, more=more)
    name = PaidInvoiceHistoryPage.file_name(account.number, head, link.form)
    return Wanted(paper=paper, format=link.form, file_name=name)


_MADE_OF: Final[dict[PaperKind, Callable[[Context, Link], Awaitable[Wanted | None]]]] = {
    PaperKind.INVOICE: _invoice,
    PaperKind.RECEIPT: _receipt,
    PaperKind.PAYMENT_HISTORY: _payment_history,
    PaperKind.PAID_INVOICE_HISTORY: _paid_invoice_history,
}


async def _account_of(context: Context, document: Invoice | Payment) -> Account | None:
    (account,) = await reach.accounts_of(context, [document])
    told = _told(account)
    return _as_told(context, told) if told else None


def _as_told(context: Context, account: Account) -> Account:
    """The account with what who asks is told of its holder: a paper shows no more of them than the portal."""
    (holder,) = accounts.holders(context, [account])
    return msgspec.structs.replace(account, holder=holder)


async def _settled(context: Context, payment: Payment) -> tuple[Settled, ...] | None:
    """What a payment settled, oldest first; None where the office does not tell."""
    (found,) = await payments.allocations_of(context, [payment])
    parts = _told(found, untold=_UNTOLD)
    if parts is None:
        return None
    documents = [_told(each, untold=_UNTOLD) for each in await allocations.invoices(context, parts)]
    return tuple(
        Settled(
            document=document.number if document else "",
            title=document.title if document else "",
            settled_on=part.allocation.allocated_on,
            amount=part.allocation.amount,
        )
        for part, document in zip(parts, documents, strict=True)
    )


async def _listed(
    context: Context, link: Link, lists: BatchList, where: Record
) -> tuple[Account | None, tuple[Any, ...], bool]:
    """The account that a list is about, its rows that `where` keeps, newest first, and whether there are more."""
    account = _told(await nodes.account(context, id=link.id))
    if account is None:
        return None, (), False
    rows, more = await _rows(context, lists, account, where)
    return _as_told(context, account), rows, more


async def _rows(context: Context, lists: BatchList, account: Account, where: Record) -> tuple[tuple[Any, ...], bool]:
    wide = msgspec.structs.replace(context, most_page=MOST_ROWS)
    rows: list[Any] = []
    after: str | None = None
    while True:  # once, unless the office's own pages are shorter than ours
        (answer,) = await lists(wide, [account], first=MOST_ROWS - len(rows), after=after, where=where)
        part: Connection[Any] | None = _told(answer)
        rows += part.nodes if part else ()
        end = part.page_info.end if part and part.more else None
        if part is None or end is None or len(rows) >= MOST_ROWS:
            return tuple(rows), bool(part and part.more)
        after = context.cursors.make(part.order, end)


def _told(answer: Answer[T], *, untold: frozenset[ProblemCode] = frozenset()) -> T | None:
    """The answer, and None in place of a problem of the `untold` codes; any other is raised."""
    if isinstance(answer, Problem):
        if answer.code in untold:
            return None
        raise answer
    return answer
