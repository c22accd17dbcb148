"""Histories written out: an account's payments, or its paid invoices, a row each, with their totals."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Final

from ventanilla.backoffice_adapters.contract import DateSpan
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import Invoice, InvoiceKind, PaymentStatus, Sourced
from ventanilla.pdf.invoice import kind_of
from ventanilla.pdf.paper import DocumentFormat, Letterhead, PaidInvoiceHistoryPaper, PaymentHistoryPaper
from ventanilla.pdf.sheet import Column, Fact, Sheet, saved_as
from ventanilla.pdf.words import words

COUNTED: Final = frozenset({PaymentStatus.CONFIRMED, PaymentStatus.SETTLED})
"""The payments that add up. How much is left of one given back in part nobody tells: it has a sum of its own."""


class HistoryPage(Sheet):
    """What is shown of a list, however it is drawn."""

    template = "history.html"
    word: ClassVar[str]
    """The key of what it is called."""
    columns: ClassVar[tuple[Column, ...]]

    def __init__(
        self, paper: PaymentHistoryPaper | PaidInvoiceHistoryPaper, listed: Sequence[Sourced], amounts: Iterable[Money]
    ) -> None:
        super().__init__(paper.letterhead, paper.account, amounts)
        self._listed = listed
        self._more = paper.more

    @classmethod
    def file_name(cls, account_number: str, head: Letterhead, form: DocumentFormat) -> str:
        """What the list is called once it is saved: ``Historial de pagos 101-00123-8.pdf``."""
        return saved_as(f"{words(head.language, head.country)[cls.word]} {account_number}", form)

    @abstractmethod
    def _rows(self) -> Iterator[tuple[str, ...]]: ...

    @property
    def kind(self) -> str:
        """What it is called."""
        return self.words[self.word]

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows, their cells as `columns`."""
        return list(self._rows())

    @property
    @abstractmethod
    def sums(self) -> list[Fact]:
        """What they come to, for each currency; the last is what counts."""

    @property
    def remark(self) -> str:
        """What is to be known of the sums."""
        return ""

    @property
    def caption(self) -> str:
        """What the list is."""
        return self.kind

    @property
    def state(self) -> str:
        """That there are more rows than stand here, if so."""
        count = self._figures.number(str(len(self._listed)))
        return self.words["rows_more"].format(n=count) if self._more else ""

    @property
    def figures_on(self) -> str:
        """Up to which day payments are counted: as old as the oldest of what is told."""
        moments: list[datetime] = [each.origin.as_of for each in (self._account, *self._listed)]
        return self._figures_on(min(moments))

    def _span(self, word: str, span: DateSpan) -> list[Fact]:
        """From when to when, under the heading `word`; nothing for a span that is open on both sides."""
        ends = [self._figures.day(day) for day in (span.since, span.until) if day]
        if len(ends) < 2 and ends:
            ends = [self.words["from_day" if span.since else "to_day"].format(date=ends[0])]
        return [Fact(self.words[word], " – ".join(ends))] if ends else []

    def _sums(self, word: str, amounts: Sequence[Money]) -> list[Fact]:
        """A sum for each currency, in the order of their codes."""
        return [
            Fact(self.words[word], self._figures.money(total((a for a in amounts if a.currency == currency), currency)))
            for currency in sorted({amount.currency for amount in amounts})
        ]


class PaymentHistoryPage(HistoryPage):
    """What is shown of an account's payments."""

    word = "kind_payment_history"
    columns = (
        Column("received", 26),
        Column("method"),
        Column("reference", 42),
        Column("payment_state", 32),
        Column("row_amount", 34, figure=True),
    )

    def __init__(self, paper: PaymentHistoryPaper) -> None:
        super().__init__(paper, paper.payments, [payment.amount for payment in paper.payments])
        self._where = paper.where
        self._payments = paper.payments

    @property
    def marks(self) -> list[Fact]:
        """Which payments are listed: when they were paid, and in which states they are."""
        states = ", ".join(self._state(status) for status in self._where.statuses)
        facts = self._span("period", self._where.paid)
        return [*facts, Fact(self.words["payment_state"], states)] if states else facts

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for each in self._payments:
            told = (self._day(each.paid_at), each.method, each.reference or "", self._state(each.status))
            yield *told, self._figures.money(each.amount)

    @property
    def sums(self) -> list[Fact]:
        """What was given back in part, and what was received otherwise."""
        received = self._amounts(COUNTED) or [Money(0, self._account.currency)]
        returned = self._amounts({PaymentStatus.PARTIALLY_REFUNDED})
        return [*self._sums("payment_partially_refunded", returned), *self._sums("received_total", received)]

    @property
    def remark(self) -> str:
        """Which payments do not add up, if there are any."""
        others = any(payment.status not in COUNTED for payment in self._payments)
        return self.words["received_only"] if others else ""

    def _amounts(self, states: set[PaymentStatus] | frozenset[PaymentStatus]) -> list[Money]:
        return [payment.amount for payment in self._payments if payment.status in states]

    def _state(self, status: PaymentStatus) -> str:
        return self.words[f"payment_{status.lower()}"]


class PaidInvoiceHistoryPage(HistoryPage):
    """What is shown of an account's paid invoices and notes."""

    word = "kind_paid_invoice_history"
    columns = (
        Column("document", 38),
        Column("concept"),
        Column("issued", 23),
        Column("paid_on", 23),
        Column("total", 30, figure=True),
        Column("paid", 30, figure=True),
    )

    def __init__(self, paper: PaidInvoiceHistoryPaper) -> None:
        amounts = [amount for each in paper.invoices for amount in (each.total, each.paid)]
        super().__init__(paper, paper.invoices, amounts)
        self._where = paper.where
        self._invoices = paper.invoices

    @property
    def marks(self) -> list[Fact]:
        """Which invoices are listed: when they were issued or due, and with which number."""
        facts = [*self._span("issued", self._where.issued), *self._span("due_only", self._where.due)]
        return [*facts, Fact(self.words["number"], self._where.number)] if self._where.number else facts

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for each in self._invoices:
            days = (self._figures.day(each.issued_on), self._day(each.paid_at) if each.paid_at else "")
            amounts = (self._figures.money(each.total), self._figures.money(each.paid))
            yield each.number, self._concept(each), *days, *amounts

    def _concept(self, invoice: Invoice) -> str:
        """What it is for; a note says that it is one."""
        if invoice.kind is InvoiceKind.INVOICE:
            return invoice.title
        return f"{kind_of(invoice, self.words)}: {invoice.title}"

    @property
    def sums(self) -> list[Fact]:
        """What gave money back, and what was asked and paid otherwise."""
        asked = [each for each in self._invoices if each.kind is not InvoiceKind.CREDIT_NOTE]
        given = [each.total for each in self._invoices if each.kind is InvoiceKind.CREDIT_NOTE]
        nothing = [Money(0, self._account.currency)]
        return [
            *self._sums("credit_total", given),
            *self._sums("total", [each.total for each in asked] or nothing),
            *self._sums("paid", [each.paid for each in asked] or nothing),
        ]
