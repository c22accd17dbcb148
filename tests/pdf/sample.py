"""Papers of three countries to test with."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import msgspec
import pypdf

from ventanilla.backoffice_adapters.contract import DateSpan, InvoiceFilter, PaymentFilter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountStatus,
    Address,
    DueDate,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Origin,
    Party,
    Payment,
    PaymentStatus,
    Property,
    Unit,
    UnitKind,
)
from ventanilla.pdf.page import html_of, page_of
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

ORIGIN = Origin(source="oficina", as_of=datetime(2026, 11, 21, 12, tzinfo=UTC))
POLISH = "Zażółć gęślą jaźń, ZAŻÓŁĆ GĘŚLĄ JAŹŃ"
SPANISH = "El pingüino Wenceslao añoró lúcidamente: ¿éste? ¡ÁÉÍÓÚÜÑ! 2.º, 3.ª"

HOSTILE = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    "</style><style>@import url(http://127.0.0.1:9/x.css);</style>",
    "<script>alert(1)</script>",
    "{{ page.head.email }}",
    "<pdf:include src='/etc/passwd'>",
]

ARGENTINA = Letterhead(
    manager="aguas",
    name="Aguas del Ceibo S.A.",
    country="AR",
    language="es",
    locale="es-AR",
    time_zone="America/Argentina/Buenos_Aires",
    primary="#005f73",
    on_primary="#ffffff",
    email="hola@aguas.example",
    phone="+54 343 555 0142",
    issuer="CUIT 30-70984512-4\nParaná",
    payment="Alias AGUAS.CEIBO",
    footer="Prestadora provincial.",
)
COLOMBIA = msgspec.structs.replace(
    ARGENTINA, manager="inmo", country="CO", locale="es-CO", time_zone="America/Bogota", name="Inmobiliaria Guayacán"
)
POLAND = msgspec.structs.replace(
    ARGENTINA,
    manager="osiedle",
    country="PL",
    language="pl",
    locale="pl-PL",
    time_zone="Europe/Warsaw",
    name="Nad Brdą",
)


def line(position: int, minor: int, currency: str = "ARS", **more: Any) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        amount=Money(minor, currency),
        **{"description": f"Renglón {position}", **more},
    )


def paper(
    letterhead: Letterhead = ARGENTINA, *lines: InvoiceLine, currency: str = "ARS", **changes: Any
) -> InvoicePaper:
    """An invoice with two due dates, a part of it paid, for a flat; `changes` are of the invoice."""
    return InvoicePaper(
        letterhead=letterhead,
        account=account(currency),
        invoice=invoice(currency, **changes),
        lines=lines
        or (line(1, 7_557_773, currency, quantity="12.500", unit="m³", unit_price="499.6875", tax_rate="21"),),
    )


def invoice(currency: str = "ARS", **changes: Any) -> Invoice:
    """An invoice with two due dates, a part of it paid."""
    told: dict[str, Any] = {
        "number": "B 0012-00317901",
        "kind": InvoiceKind.INVOICE,
        "status": InvoiceStatus.PARTIALLY_PAID,
        "title": "Agua y cloacas",
        "issued_on": date(2026, 2, 5),
        "due_dates": (
            DueDate(due_on=date(2026, 2, 20), amount=Money(7_557_773, currency)),
            DueDate(due_on=date(2026, 3, 4), amount=Money(7_784_506, currency)),
        ),
        "total": Money(7_557_773, currency),
        "paid": Money(1_000_000, currency),
        "open": Money(6_784_506, currency),
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 1, 31),
        "official_reference": OfficialReference(scheme="CAE", value="76378926065427"),
    }
    return Invoice(key="1", origin=ORIGIN, account_key="1", **{**told, **changes})


def payment(minor: int = 9_000_000, currency: str = "ARS", **changes: Any) -> Payment:
    """Money received by transfer, a part of it not matched with anything."""
    told: dict[str, Any] = {
        "amount": Money(minor, currency),
        "paid_at": datetime(2026, 2, 20, 1, tzinfo=UTC),
        "status": PaymentStatus.SETTLED,
        "method": "Transferencia",
        "reference": "TRF-0118",
        "unallocated": Money(442_227, currency),
    }
    return Payment(key="1", origin=ORIGIN, account_key="1", **{**told, **changes})


def receipt(letterhead: Letterhead = ARGENTINA, currency: str = "ARS", **changes: Any) -> ReceiptPaper:
    """The receipt of a payment that settled two invoices; `changes` are of the payment."""
    return ReceiptPaper(
        letterhead=letterhead,
        account=account(currency),
        payment=payment(currency=currency, **changes),
        settled=(
            settled("B 0012-00317901", Money(7_557_773, currency)),
            settled("B 0012-00318402", Money(1_000_000, currency)),
        ),
    )


def settled(document: str, amount: Money) -> Settled:
    return Settled(document=document, title="Agua y cloacas", settled_on=date(2026, 2, 20), amount=amount)


YEAR = DateSpan(since=date(2025, 11, 21), until=date(2026, 11, 21))


def payments(letterhead: Letterhead = ARGENTINA, *listed: Payment, currency: str = "ARS") -> PaymentHistoryPaper:
    """A year's payments."""
    return PaymentHistoryPaper(
        letterhead=letterhead,
        account=account(currency),
        where=PaymentFilter(paid=YEAR),
        payments=listed,
        more=False,
    )


def paid_invoices(
    letterhead: Letterhead = ARGENTINA, *listed: Invoice, currency: str = "ARS"
) -> PaidInvoiceHistoryPaper:
    """A year's paid invoices."""
    return PaidInvoiceHistoryPaper(
        letterhead=letterhead,
        account=account(currency),
        where=InvoiceFilter(issued=YEAR),
        invoices=listed,
        more=False,
    )


def account(currency: str = "ARS") -> Account:
    return Account(
        key="1",
        origin=ORIGIN,
        number="101-00123-8",
        licence=Licence.UTILITY,
        status=AccountStatus.ACTIVE,
        title="Suministro de agua",
        holder=Party(key="1", name="Marta Ferreyra", document_type="DNI", document_number="17482915"),
        currency=currency,
        unit=Unit(key="1", label="3 B", kind=UnitKind.FLAT, area_m2="54.30"),
        place=Property(
            key="1",
            name="Gualeguaychú 1487",
            address=Address(
                lines=("Gualeguaychú 1487",), locality="Paraná", postal_code="E3100", country="AR", region="Entre Ríos"
            ),
        ),
    )


def text_of(pdf: bytes) -> str:
    """All text of a PDF, with its spaces and line ends as single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def fonts_of(pdf: bytes) -> set[str]:
    """The base names of the fonts of a PDF, each with whether its outlines are inside."""
    found: set[str] = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            told = font.get_object()
            inside = "/FontFile2" in told.get("/FontDescriptor", {})
            found.add(f"{told['/BaseFont'].partition('+')[2]}{'' if inside else ' missing'}")
    return found


def shown(given: Paper, form: DocumentFormat = DocumentFormat.HTML) -> str:
    """The words of the page as a reader has them."""
    body = html_of(page_of(given), form).partition("</style>")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def amounts(text: str) -> list[str]:
    """The amounts of a text, sorted."""
    return sorted(re.findall(r"-?\d{1,3}(?:[. ]\d{3})*,\d\d(?= |$)", text))
