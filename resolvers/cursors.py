"""Cursors: a place in an ordered list, good for nothing but the list it came from.

A cursor carries the order, the sort value and the key of its row, and a short keyed tag, so that a cursor that was
not made here, or for another order or manager, is refused instead of silently skipping rows.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest

import msgspec

from ventanilla.backoffice_adapters.contract import Position
from ventanilla.resolvers.problems import invalid_argument

_TAG = 6
_decode = msgspec.json.Decoder(tuple[str, str]).decode


class Cursors:
    """One manager's cursors; `key` is 32 secret bytes of its own."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, order: str, position: Position) -> str:
        """The cursor of the row at `position` in a list ordered by `order`."""
        body = msgspec.json.encode((position.value, position.key))
        return urlsafe_b64encode(self._tag(order, body) + body).decode().rstrip("=")

    def read(self, order: str, cursor: str) -> Position:
        """The position that `cursor` was made for; a `Problem` if it was not made for this order here."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            tag, body = sealed[:_TAG], sealed[_TAG:]
            if compare_digest(tag, self._tag(order, body)):
                value, key = _decode(body)
                return Position(value=value, key=key)
        except (binascii.Error, ValueError, msgspec.DecodeError):
            pass
        message = f"{cursor[:80]!r} is not a cursor of this list in this order; take one from its pageInfo or edges."
        raise invalid_argument(message)

    def _tag(self, order: str, body: bytes) -> bytes:
        return blake2b(order.encode() + b"\0" + body, digest_size=_TAG, key=self._key).digest()
