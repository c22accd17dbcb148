"""The page: templates filled with text, for paper or for a screen. Whatever text comes in, text comes out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ventanilla.pdf.history import PaidInvoiceHistoryPage, PaymentHistoryPage
from ventanilla.pdf.invoice import InvoicePage
from ventanilla.pdf.paper import (
    DocumentFormat,
    InvoicePaper,
    PaidInvoiceHistoryPaper,
    Paper,
    PaymentHistoryPaper,
    ReceiptPaper,
)
from ventanilla.pdf.printable import colour, printed, shown
from ventanilla.pdf.receipt import ReceiptPage

Page = InvoicePage | ReceiptPage | PaymentHistoryPage | PaidInvoiceHistoryPage
FOLDER: Final = Path(__file__).parent / "templates"
LONGEST_WORD: Final = 34
"""On paper nothing wraps a longer word, which would run out of its column: it is broken."""
WIDE: Final = 48
"""The same where a text has the width of the page: half a CUFE, a whole KSeF number."""


def page_of(paper: Paper) -> Page:
    """What a paper says, written out."""
    match paper:
        case InvoicePaper():
            return InvoicePage(paper)
        case ReceiptPaper():
            return ReceiptPage(paper)
        case PaymentHistoryPaper():
            return PaymentHistoryPage(paper)
        case PaidInvoiceHistoryPaper():
            return PaidInvoiceHistoryPage(paper)


def html_of(page: Page, form: DocumentFormat) -> str:
    """The page as HTML: to be drawn as PDF, or to be shown by a browser as it is."""
    return _templates(form).get_template(page.template).render(page=page, form=form.value)


@cache
def _templates(form: DocumentFormat) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed if form is DocumentFormat.PDF else _shown,
    )
    templates.filters["colour"] = _colour
    templates.filters["wide"] = _wide if form is DocumentFormat.PDF else _shown
    return templates


def _colour(text: str) -> Markup:
    return Markup(colour(text))  # noqa: S704  only a number sign and hexadecimal digits came through


def _shown(value: Any) -> Any:
    """Cut a text for a screen; what a template made itself passes as it is."""
    return value if isinstance(value, Markup) else shown(str(value))


def _printed(value: Any) -> Any:
    return value if isinstance(value, Markup) else _broken(value, LONGEST_WORD)


def _wide(text: str) -> Markup:
    return Markup.escape(_broken(text, WIDE))


def _broken(text: Any, longest: int) -> str:
    return re.sub(rf"\S{{{longest}}}(?=\S)", r"\g<0> ", printed(str(text)))
