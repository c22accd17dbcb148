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
        return self.sealed(order, msgspec.json.encode((position.value, position.key)))

    def read(self, order: str, cursor: str) -> Position:
        """The position that `cursor` was made for; a `Problem` if it was not made for this order here."""
        body = self.opened(order, cursor)
        if body is None:
            told = f"{cursor[:80]!r} is not a cursor of this list in this order; take one from its pageInfo or edges."
            raise invalid_argument(told)
        value, key = _decode(body)
        return Position(value=value, key=key)

    def sealed(self, order: str, body: bytes) -> str:
        """A cursor that says `body`, good for what is called `order` alone."""
        return urlsafe_b64encode(self._tag(order, body) + body).decode().rstrip("=")

    def opened(self, order: str, cursor: str) -> bytes | None:
        """What `cursor` says; None if it was not made for `order` here."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            return None
        tag, body = sealed[:_TAG], sealed[_TAG:]
        return body if compare_digest(tag, self._tag(order, body)) else None

    def _tag(self, order: str, body: bytes) -> bytes:
        return blake2b(order.encode() + b"\0" + body, digest_size=_TAG, key=self._key).digest()
