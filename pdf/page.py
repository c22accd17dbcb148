"""The page: templates filled with text, for paper or for a screen. Whatever text comes in, text comes out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ventanilla.pdf.drawing import drawable
from ventanilla.pdf.invoice import InvoicePage
from ventanilla.pdf.paper import DocumentFormat, InvoicePaper

FOLDER: Final = Path(__file__).parent / "templates"
LONGEST_TEXT: Final = 400
"""Characters of one text that a paper shows; the portal has the whole of it."""
LONGEST_WORD: Final = 34
"""On paper nothing wraps a longer word, which would run out of its column: it is broken."""
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
WIDE: Final = 48
"""The same where a text has the width of the page: half a CUFE, a whole KSeF number."""
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


class ColourError(ValueError):
    """A colour of a theme is none; write ``#rrggbb``."""


def html_of(paper: InvoicePaper, form: DocumentFormat) -> str:
    """The page as HTML: to be drawn as PDF, or to be shown by a browser as it is."""
    return _templates(form).get_template("invoice.html").render(page=InvoicePage(paper), form=form.value)


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
    if not _COLOUR.fullmatch(text):
        msg = f"{text[:20]!r} is no colour: six hexadecimal digits are needed, #1f4e79"
        raise ColourError(msg)
    return Markup(text)  # noqa: S704  only a number sign and hexadecimal digits came through


def _shown(value: Any) -> Any:
    """Cut a text for a screen; what a template made itself passes as it is."""
    if isinstance(value, Markup):
        return value
    text = _CONTROLS.sub(" ", str(value))
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _printed(value: Any) -> Any:
    return value if isinstance(value, Markup) else _broken(_shown(value), LONGEST_WORD)


def _wide(text: str) -> Markup:
    return Markup.escape(_broken(_shown(text), WIDE))


def _broken(text: str, longest: int) -> str:
    return re.sub(rf"\S{{{longest}}}(?=\S)", r"\g<0> ", drawable(text))
