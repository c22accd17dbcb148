"""Wompi's two signatures: SHA-256 of values and a secret at the end, with nothing between them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def signed(values: Iterable[str], secret: str) -> str:
    """The signature, in hexadecimal of small letters.

    Nothing separates the values, so digits may move from one to the next: whoever checks must know their bounds.
    """
    return hashlib.sha256("".join([*values, secret]).encode("utf-8", "surrogatepass")).hexdigest()
