"""Calendar months as the tables keep them: texts that sort as the months do."""

from __future__ import annotations

import re

_MONTH = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Whether `text` is a month such as ``"2026-11"``."""
    return _MONTH.fullmatch(text) is not None
