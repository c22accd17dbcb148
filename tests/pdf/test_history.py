"""What stands on the list of payments, and on that of paid invoices, in both forms."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from html import unescape

import pypdf
import pytest
from msgspec.structs import replace

from tests.pdf.sample import (
    ARGENTINA,
    COLOMBIA,
    HOSTILE,
    POLAND,
    POLISH,
    SPANISH,
    account,
    fonts_of,
    invoice,
    paid_invoices,
    payment,
    payments,
    shown,
    text_of,
)
from ventanilla.backoffice_adapters.contract import DateSpan, InvoiceFilter, PaymentFilter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Invoice, InvoiceKind, InvoiceStatus, Origin, Payment, PaymentStatus
from ventanilla.pdf.history import PaidInvoiceHistoryPage, PaymentHistoryPage
from ventanilla.pdf.page import html_of, page_of
from ventanilla.pdf.paper import DocumentFormat, PaidInvoiceHistoryPaper, PaymentHistoryPaper
from ventanilla.pdf.printable import ColourError
from ventanilla.pdf.wire import Job
from ventanilla.pdf.worker import made

PDF, HTML = DocumentFormat.PDF, DocumentFormat.HTML
History = PaymentHistoryPaper | PaidInvoiceHistoryPaper


def drawn(given: History) -> bytes:
    return made(Job(format=PDF, paper=given))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def sums(given: History) -> list[tuple[str, str]]:
    page = page_of(given)
    assert isinstance(page, PaymentHistoryPage | PaidInvoiceHistoryPage)
    return [(fact.name, fact.value.replace("\u00a0", " ")) for fact in page.sums]


def marks(given: PaymentHistoryPaper | PaidInvoiceHistoryPaper) -> list[tuple[str, str]]:
    return [(fact.name, fact.value) for fact in page_of(given).marks]


def paid(**changes: object) -> Invoice:
    """An invoice that is paid in full, with the surcharge of its later due date."""
    told = {
        "status": InvoiceStatus.PAID,
        "paid": Money(7_784_506, "ARS"),
        "open": Money(0, "ARS"),
        "paid_at": datetime(2026, 3, 1, 12, tzinfo=UTC),
    }
    return invoice(**{**told, **changes})


SOME = payments(
    ARGENTINA,
    payment(100_000),
    payment(50_000, status=PaymentStatus.CONFIRMED, method="Pago Fácil", reference=None),
    payment(7_000, status=PaymentStatus.PENDING),
    payment(9_000, status=PaymentStatus.PARTIALLY_REFUNDED),
)
INVOICES = paid_invoices(
    ARGENTINA,
    paid(),
    paid(number="NC 1", kind=InvoiceKind.CREDIT_NOTE, total=Money(500, "ARS"), paid=Money(500, "ARS")),
    paid(number="ND 1", kind=InvoiceKind.DEBIT_NOTE, total=Money(900, "ARS"), paid=Money(900, "ARS"), paid_at=None),
)


def test_payments_are_told_one_by_one_with_their_total() -> None:
    told = shown(SOME)
    for text in ("Historial de pagos", "Marta Ferreyra", "101-00123-8", "21/11/2025 – 21/11/2026",
                 "19/02/2026 Transferencia TRF-0118 Acreditado $1.000,00", "Pago Fácil Confirmado $500,00",
                 "Pendiente $70,00", "Devuelto en parte $90,00", "Total recibido $1.500,00",
                 "El total recibido suma solo los pagos confirmados y acreditados."):  # fmt: skip
        assert text in told, text
    assert sums(SOME) == [("Devuelto en parte", "$90,00"), ("Total recibido", "$1.500,00")]


def test_where_every_payment_counts_nothing_is_to_be_remarked() -> None:
    given = payments(ARGENTINA, payment(100_000))
    assert "suma solo" not in shown(given)
    assert sums(given) == [("Total recibido", "$1.000,00")]


def test_two_currencies_never_add_up() -> None:
    given = payments(ARGENTINA, payment(100_000), payment(2_000, "USD"), payment(3_000, "USD"))
    assert sums(given) == [("Total recibido", "$1.000,00"), ("Total recibido", "US$50,00")]


def test_paid_invoices_are_told_one_by_one_and_notes_as_what_they_are() -> None:
    told = shown(INVOICES)
    for text in (
        "Facturas pagadas",
        "B 0012-00317901 Agua y cloacas 05/02/2026 01/03/2026 $75.577,73 $77.845,06",
        "NC 1 Nota de crédito: Agua y cloacas",
        "ND 1 Nota de débito: Agua y cloacas 05/02/2026 $9,00",
    ):
        assert text in told, text
    assert sums(INVOICES) == [("Total a su favor", "$5,00"), ("Total", "$75.586,73"), ("Pagado", "$77.854,06")]


@pytest.mark.parametrize("given", [payments(COLOMBIA, currency="COP"), paid_invoices(COLOMBIA, currency="COP")])
def test_an_empty_list_says_so(given: History) -> None:
    for text in (shown(given), text_of(drawn(given))):
        assert "No hay nada en este período." in text
        assert "$0" in text


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (DateSpan(since=date(2026, 1, 1), until=date(2026, 2, 1)), [("Período", "01/01/2026 – 01/02/2026")]),
        (DateSpan(since=date(2026, 1, 1)), [("Período", "desde el 01/01/2026")]),
        (DateSpan(until=date(2026, 2, 1)), [("Período", "hasta el 01/02/2026")]),
        (DateSpan(), []),
    ],
)
def test_it_says_of_when_it_is(span: DateSpan, said: list[tuple[str, str]]) -> None:
    assert marks(replace(SOME, where=PaymentFilter(paid=span))) == said


def test_it_says_what_else_was_asked_for() -> None:
    states = PaymentFilter(statuses=(PaymentStatus.SETTLED, PaymentStatus.REVIEW))
    assert marks(replace(SOME, where=states)) == [("Estado", "Acreditado, En revisión")]
    due = InvoiceFilter(due=DateSpan(since=date(2026, 1, 1)), number="B 1")
    assert marks(replace(INVOICES, where=due)) == [("Vencimiento", "desde el 01/01/2026"), ("N.º", "B 1")]


@pytest.mark.parametrize("form", [PDF, HTML])
def test_that_there_is_more_is_said_before_the_list(form: DocumentFormat) -> None:
    given = replace(payments(POLAND, *[payment(100, "PLN")] * 1_200, currency="PLN"), more=True)
    told = text_of(drawn(given)) if form is PDF else shown(given)
    said = "Podano tylko 1 200 najnowszych pozycji: jest ich więcej."
    assert said in told.replace("\u00a0", " ")
    assert told.index("jest ich więcej") < told.index("TRF-0118")
    assert "Podano" not in shown(replace(given, more=False))


def test_it_is_as_old_as_the_oldest_of_what_it_tells() -> None:
    old = Origin(source="oficina", as_of=datetime(2026, 11, 3, 2, tzinfo=UTC), stale=True)
    assert "hasta el 02/11/2026" in shown(payments(ARGENTINA, payment(100), replace(payment(100), origin=old)))
    assert "hasta el 21/11/2026" in shown(payments(ARGENTINA))
    assert "hasta el 02/11/2026" in shown(replace(payments(ARGENTINA), account=replace(account(), origin=old)))


# -- drawn -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [SOME, INVOICES], ids=["payments", "invoices"])
def test_the_pdf_says_what_the_page_says(given: History) -> None:
    told = bare(text_of(drawn(given)))
    assert [word for word in shown(given).split() if word not in told] == []


def numbered(count: int) -> list[Payment]:
    return [payment(place * 100, "PLN", reference=f"PRZ-{place:04}") for place in range(1, count + 1)]


def test_a_long_list_has_pages_with_headings_and_numbers() -> None:
    pages = pages_of(drawn(payments(POLAND, *numbered(300), currency="PLN")))
    assert len(pages) > 5
    for place, page in enumerate(pages, 1):
        assert f"Strona {place} z {len(pages)}" in page
        assert ("Sposób wpłaty" in page) == ("PRZ-" in page)
    listed = re.findall(r"PRZ-(\d{4})", "".join(pages))
    assert [int(each) for each in listed] == list(range(1, 301))
    assert "45 150,00 zł" in pages[-1].replace("\u00a0", " ")


@pytest.mark.parametrize("sentence", [POLISH, SPANISH])
def test_every_letter_is_there_in_our_font(sentence: str) -> None:
    given = payments(POLAND, payment(100, "PLN", method=sentence, reference=sentence), currency="PLN")
    pdf = drawn(replace(given, account=replace(account("PLN"), title=sentence)))
    # The columns are read line by line across the page, so each word is looked for by itself.
    told = text_of(pdf)
    assert {word: told.count(word) >= 3 for word in sentence.split()} == dict.fromkeys(sentence.split(), True)
    assert fonts_of(pdf) >= {"Lato-Regular", "Lato-Bold"}
    assert {name for name in fonts_of(pdf) if name.endswith("missing")} <= {" missing"}


def test_a_letter_that_our_font_lacks_is_told() -> None:
    assert "?? Marta" in text_of(drawn(payments(ARGENTINA, payment(100, method="水道 Marta"))))


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_office_says_is_text(text: str) -> None:
    given = payments(ARGENTINA, payment(100, method=text, reference=text))
    given = replace(given, account=replace(account(), title=text), letterhead=replace(ARGENTINA, footer=text))
    pdf = drawn(given)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images) == 0
    assert bare(text) in bare(text_of(pdf))
    assert bare(text) in bare(unescape(html_of(page_of(given), HTML)))


def test_endless_words_break_and_endless_texts_are_cut() -> None:
    endless = "W" * 5_000
    head = replace(ARGENTINA, issuer="\n".join([endless] * 20), footer=endless)
    given = payments(head, *[payment(100, method=endless, reference=endless)] * 3)
    pages = pages_of(drawn(replace(given, account=replace(account(), title=endless, number=endless))))
    assert "Página" in pages[-1]
    assert max(len(word) for page in pages for word in page.split()) < 130


def test_a_colour_that_is_none_never_reaches_a_drawing() -> None:
    with pytest.raises(ColourError, match="#1f4e79"):
        drawn(payments(replace(ARGENTINA, on_primary="white")))


@pytest.mark.parametrize("given", [SOME, INVOICES], ids=["payments", "invoices"])
def test_the_same_list_has_the_same_bytes(given: History) -> None:
    assert drawn(given) == drawn(given)


def test_the_sheet_is_that_of_the_country() -> None:
    sizes = [pypdf.PdfReader(io.BytesIO(drawn(payments(head)))).pages[0].mediabox for head in (COLOMBIA, POLAND)]
    assert [(int(size.width), int(size.height)) for size in sizes] == [(612, 792), (595, 841)]


def test_file_names_say_the_account() -> None:
    assert PaymentHistoryPage.file_name("101/2", ARGENTINA, PDF) == "Historial de pagos 101-2.pdf"
    assert PaidInvoiceHistoryPage.file_name("7", POLAND, HTML) == "Opłacone dokumenty 7.html"
