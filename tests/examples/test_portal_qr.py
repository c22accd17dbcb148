"""The portal's QR codes are drawn as the maker of them means them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import segno

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "portal"))

from ventanilla_portal import qr

TEXT = "otpauth://totp/Agua%20%C5%82:ana?secret=JBSWY3DPEHPK3PXP&issuer=Agua"


def test_every_dark_module_is_drawn_where_it_belongs_and_no_other() -> None:
    drawing = qr.drawn(TEXT)
    places = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing.path)}
    rows = list(segno.make(TEXT, error="l", micro=False).matrix_iter(border=qr.QUIET))
    assert drawing.size == len(rows)
    assert places == {(x, y) for y, row in enumerate(rows) for x, on in enumerate(row) if on}
