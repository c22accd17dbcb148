"""The address of a checkout here: ``/checkouts/<token>``, whose token names it and nobody can make up.

The link is its own proof: whoever has it may pay, and learns nothing else. The token is keyed by the manager, so that
another manager's, an altered and an invented one are the same wrong address.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from ventanilla.auth.keys import Keys

PATH: Final = "/checkouts/"
_TAG: Final = 16


def path(keys: Keys, manager: str, checkout_id: str) -> str:
    """Where the payer of a checkout is sent on from."""
    return PATH + _token(_key(keys, manager), bytes.fromhex(checkout_id))


def read(keys: Keys, manager: str, token: str) -> str | None:
    """The id of the checkout that `token` names; None for what is altered, invented or another manager's."""
    try:
        named = urlsafe_b64decode(token + "=" * (-len(token) % 4))[_TAG:]
    except (binascii.Error, ValueError):
        return None
    # Letter by letter, for what is decoded has more than one spelling.
    right = compare_digest(token.encode(), _token(_key(keys, manager), named).encode())
    return named.hex() if right else None


@lru_cache(maxsize=4_096)
def _key(keys: Keys, manager: str) -> bytes:
    return keys.of(manager, "checkouts")


def _token(key: bytes, named: bytes) -> str:
    tag = blake2b(named, digest_size=_TAG, key=key).digest()
    return urlsafe_b64encode(tag + named).decode().rstrip("=")
