"""A receipt written out: what was paid, how and when, and what it settled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import Payment, PaymentStatus
from ventanilla.pdf.paper import DocumentFormat, Letterhead, ReceiptPaper, Settled
from ventanilla.pdf.sheet import Column, Fact, Sheet, local_day, saved_as
from ventanilla.pdf.words import words

MOST_SETTLED: Final = 200
"""How many invoices stand on a receipt; what lies beyond is one row more, with its sum."""


def file_name(payment: Payment, head: Letterhead, form: DocumentFormat) -> str:
    """What the receipt is called once it is saved: ``Recibo de pago 2026-08-09 TRF-118.pdf``."""
    name = words(head.language, head.country)["kind_receipt"]
    return saved_as(f"{name} {local_day(payment.paid_at, head)} {payment.reference or ''}", form)


class ReceiptPage(Sheet):
    """What the template shows of a receipt."""

    template = "receipt.html"
    columns: Final = (
        Column("document", 42),
        Column("concept"),
        Column("settled_on", 26),
        Column("row_amount", 34, figure=True),
    )

    def __init__(self, paper: ReceiptPaper) -> None:
        super().__init__(paper.letterhead, paper.account, _amounts(paper))
        self._payment = paper.payment
        self._settled = paper.settled

    @property
    def kind(self) -> str:
        """What it is called."""
        return self.words["kind_receipt"]

    @property
    def marks(self) -> list[Fact]:
        """When the money was received."""
        return [Fact(self.words["received"], self._day(self._payment.paid_at))]

    @property
    def state(self) -> str:
        """That a part was given back, if so."""
        given_back = self._payment.status is PaymentStatus.PARTIALLY_REFUNDED
        return self.words["state_partially_refunded"] if given_back else ""

    @property
    def told(self) -> list[Fact]:
        """How much, how it came, and by which reference it is known."""
        facts = [
            Fact(self.words["received_amount"], self._figures.money(self._payment.amount)),
            Fact(self.words["method"], self._payment.method),
            Fact(self.words["reference"], self._payment.reference or ""),
        ]
        return [fact for fact in facts if fact.value]

    @property
    def caption(self) -> str:
        """What the list below is."""
        return self.words["settles"]

    @property
    def settles(self) -> bool:
        """Whether the office tells what it settled."""
        return self._settled is not None

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """A row for each invoice, its cells as `columns`; beyond the most that it holds, one with number and sum."""
        settled = self._settled or ()
        rows = [self._row(each) for each in settled[:MOST_SETTLED]]
        beyond = settled[MOST_SETTLED:]
        if beyond:
            amount = self._figures.money(total((each.amount for each in beyond), self._payment.amount.currency))
            rows.append(("", self.words["lines_more"].format(n=len(beyond)), "", amount))
        return rows

    def _row(self, each: Settled) -> tuple[str, ...]:
        return each.document, each.title, self._figures.day(each.settled_on), self._figures.money(each.amount)

    @property
    def sums(self) -> list[Fact]:
        """What went back, if anything did, what is left as credit, and what was received."""
        named = [("credit_left", self._payment.unallocated), ("received_amount", self._payment.amount)]
        given_back = self._payment.amount - self._payment.unallocated - self._matched
        if self.settles and self.state and given_back.minor > 0:
            named.insert(0, ("given_back", given_back))
        return [Fact(self.words[name], self._figures.money(amount)) for name, amount in named]

    @property
    def _matched(self) -> Money:
        """With what was matched and what is left as credit, what went back adds up to the payment."""
        return total((each.amount for each in self._settled or ()), self._payment.amount.currency)

    @property
    def figures_on(self) -> str:
        """Up to which day payments are counted."""
        return self._figures_on(self._payment.origin.as_of)


def _amounts(paper: ReceiptPaper) -> Iterator[Money]:
    yield from (paper.payment.amount, paper.payment.unallocated)
    yield from (each.amount for each in paper.settled or ())
