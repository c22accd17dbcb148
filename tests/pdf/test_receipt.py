"""What stands on a receipt, in both forms."""

from __future__ import annotations

import re
from html import unescape

import pytest
from msgspec.structs import replace

from tests.pdf.sample import (
    ARGENTINA,
    COLOMBIA,
    HOSTILE,
    POLAND,
    POLISH,
    SPANISH,
    amounts,
    fonts_of,
    payment,
    receipt,
    settled,
    shown,
    text_of,
)
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import PaymentStatus
from ventanilla.pdf.page import html_of, page_of
from ventanilla.pdf.paper import DocumentFormat, Letterhead, ReceiptPaper
from ventanilla.pdf.receipt import MOST_SETTLED, ReceiptPage, file_name
from ventanilla.pdf.wire import Job
from ventanilla.pdf.worker import made


def drawn(given: ReceiptPaper) -> bytes:
    return made(Job(format=DocumentFormat.PDF, paper=given))


def sums(given: ReceiptPaper) -> dict[str, str]:
    return {fact.name: fact.value for fact in ReceiptPage(given).sums}


def test_it_says_what_was_paid_and_what_that_settled() -> None:
    told = shown(receipt())
    for text in ("Recibo de pago", "Aguas del Ceibo S.A.", "CUIT 30-70984512-4", "Marta Ferreyra", "DNI 17482915",
                 "101-00123-8", "Fecha de pago : 19/02/2026", "Importe recibido $90.000,00",
                 "Forma de pago Transferencia", "Referencia TRF-0118", "B 0012-00317901", "$75.577,73",
                 "B 0012-00318402", "$10.000,00", "Saldo a su favor $4.422,27", "hasta el 21/11/2026"):  # fmt: skip
        assert text.replace(" :", ":") in told.replace(" :", ":"), text


@pytest.mark.parametrize(("letterhead", "currency"), [(ARGENTINA, "ARS"), (COLOMBIA, "COP"), (POLAND, "PLN")])
def test_both_forms_and_the_pdf_say_the_same(letterhead: Letterhead, currency: str) -> None:
    given = receipt(letterhead, currency)
    printed, screen = (shown(given, form) for form in (DocumentFormat.PDF, DocumentFormat.HTML))
    assert amounts(printed) == amounts(screen)
    assert len(amounts(screen)) == 5
    told = re.sub(r"\W", "", text_of(drawn(given)))
    assert [word for word in screen.split() if re.sub(r"\W", "", word) not in told] == []


@pytest.mark.parametrize("sentence", [POLISH, SPANISH])
def test_every_letter_is_there_in_our_font(sentence: str) -> None:
    pdf = drawn(receipt(POLAND, "PLN", method=sentence, reference=sentence))
    assert re.sub(r"\s", "", text_of(pdf)).count(re.sub(r"\s", "", sentence)) == 2
    assert {"Lato-Regular", "Lato-Bold"} <= fonts_of(pdf) <= {"Lato-Regular", "Lato-Bold", " missing"}


def test_what_went_back_is_told() -> None:
    given = receipt(status=PaymentStatus.PARTIALLY_REFUNDED, unallocated=Money(0, "ARS"))
    assert "Una parte de este pago fue devuelta" in shown(given)
    assert sums(given) == {"Devuelto": "$4.422,27", "Saldo a su favor": "$0,00", "Importe recibido": "$90.000,00"}


def test_what_is_not_told_is_not_reckoned() -> None:
    given = replace(receipt(status=PaymentStatus.PARTIALLY_REFUNDED), settled=None)
    assert "Una parte de este pago fue devuelta" in shown(given)
    assert "Devuelto" not in sums(given)
    assert "Aplicado a" not in shown(given)


def test_what_settled_nothing_yet_says_so() -> None:
    assert "Todavía no se aplicó a ningún documento." in shown(replace(receipt(), settled=()))


def test_what_is_too_much_is_cut_and_said() -> None:
    parts = tuple(settled(f"F {place}", Money(100, "ARS")) for place in range(MOST_SETTLED + 7))
    rows = ReceiptPage(replace(receipt(), settled=parts)).rows
    assert len(rows) == MOST_SETTLED + 1
    assert (rows[-1][1][:13], rows[-1][-1]) == ("7 renglones m", "$7,00")


def test_an_invoice_that_is_not_told_leaves_its_amount() -> None:
    rows = ReceiptPage(replace(receipt(), settled=(settled("", Money(100, "ARS")),))).rows
    assert rows == [("", "Agua y cloacas", "20/02/2026", "$1,00")]


@pytest.mark.parametrize("form", DocumentFormat)
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_office_says_is_text(form: DocumentFormat, text: str) -> None:
    hostile, harmless = (html_of(page_of(receipt(method=each, reference=each)), form) for each in (text, "harmless"))
    assert re.findall(r"<[^\s>]*", hostile) == re.findall(r"<[^\s>]*", harmless)
    assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", unescape(hostile))


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("TRF-0118", "Recibo de pago 2026-02-19 TRF-0118.pdf"),
        (None, "Recibo de pago 2026-02-19.pdf"),
        ("../../x\n", "Recibo de pago 2026-02-19 ..-..-x-.pdf"),
    ],
)
def test_file_names_are_safe_and_say_the_day_where_the_manager_is(reference: str | None, name: str) -> None:
    assert file_name(payment(reference=reference), ARGENTINA, DocumentFormat.PDF) == name


def test_the_same_receipt_has_the_same_bytes() -> None:
    assert drawn(receipt()) == drawn(receipt())
