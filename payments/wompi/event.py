"""Wompi's event: JSON with a checksum over the values that it names itself.

It is a hint and no more. The checksum covers neither reference nor currency, and nothing separates what it covers:
digits may move from the amount to the moment, and whatever is not named may be anything. So the transaction is asked
for by the id that was signed, and what the server tells is believed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final, cast

import msgspec

from ventanilla.payments.contract import Incoming, Notification, NotVerifiedError, Reply
from ventanilla.payments.wire import MOST_INCOMING, is_same, is_timely, moment
from ventanilla.payments.wompi.signing import signed

_REFUSED: Final = Reply(status=401, body=b"The checksum is missing or another.\n")
_ID: Final = "transaction.id"
TRANSACTION: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_MOST_PROPERTIES: Final = 20
_MOST: Final = 10**18


class _Signature(msgspec.Struct):
    properties: Annotated[list[str], msgspec.Meta(max_length=_MOST_PROPERTIES)]
    checksum: str


class _Event(msgspec.Struct):
    event: str
    data: dict[str, Any]
    signature: _Signature
    timestamp: int


def read_event(incoming: Incoming, secret: str, now: datetime) -> Notification:
    """Which transaction there is news of; raises `NotVerifiedError`."""
    event = _decoded(incoming)
    values = [_value(event.data, name) for name in event.signature.properties]
    checksum = signed([*values, str(event.timestamp)], secret)
    told = {event.signature.checksum.lower(), incoming.headers.get("x-event-checksum", checksum).lower()}
    if not all(is_same(each, checksum) for each in told):
        raise NotVerifiedError("the checksum is another", _REFUSED)
    sent = moment(event.timestamp)
    if sent is None or not is_timely(sent, now):
        raise NotVerifiedError("its moment is another", _REFUSED)
    return Notification(event_id=checksum, hint=_hint(event, values))


def _decoded(incoming: Incoming) -> _Event:
    if incoming.method != "POST" or len(incoming.body) > MOST_INCOMING:
        raise NotVerifiedError("it is no event", _REFUSED)
    try:
        return msgspec.json.decode(incoming.body, type=_Event)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotVerifiedError("it is no event", _REFUSED) from None


def _value(data: dict[str, Any], name: str) -> str:
    """What stands under a dotted name, as it was signed."""
    found: Any = data
    for step in name.split("."):
        found = cast("dict[str, Any]", found).get(step) if isinstance(found, dict) else None
    if isinstance(found, str):
        return found
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) < _MOST:
        return str(found)
    raise NotVerifiedError("what is signed is not there", _REFUSED)


def _hint(event: _Event, values: list[str]) -> str | None:
    """The transaction, if the event is about one; other events are heard and left."""
    if _ID not in event.signature.properties:
        return None
    told = values[event.signature.properties.index(_ID)]
    return told if TRANSACTION.fullmatch(told) else None
