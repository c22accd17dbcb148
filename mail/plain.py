"""Text that others wrote, made fit to stand in a letter: one line, no tricks with direction, no end of it cut off."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks of direction, halves of characters, what has no shape."""
_LEADS_ELSEWHERE: Final = re.compile(r"[/\\@]|\w{2}\.\w{2}")
LONGEST: Final = 120


def line(text: str, longest: int = LONGEST) -> str:
    """`text` in one line, without what cannot be seen, at most `longest` characters."""
    seen = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in text[: 8 * longest])
    short = " ".join(seen.split())
    return short if len(short) <= longest else f"{short[: longest - 1].rstrip()}…"


def harmless(text: str, longest: int = LONGEST) -> str:
    """The same, and empty where mail programs would make a link of it: strangers' words must lead nowhere."""
    short = line(text, longest)
    return "" if _LEADS_ELSEWHERE.search(short) else short
