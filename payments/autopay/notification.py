"""Autopay's notification (ITN): a form whose one field is an XML document in base64, about one transaction."""

from __future__ import annotations

import base64
import binascii
import logging
import re
from typing import Final

from ventanilla.payments.autopay.confirming import CONFIRMED, NOT_CONFIRMED, confirmation
from ventanilla.payments.autopay.document import read_document
from ventanilla.payments.autopay.transactions import Reading, Transactions
from ventanilla.payments.contract import Incoming, News, Notification, NotVerifiedError, Reply
from ventanilla.payments.wire import UnlikelyError, fields_of

_log = logging.getLogger(__name__)
_WORDS: Final = (CONFIRMED, NOT_CONFIRMED)
_NONSENSE: Final = Reply(status=400, body=b"This is no notification.\n")


def read_notification(incoming: Incoming, service_id: str, reading: Reading) -> Notification:
    """What the notification says; raises `NotVerifiedError`, with NOTCONFIRMED where it is clear about which order."""
    try:
        told = Transactions(read_document(_decoded(incoming)))
    except UnlikelyError as error:
        raise NotVerifiedError(str(error), _NONSENSE) from None
    (order_id, *more) = told.order_ids() or [""]
    if told.service_id != service_id or not order_id or more:
        raise NotVerifiedError("it is not about one order of this service", _NONSENSE)
    accepted, declined = (confirmation(service_id, order_id, word, reading.hashing) for word in _WORDS)
    return _told(told, reading, accepted, declined)


def _told(told: Transactions, reading: Reading, accepted: Reply, declined: Reply) -> Notification:
    if told.unknown:
        _alarm(told.unknown[0])
        raise NotVerifiedError("it has an element without a number", declined)
    if not told.is_signed(reading.hashing):
        raise NotVerifiedError("the hash is another", declined)
    try:
        (news,) = told.news(reading)
    except UnlikelyError as error:
        raise NotVerifiedError(str(error), declined) from None
    return Notification(event_id=_event_id(news), news=(news,), accepted=accepted, declined=declined)


def _decoded(incoming: Incoming) -> bytes:
    """The document's bytes; `UnlikelyError` for what is no such form."""
    if incoming.method != "POST":
        raise UnlikelyError("it is not posted")
    told = fields_of(incoming).get("transactions")
    if told is None:
        raise UnlikelyError("it has no transactions")
    try:
        return base64.b64decode("".join(told.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnlikelyError("it is no base64") from None


def _event_id(news: News) -> str:
    """One event for each status of a payment, however often and with whatever else it is told."""
    return f"{news.reference}|{news.payment_id}|{news.status}|{news.amount.amount} {news.amount.currency}"


def _alarm(element: str) -> None:
    """Tell the operator that the table lacks an element, if it is one: anybody may send anything."""
    name = element if re.fullmatch("[A-Za-z0-9_/.-]{1,80}", element) else "of another name"
    _log.error("a notification of Autopay has an element without a number, %s; it cannot be verified", name)
