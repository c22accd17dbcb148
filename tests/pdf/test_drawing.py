"""The PDF: every letter in our font, the same bytes for the same paper, nothing read or fetched that a page names."""

from __future__ import annotations

import contextlib
import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from tests.pdf.sample import ARGENTINA, POLAND, POLISH, SPANISH, fonts_of, line, paper, text_of
from ventanilla.backoffice_adapters.records import OfficialReference
from ventanilla.pdf.drawing import DrawingError, drawable, pdf_of
from ventanilla.pdf.page import html_of, page_of
from ventanilla.pdf.paper import DocumentFormat, InvoicePaper


def drawn(given: InvoicePaper) -> bytes:
    return pdf_of(html_of(page_of(given), DocumentFormat.PDF))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody on this machine who would notice a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize("sentence", [POLISH, SPANISH])
def test_every_letter_is_there_in_our_font(sentence: str) -> None:
    pdf = drawn(paper(POLAND, line(1, 100, "PLN", description=sentence), title=sentence, currency="PLN"))
    assert text_of(pdf).count(sentence) == 2
    assert {"Lato-Regular", "Lato-Bold"} <= fonts_of(pdf) <= {"Lato-Regular", "Lato-Bold", " missing"}


def test_official_numbers_are_whole_or_in_halves() -> None:
    for value, printed in (("5543102871-20261111-6F98EE229501-A8", None), ("f" * 96, f"{'f' * 48} {'f' * 48}")):
        told = text_of(drawn(paper(official_reference=OfficialReference(scheme="X", value=value))))
        assert (printed or value) in told


def test_totals_and_due_dates_are_there() -> None:
    told = text_of(drawn(paper()))
    for text in ("20/02/2026", "$75.577,73", "04/03/2026", "$77.845,06", "$10.000,00", "$67.845,06", "76378926065427"):
        assert text in told, text
    assert "Página 1 de 1" in told


def test_a_long_list_has_pages_with_heads_and_numbers() -> None:
    pdf = drawn(paper(ARGENTINA, *(line(position, 100) for position in range(1, 121))))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    assert all("Página" in page for page in pages)
    assert all("Descripción" in page for page in pages if "Renglón" in page)


def test_the_same_paper_has_the_same_bytes() -> None:
    assert drawn(paper()) == drawn(paper())


def test_a_letter_that_our_font_lacks_is_told() -> None:
    assert drawable("Zażółć 水道 😀 ñ") == "Zażółć ?? ? ñ"
    assert "?? Marta" in text_of(drawn(paper(ARGENTINA, line(1, 100, description="水道 Marta"))))


def test_a_page_that_asks_for_what_is_not_there_fails() -> None:
    with pytest.raises(DrawingError):
        pdf_of("<html><body><p style='font-family: Helvetica'>ż</p></body></html>")


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:{port}/x.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">',
        '<style>@import url("http://127.0.0.1:{port}/x.css");</style>',
        '<p style="background-image: url(http://127.0.0.1:{port}/x.png)">x</p>',
        '<style>@font-face {{ font-family: x; src: url("http://127.0.0.1:{port}/x.ttf"); }}</style>',
        '<img src="{secret}">',
        '<img src="file://{secret}">',
        '<link rel="stylesheet" href="{secret}">',
        '<img src="../texts/es.toml">',
    ],
)
@pytest.mark.filterwarnings("ignore::Warning")
def test_nothing_is_fetched_or_read_even_if_a_page_names_it(
    markup: str, listener: socket.socket, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p:before { content: 'marked' }", "utf-8")
    page = "<html><body><p>text</p>" + markup.format(port=listener.getsockname()[1], secret=secret) + "</body></html>"
    with contextlib.suppress(DrawingError):
        assert "marked" not in text_of(pdf_of(page))
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_page_that_takes_too_long_is_given_up() -> None:
    # In a process of its own: the library leaves its temporary files open when it gives up.
    program = """
from ventanilla.pdf.drawing import pdf_of
pdf_of("<html><body><table>" + "<tr><td>1</td></tr>" * 5_000 + "</table></body></html>", seconds=0.2)
"""
    outcome = subprocess.run([sys.executable, "-P", "-c", program], check=False, capture_output=True, text=True)
    assert "RenderLimitError" in outcome.stderr.splitlines()[-1]
