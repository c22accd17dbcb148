"""An invoice or note written out: every word and figure of its page as text. What it comes to is the office's word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import DueDate, Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from ventanilla.pdf.paper import DocumentFormat, InvoicePaper, Letterhead
from ventanilla.pdf.sheet import MOST_TEXT_LINES, Fact, Sheet, saved_as
from ventanilla.pdf.words import words

MOST_LINES: Final = 300
"""How many lines stand on a paper; what lies beyond is one line more, with its sum."""
LONGEST_UNIT: Final = 12
"""Letters of a unit of measure that its column holds."""
MOST_DUE_DATES: Final = 6
_LEGAL_LETTER: Final = re.compile(r"([ABCEM]) (\d{4,5}-\d{8})")
"""The class of an Argentine voucher, which its paper shows in a box of its own."""


def file_name(invoice: Invoice, head: Letterhead, form: DocumentFormat) -> str:
    """What the paper is called once it is saved: ``Factura B 0012-00251001.pdf``."""
    return saved_as(f"{kind_of(invoice, words(head.language, head.country))} {invoice.number}", form)


def kind_of(invoice: Invoice, said: Mapping[str, str]) -> str:
    """What this kind of paper is called; an invoice that a tax authority knows may have a name of its own."""
    registered = "_registered" if invoice.kind is InvoiceKind.INVOICE and invoice.official_reference else ""
    return said[f"kind_{invoice.kind.lower()}{registered}"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is printed; empty text where the office told nothing."""

    position: str
    description: str
    quantity: str
    unit_price: str
    tax: str
    amount: str


class InvoicePage(Sheet):
    """What the template shows of an invoice or note."""

    template = "invoice.html"

    def __init__(self, paper: InvoicePaper) -> None:
        super().__init__(paper.letterhead, paper.account, _amounts(paper))
        self._invoice = paper.invoice
        self._lines = paper.lines

    # -- at the top ----------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """Invoice or note: ``Factura``."""
        return kind_of(self._invoice, self.words)

    @property
    def letter(self) -> str:
        """The class of an Argentine voucher; empty elsewhere."""
        found = _LEGAL_LETTER.fullmatch(self._invoice.number) if self.head.country == "AR" else None
        return found[1] if found else ""

    @property
    def number(self) -> str:
        """The number printed on it, without the letter that stands in the box."""
        return self._invoice.number[2:] if self.letter else self._invoice.number

    @property
    def title(self) -> str:
        """What it is for, in the manager's words."""
        return self._invoice.title

    @property
    def marks(self) -> list[Fact]:
        """When it was issued, and from when to when it is for, where it is for a period."""
        ends = (self._invoice.period_from, self._invoice.period_to)
        period = " – ".join(self._figures.day(day) for day in ends if day)
        issued = Fact(self.words["issued"], self._figures.day(self._invoice.issued_on))
        return [issued, Fact(self.words["period"], period)] if period else [issued]

    # -- what it comes to ----------------------------------------------------------------------------------------

    @property
    def is_credit(self) -> bool:
        """Whether it gives money back."""
        return self._invoice.kind is InvoiceKind.CREDIT_NOTE

    @property
    def state(self) -> str:
        """What settles the matter, if anything does."""
        status, done = self._invoice.status, "settled" if self.is_credit else "paid"
        if status is InvoiceStatus.PAID and self._invoice.paid_at:
            return self.words[f"state_{done}_on"].format(date=self._day(self._invoice.paid_at))
        told = {
            InvoiceStatus.PAID: f"state_{done}",
            InvoiceStatus.CANCELLED: "state_cancelled",
            InvoiceStatus.IN_PLAN: "state_in_plan",
        }.get(status)
        return self.words[told] if told else ""

    @property
    def asks(self) -> bool:
        """Whether it still asks to be paid."""
        return not self.is_credit and not self.state and bool(self._invoice.open)

    @property
    def due(self) -> list[tuple[Fact, str]]:
        """Each due date and the amount that is enough until then; none on what gives money back."""
        dates = () if self.is_credit else self._invoice.due_dates[:MOST_DUE_DATES]
        names = ["due_only"] if len(dates) == 1 else ["due_first", "due_second", *["due_further"] * len(dates)]
        return [
            (Fact(self.words[name].format(n=n), self._figures.day(due.due_on)), self._figures.money(due.amount))
            for n, (name, due) in enumerate(zip(names, dates, strict=False), 1)
        ]

    @property
    def sums(self) -> list[Fact]:
        """Total, surcharge of a later due date, paid and open: they add up, and the last one is what counts."""
        names: tuple[str, ...] = ("total", "paid", "open")
        if self.is_credit:
            names = ("credit_total", "credit_used", "credit_left")
        amounts = (self._invoice.total, self._invoice.paid, self._invoice.open)
        found: list[tuple[str, Money]] = list(zip(names, amounts, strict=True))
        surcharge = self._invoice.open + self._invoice.paid - self._invoice.total
        if surcharge.minor > 0 and not self.is_credit and not self.state:
            found.insert(1, ("surcharge", surcharge))
        return [Fact(self.words[name], self._figures.money(each)) for name, each in found]

    @property
    def figures_on(self) -> str:
        """Up to which day payments are counted."""
        return self._figures_on(self._invoice.origin.as_of)

    @cached_property
    def rows(self) -> list[Row]:
        """The lines; beyond the most that a paper holds, one line with their number and sum."""
        rows = [self._row(line) for line in self._lines[:MOST_LINES]]
        beyond = self._lines[MOST_LINES:]
        if beyond:
            amount = self._figures.money(total((line.amount for line in beyond), self._invoice.total.currency))
            rows.append(Row("", self.words["lines_more"].format(n=len(beyond)), "", "", "", amount))
        return rows

    def _row(self, line: InvoiceLine) -> Row:
        quantity = (self._figures.number(line.quantity), (line.unit or "")[:LONGEST_UNIT]) if line.quantity else ()
        return Row(
            position=str(line.position),
            description=line.description,
            quantity=" ".join(filter(None, quantity)),
            unit_price=self._figures.price(line.unit_price) if line.unit_price else "",
            tax=f"{self._figures.number(line.tax_rate)} %" if line.tax_rate else "",
            amount=self._figures.money(line.amount),
        )

    @property
    def columns(self) -> list[str]:
        """Which of the columns that a line may leave empty stand on this paper."""
        return [name for name in ("quantity", "unit_price", "tax") if any(getattr(row, name) for row in self.rows)]

    # -- at the bottom -------------------------------------------------------------------------------------------

    @property
    def official(self) -> list[Fact]:
        """The tax authority's number, and where it can be verified."""
        given = self._invoice.official_reference
        if given is None:
            return []
        facts = [Fact(self.words["official"].format(scheme=given.scheme), given.value)]
        return [*facts, Fact(self.words["verify"], given.url)] if given.url else facts

    @property
    def payment(self) -> list[str]:
        """How to pay, where something is to be paid: the manager's lines, and what to quote."""
        if not self.asks:
            return []
        number = self._invoice.number.replace(" ", "\u00a0")
        quote = self.words["quote"].format(account=self._account.number, number=number)
        return [*self.head.payment.splitlines()[:MOST_TEXT_LINES], quote]

    @property
    def slip(self) -> list[Fact]:
        """What a cashier needs to know: the part to tear off, where something is to be paid."""
        if not self.asks:
            return []
        return [
            Fact(self.words["payee"], self.head.name),
            Fact(self.words[f"account_{self._account.licence.lower()}"], self._account.number),
            Fact(self.words["document"], self._invoice.number),
            Fact(self.words["holder"], self._account.holder.name),
        ]

    @property
    def still_due(self) -> list[tuple[Fact, str]]:
        """The due dates while nothing is paid; after that what is open."""
        if not self._invoice.paid:
            return self.due
        return [(Fact(self.words["open"], ""), self._figures.money(self._invoice.open))]


def _amounts(paper: InvoicePaper) -> Iterator[Money]:
    dues: tuple[DueDate, ...] = paper.invoice.due_dates
    yield from (paper.invoice.total, paper.invoice.paid, paper.invoice.open)
    yield from (due.amount for due in dues)
    yield from (line.amount for line in paper.lines)
