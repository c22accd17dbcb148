"""What a request must look like to be offered as the handshake of a WebSocket; the library behind judges the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MOST_HEADERS: Final = 100
LONGEST_LINE: Final = 8_000
"""Bytes of one header or of the address. The library never answers what is longer than 8,192, or has 128 headers."""
_OF_BODIES: Final = (b"content-length", b"transfer-encoding")


def has_body(scope: Mapping[str, Any]) -> bool:
    """Whether the request announces a body."""
    return any(name in _OF_BODIES for name, _ in scope["headers"])


def may_be_handshake(scope: Mapping[str, Any], url: bytes) -> bool:
    """Whether it is in the version of HTTP, and in a size, that can become a WebSocket."""
    return (
        scope["http_version"] == "1.1"
        and not has_body(scope)
        and url.isascii()
        and len(url) <= LONGEST_LINE
        and len(scope["headers"]) <= MOST_HEADERS
        and all(len(name) + len(value) <= LONGEST_LINE for name, value in scope["headers"])
    )
