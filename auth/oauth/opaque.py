"""What programs hold: random texts that say nothing, of which the store keeps hashes only."""

from __future__ import annotations

import secrets
from typing import Final

SECRET: Final = "vc_"  # noqa: S105  what secrets begin with, so that scanners for leaked ones know them
ACCESS: Final = "va_"
"""What access tokens begin with."""
REFRESH: Final = "vr_"
"""What refresh tokens begin with."""
_LENGTH = 3 + 43


def made(prefix: str) -> str:
    """A new one, of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def is_access(text: str) -> bool:
    """Whether `text` could be an access token; what could not is never looked up."""
    return _is(ACCESS, text)


def is_refresh(text: str) -> bool:
    """Whether `text` could be a refresh token."""
    return _is(REFRESH, text)


def _is(prefix: str, text: str) -> bool:
    return len(text) == _LENGTH and text.startswith(prefix) and text.isascii()
