"""Mercado Pago's notification: signed over what it is about, its request and its moment, and never more than a hint.

The body is not signed, so nothing of it is read. The manifest leaves out what is absent and names nothing twice; its
parts are held to forms without a separator, or one could pass for two.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

from ventanilla.payments.contract import Incoming, Notification, NotVerifiedError, Reply
from ventanilla.payments.wire import is_same, is_timely, moment

_REFUSED: Final = Reply(status=401, body=b"The signature is missing or another.\n")
_SIGNATURE: Final = re.compile(r"\s*ts=([0-9]{1,16})\s*,\s*v1=([0-9A-Fa-f]{64})\s*")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_PAYMENT: Final = re.compile("[0-9]{1,32}")
_MILLISECONDS_FROM: Final = 10**11
"""A count from here on is of milliseconds: of seconds it would be in the year 5138."""


def read_notification(incoming: Incoming, secret: str, now: datetime, *, unsigned_hints: bool) -> Notification:
    """What the notification is about; raises `NotVerifiedError`."""
    query = _query(incoming)
    told_id = query.get("data.id", "")
    if "x-signature" not in incoming.headers and unsigned_hints:
        return _unsigned(query, now)
    if incoming.method != "POST" or (told_id and not _ID.fullmatch(told_id)):
        raise NotVerifiedError("it is about nothing", _REFUSED)
    stamp, signature = _signature(incoming)
    if not is_timely(stamp[1], now):
        raise NotVerifiedError("its moment is another", _REFUSED)
    request_id = incoming.headers.get("x-request-id", "")
    if request_id and not _REQUEST_ID.fullmatch(request_id):
        raise NotVerifiedError("its request has no such name", _REFUSED)
    manifest = _signed_manifest(told_id, request_id, stamp[0], signature, secret)
    event_id = f"{told_id}:{hashlib.sha256(manifest.encode()).hexdigest()}"
    return Notification(event_id=event_id, hint=_hint(told_id))


def _query(incoming: Incoming) -> dict[str, str]:
    query = dict(incoming.query)
    if len(query) != len(incoming.query):
        raise NotVerifiedError("a parameter comes twice", _REFUSED)
    return query


def _signature(incoming: Incoming) -> tuple[tuple[str, datetime], str]:
    """The moment that was signed, as it was written and as it is meant, and the signature."""
    found = _SIGNATURE.fullmatch(incoming.headers.get("x-signature", ""))
    if found is None:
        raise NotVerifiedError("it is not signed", _REFUSED)
    written, count = found[1], int(found[1])
    # The documentation counts milliseconds, the vendor's own library seconds.
    told = moment(count // 1000 if count >= _MILLISECONDS_FROM else count)
    if told is None:
        raise NotVerifiedError("its moment is none", _REFUSED)
    return (written, told), found[2].lower()


def _signed_manifest(told_id: str, request_id: str, stamp: str, signature: str, secret: str) -> str:
    """The manifest that the signature belongs to: with the id as it came, or in lower case."""
    for each in dict.fromkeys((told_id, told_id.lower())):
        parts = (("id", each), ("request-id", request_id), ("ts", stamp))
        manifest = "".join(f"{name}:{value};" for name, value in parts if value)
        if is_same(signature, hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()):
            return manifest
    raise NotVerifiedError("the signature is another", _REFUSED)


def _hint(told_id: str) -> str | None:
    """The payment to ask for; what no payment is called is heard and left.

    What kind of thing it is about is told, and not signed: it is not believed. Asked for something else, the server
    knows no such payment.
    """
    return told_id if _PAYMENT.fullmatch(told_id) else None


def _unsigned(query: dict[str, str], now: datetime) -> Notification:
    """A hint that anybody may have sent: the same for a minute, so that many of them ask once."""
    told_id = query.get("data.id") or query.get("id") or ""
    if not _ID.fullmatch(told_id):
        raise NotVerifiedError("it is about nothing", _REFUSED)
    return Notification(event_id=f"unsigned:{told_id}:{now:%Y-%m-%dT%H:%M}", hint=_hint(told_id))
