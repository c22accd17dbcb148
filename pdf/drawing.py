"""Drawing a page as PDF. Nothing but our fonts is read, and nothing is fetched, whatever the page names."""

from __future__ import annotations

import io
import logging
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFontFile
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

MOST_SECONDS: Final = 8.0
"""A drawing gives up by itself after this time; what does not look at the clock is killed a little later."""
MOST_BYTES: Final = 2 * 1024 * 1024
"""Of the page as HTML; the longest paper has a third of it, all of it escaped."""
_LIBRARY: Final[Any] = pisa  # it is untyped
_ROOM: Final = Path(__file__).parent
FONTS: Final = _ROOM / "fonts"

# A day and an id of the drawing would make every copy of the same paper another file.
rl_config.invariant = 1
# It writes what it cannot draw into its log, and that is what somebody owes.
logging.getLogger("xhtml2pdf").setLevel(logging.ERROR)


class DrawingError(Exception):
    """A page could not be drawn whole: a fault of our templates, or a page that is too much."""


def pdf_of(html: str, seconds: float = MOST_SECONDS) -> bytes:
    """Draw `html`; `DrawingError` if anything of it would be missing or it takes longer than `seconds`."""
    drawn = io.BytesIO()
    status = _LIBRARY.CreatePDF(
        html, drawn, path=str(_ROOM / "page.html"), raise_exception=True, resource_policy=_policy(seconds)
    )
    # A font that could not be read is no error to the library: the letters it lacks are left out.
    if status.err or status.warn:
        msg = f"{status.err} errors and {status.warn} warnings of xhtml2pdf"
        raise DrawingError(msg)
    return drawn.getvalue()


def drawable(text: str) -> str:
    """`text` with a question mark for each letter that our font lacks, which would otherwise be left out."""
    return "".join(letter if ord(letter) in _letters() else "?" for letter in text)


@cache
def _letters() -> frozenset[int]:
    return frozenset(TTFontFile(str(FONTS / "Lato-Regular.ttf")).charToGlyph)


def _policy(seconds: float) -> ResourceAccessPolicy:
    return ResourceAccessPolicy.server(
        FONTS, allow_remote=False, max_render_seconds=seconds, max_document_bytes=MOST_BYTES
    )
