"""The rule against forged requests: what a browser sends by itself must come with what only our pages send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEADER: Final = "X-Ventanilla-Request"
"""A page of another origin cannot set it without asking the gateway first (a CORS preflight)."""


def is_forgeable(headers: Mapping[str, str], *, by_cookie: bool) -> bool:
    """Whether the request must be refused: its credential is a cookie and the header is missing or empty.

    A bearer token is never sent by a browser on its own, so it needs no header.
    """
    return by_cookie and not any(name.lower() == HEADER.lower() and value for name, value in headers.items())
