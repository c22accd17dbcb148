"""What stands on an invoice's page, in both forms, and that what an office says stays text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from msgspec.structs import replace

from tests.pdf.sample import ARGENTINA, COLOMBIA, HOSTILE, POLAND, amounts, line, paper, shown
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import DueDate, InvoiceKind, InvoiceStatus
from ventanilla.pdf.invoice import MOST_LINES, InvoicePage, file_name
from ventanilla.pdf.page import LONGEST_WORD, html_of, page_of
from ventanilla.pdf.paper import DocumentFormat, Letterhead
from ventanilla.pdf.printable import LONGEST_TEXT, ColourError


def test_the_page_says_what_the_office_said() -> None:
    told = shown(paper())
    for text in ("B", "N.º 0012-00317901", "Marta Ferreyra", "DNI 17482915", "101-00123-8", "3 B, Gualeguaychú 1487",
                 "01/01/2026 – 31/01/2026", "1.er vencimiento 20/02/2026 $75.577,73", "2.º vencimiento 04/03/2026",
                 "$77.845,06", "12,5 m³", "499,6875", "21 %", "Pagado $10.000,00", "A pagar $67.845,06",
                 "CAE n.º 76378926065427", "Alias AGUAS.CEIBO", "CUIT 30-70984512-4", "hasta el 21/11/2026",
                 "Prestadora provincial."):  # fmt: skip
        assert text in told, text


@pytest.mark.parametrize(("letterhead", "currency"), [(ARGENTINA, "ARS"), (COLOMBIA, "COP"), (POLAND, "PLN")])
def test_both_forms_say_the_same(letterhead: Letterhead, currency: str) -> None:
    given = paper(letterhead, line(1, 7_557_673, currency), line(2, 100, currency), currency=currency)
    printed, screen = (shown(given, form) for form in (DocumentFormat.PDF, DocumentFormat.HTML))
    assert amounts(printed) == amounts(screen)
    assert len(amounts(printed)) == 9
    words = [set(text.split()) for text in (printed, screen)]
    assert words[0] ^ words[1] <= {"Página", "de", "Strona", "z", "Detalle", "Wyszczególnienie"}


def test_a_country_has_its_own_look() -> None:
    colombian, polish = shown(paper(COLOMBIA, currency="COP")), shown(paper(POLAND, currency="PLN"))
    assert "Desprendible de pago" in colombian
    assert "75.577,73" in colombian
    assert "Do zapłaty 67 845,06 zł" in polish
    assert "Faktura Nr B 0012-00317901" in polish
    assert (InvoicePage(paper(COLOMBIA)).size, InvoicePage(paper(POLAND)).size) == ("letter", "a4")


def test_a_paper_without_an_official_number_is_no_invoice_in_poland() -> None:
    assert "Naliczenie opłat" in shown(paper(POLAND, official_reference=None))


def test_a_credit_note_asks_for_nothing() -> None:
    given = paper(kind=InvoiceKind.CREDIT_NOTE, status=InvoiceStatus.ISSUED, open=Money(6_557_773, "ARS"))
    told = shown(given)
    assert "Saldo a su favor $65.577,73" in told
    assert not re.search("vencimiento|Talón|Cómo pagar|A pagar", told)


@pytest.mark.parametrize(
    ("status", "paid_at", "said"),
    [
        (InvoiceStatus.PAID, datetime(2026, 2, 20, 1, tzinfo=UTC), "Pagada el 19/02/2026"),
        (InvoiceStatus.PAID, None, "Pagada"),
        (InvoiceStatus.CANCELLED, None, "Anulada: no se debe pagar"),
        (InvoiceStatus.IN_PLAN, None, "Incluida en un plan de pagos"),
    ],
)
def test_what_is_settled_says_so_and_has_no_slip(status: InvoiceStatus, paid_at: datetime | None, said: str) -> None:
    told = shown(paper(status=status, paid_at=paid_at))
    assert said in told
    assert "Talón" not in told


def test_the_slip_asks_for_what_is_open() -> None:
    partly = shown(paper()).partition("Talón de pago")[2]
    unpaid = shown(paper(paid=Money(0, "ARS"))).partition("Talón de pago")[2]
    assert amounts(partly) == ["67.845,06"]
    assert amounts(unpaid) == ["75.577,73", "77.845,06"]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_due_date_is_named(count: int) -> None:
    dates = tuple(DueDate(due_on=date(2026, 3, day), amount=Money(day, "ARS")) for day in range(1, count + 1))
    told = [due.name for due, _ in InvoicePage(paper(due_dates=dates)).due]
    names = ["1.er vencimiento", "2.º vencimiento", "3.º vencimiento", "4.º vencimiento"]
    assert told == (["Vencimiento"] if count == 1 else names[:count])


@pytest.mark.parametrize("form", DocumentFormat)
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_office_says_is_text(form: DocumentFormat, text: str) -> None:
    hostile, harmless = (
        html_of(page_of(paper(ARGENTINA, line(1, 100, description=each), title=each, number=each)), form)
        for each in (text, "harmless")
    )
    assert re.findall(r"<[^\s>]*", hostile) == re.findall(r"<[^\s>]*", harmless)
    assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", unescape(hostile))


def test_a_colour_that_is_none_never_reaches_a_style() -> None:
    with pytest.raises(ColourError, match="#1f4e79"):
        html_of(
            page_of(paper(replace(ARGENTINA, primary="red; background: url(http://127.0.0.1:9/)"))), DocumentFormat.HTML
        )


def test_what_is_too_much_is_cut_and_said() -> None:
    lines = [line(position, 100) for position in range(1, MOST_LINES + 13)]
    told = InvoicePage(paper(ARGENTINA, *lines)).rows
    assert len(told) == MOST_LINES + 1
    assert told[-1].description.startswith("12 renglones más")
    assert told[-1].amount == "$12,00"


def test_an_endless_word_is_broken_on_paper_and_an_endless_text_is_cut() -> None:
    given = paper(ARGENTINA, line(1, 100, description="x" * 5_000))
    printed, screen = shown(given, DocumentFormat.PDF), shown(given)
    assert max(len(word) for word in printed.split()) <= LONGEST_WORD + 1
    assert "x" * (LONGEST_TEXT - 1) + "…" in screen


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("B 0012-1", "Factura B 0012-1.pdf"),
        ("N/2026/11", "Factura N-2026-11.pdf"),
        ('a"\r\n: b', "Factura a- b.pdf"),
        ("ż" * 300, f"Factura {'ż' * 92}.pdf"),
    ],
)
def test_file_names_are_safe(number: str, name: str) -> None:
    assert file_name(paper(number=number).invoice, ARGENTINA, DocumentFormat.PDF) == name


def test_what_a_later_due_date_adds_is_a_sum_of_its_own() -> None:
    late = shown(paper(paid=Money(0, "ARS"), open=Money(7_784_506, "ARS")))
    assert "Recargo por pago posterior al 1.er vencimiento" in late
    assert {"75.577,73", "2.267,33", "77.845,06"} <= set(amounts(late))
    assert "Recargo" not in shown(paper(paid=Money(0, "ARS"), open=Money(7_557_773, "ARS")))
