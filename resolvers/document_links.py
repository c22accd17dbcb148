"""Addresses of papers: which paper, in which form, for whom and until when.

The last part of an address says all but the person, and begins with a tag that is keyed by the manager and covers the
person too: anybody else's address, another manager's, an expired and an invented one are the same wrong address.
"""

from __future__ import annotations

import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.records import Record
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.resolvers.context import Context

PATH: Final = "/documents/"
LIFE: Final = timedelta(minutes=10)
_TAG: Final = 16
_HEAD: Final = struct.Struct(">IBBH")
"""The second at which it expires, kind, form, and how long the id is; after the id comes the filter."""
_NUMBER_OF: Final = {DocumentFormat.PDF: 1, DocumentFormat.HTML: 2}
_FORMATS: Final = {number: form for form, number in _NUMBER_OF.items()}


class PaperKind(IntEnum):
    """What an address is for. The numbers are part of addresses: never reuse one."""

    INVOICE = 1
    RECEIPT = 2
    PAYMENT_HISTORY = 3
    PAID_INVOICE_HISTORY = 4


class Link(Record):
    """What an address says once it is read."""

    kind: PaperKind
    form: DocumentFormat
    id: str
    """Of what the paper is about: an invoice, a payment, an account."""
    where: bytes
    """The filter of a list; empty for anything else."""


def expires_at(context: Context) -> datetime:
    """Until when an address serves that is given now: whole seconds, as it says itself."""
    return (context.now.astimezone(UTC) + LIFE).replace(microsecond=0)


def addresses(
    context: Context, kind: PaperKind, form: DocumentFormat, ids: Sequence[str], where: bytes = b""
) -> list[str]:
    """The addresses of papers of one kind for who asks, of the things with `ids`."""
    seal, expires = _seal(context), int(expires_at(context).timestamp())
    raw = [bytes.fromhex(id) for id in ids]
    return [PATH + seal.make(_HEAD.pack(expires, kind, _NUMBER_OF[form], len(id)) + id + where) for id in raw]


def read(context: Context, token: str) -> Link | None:
    """What the address that ends in `token` is for; None if it is for nothing, or not for who asks, or not any more."""
    body = _seal(context).read(token) if context.actor.signed_in else None
    if body is None:
        return None
    expires, kind, form, length = _HEAD.unpack_from(body)
    if expires <= context.now.timestamp():
        return None
    rest = body[_HEAD.size :]
    return Link(kind=PaperKind(kind), form=_FORMATS[form], id=rest[:length].hex(), where=rest[length:])


class _Seal:
    """Makes and checks the last part of one person's addresses at one manager."""

    def __init__(self, key: bytes, person: str) -> None:
        self._key = key
        self._person = person.encode() + b"\0"

    def make(self, body: bytes) -> str:
        return urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def read(self, token: str) -> bytes | None:
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        tag, body = sealed[:_TAG], sealed[_TAG:]
        return body if compare_digest(tag, self._tag(body)) else None

    def _tag(self, body: bytes) -> bytes:
        return blake2b(self._person + body, digest_size=_TAG, key=self._key).digest()


@lru_cache(maxsize=4_096)
def _key(keys: Keys, manager: str) -> bytes:
    return keys.of(manager, "papers")


def _seal(context: Context) -> _Seal:
    return _Seal(_key(context.services.keys, context.manager.slug), context.actor.person_id or "")
