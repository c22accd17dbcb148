"""The portal's QR codes are the very ones that another maker draws, at every length and under every mask."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from reportlab.graphics.barcode import qrencoder  # pyright: ignore[reportMissingTypeStubs]  reportlab has none

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "portal"))

from ventanilla_portal import qr

MOST = 520


def drawn_elsewhere(text: str, version: int, mask: int) -> set[tuple[int, int]]:
    """Column and row of what is dark, as reportlab has it."""
    maker: Any = qrencoder
    code = maker.QRCode(version, maker.QRErrorCorrectLevel.L)
    code.addData(maker.QR8bitByte(text.encode()))
    code.makeImpl(False, mask)
    return {(x, y) for y, row in enumerate(code.modules) for x, on in enumerate(row) if on}


@pytest.mark.parametrize("length", [0, 1, 17, 18, 78, 134, 135, 154, 230, 231, 300, 425, MOST])
def test_it_is_the_code_that_others_draw(length: int) -> None:
    text = ("otpauth://totp/Agua?secret=ABC&" * 20)[:length]
    drawing = qr.drawn(text)
    version = (drawing.size - 2 * qr.QUIET - 17) // 4
    for mask in range(8):
        dark = {at for at, on in qr.code(text.encode(), version, mask).items() if on}
        assert dark == drawn_elsewhere(text, version, mask), (version, mask)
    places = {(int(x) - qr.QUIET, int(y) - qr.QUIET) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing.path)}
    assert places in [drawn_elsewhere(text, version, mask) for mask in range(8)]


def test_letters_beyond_ascii_are_bytes_of_utf_8() -> None:
    assert qr.drawn("łąka") == qr.drawn("łąka")
    assert qr.drawn("łąka") != qr.drawn("laka")


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(qr.TooLongError):
        qr.drawn("x" * (MOST + 1))
