"""Text from outside as it may stand on a page: without control characters, capped, and on paper in letters we have."""

from __future__ import annotations

import re
from typing import Final

from ventanilla.pdf.drawing import drawable

LONGEST_TEXT: Final = 400
"""Characters of one text that a paper shows; the portal has the whole of it."""
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


class ColourError(ValueError):
    """A colour of a theme is none; write ``#rrggbb``."""


def colour(text: str) -> str:
    """A colour as it is; `ColourError` for what is none."""
    if not _COLOUR.fullmatch(text):
        msg = f"{text[:20]!r} is no colour: six hexadecimal digits are needed, #1f4e79"
        raise ColourError(msg)
    return text


def shown(text: str) -> str:
    """A text for a screen, cut."""
    whole = _CONTROLS.sub(" ", text)
    return whole if len(whole) <= LONGEST_TEXT else f"{whole[: LONGEST_TEXT - 1]}…"


def printed(text: str) -> str:
    """The same for paper: a letter that our font lacks is a question mark."""
    return drawable(shown(text))
