"""The sub-protocol graphql-transport-ws, without its socket: what may be said when, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import msgspec

from ventanilla.gateway.answer import encoded
from ventanilla.gateway.parameters import decode
from ventanilla.gateway.refusal import RefusalError

SUBPROTOCOL: Final = "graphql-transport-ws"
_LONGEST_ID: Final = 128
_LONGEST_REASON: Final = 123
"""Bytes that a closing frame has for it."""


class CloseCode:
    """Why a socket is closed, beside what RFC 6455 has."""

    SERVICE_RESTART: Final = 1012
    TRY_LATER: Final = 1013
    BAD_MESSAGE: Final = 4400
    UNAUTHENTICATED: Final = 4401
    FORBIDDEN: Final = 4403
    NOT_INITIALISED: Final = 4408
    ID_IN_USE: Final = 4409
    TOO_MANY: Final = 4429
    """Of initialisations, or of the caller's sockets: clients do not come again by themselves after this one."""


class ClosingError(Exception):
    """The socket is to be closed with this code; the reason is public, and clipped to what a frame holds."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")


class Init(msgspec.Struct, frozen=True):
    """The client begins, and may say who it is."""

    authorization: str | None


class Ping(msgspec.Struct, frozen=True):
    """The client asks whether we are there."""

    payload: dict[str, Any] | None


class Subscribe(msgspec.Struct, frozen=True):
    """The client asks for an operation of whatever kind."""

    id: str
    payload: dict[str, Any]


class Complete(msgspec.Struct, frozen=True):
    """The client wants no more of an operation."""

    id: str


Said = Init | Ping | Subscribe | Complete


class Protocol:
    """One socket's state: whether it was initialised, and which operations run. Mistakes raise `ClosingError`."""

    def __init__(self) -> None:
        self._initialised = False
        self._acknowledged = False
        self._running: set[str] = set()

    def read(self, text: str | None) -> Said | None:
        """What one message says; None for what needs nothing done. `text` is None for a message in bytes."""
        message = _decoded(text)
        kind = message.get("type")
        if kind == "connection_init":
            return self._init(message)
        if kind == "subscribe":
            return self._subscribe(message)
        if kind == "complete":
            return self._complete(message)
        if kind == "ping":
            return Ping(_object(message, "payload", or_null=True))
        if kind == "pong":
            _object(message, "payload", or_null=True)
            return None
        raise _bad("Unknown type of message.")

    def acknowledge(self) -> str:
        """Let operations begin; the message that says so."""
        self._acknowledged = True
        return _written("connection_ack")

    def ended(self, id: str) -> None:
        """Free the id of an operation that has ended."""
        self._running.discard(id)

    def _init(self, message: Mapping[str, Any]) -> Init:
        if self._initialised:
            raise ClosingError(CloseCode.TOO_MANY, "Too many initialisation requests")
        self._initialised = True
        authorization = (_object(message, "payload", or_null=True) or {}).get("authorization")
        if authorization is not None and not isinstance(authorization, str):
            raise _bad("authorization must be a text.")
        return Init(authorization)

    def _subscribe(self, message: Mapping[str, Any]) -> Subscribe:
        id = _id(message)
        payload = _object(message, "payload")
        if not self._acknowledged:
            raise ClosingError(CloseCode.UNAUTHENTICATED, "Unauthorized")
        if id in self._running:
            raise ClosingError(CloseCode.ID_IN_USE, "Subscriber already exists")
        self._running.add(id)
        return Subscribe(id, payload or {})

    def _complete(self, message: Mapping[str, Any]) -> Complete | None:
        id = _id(message)
        if id not in self._running:
            return None  # it ended while the message was under way
        self._running.discard(id)
        return Complete(id)


def next_message(id: str, payload: Mapping[str, Any]) -> str:
    """A result of the operation `id`."""
    return _written("next", id=id, payload=payload)


def error_message(id: str, errors: Sequence[Mapping[str, Any]]) -> str:
    """Why there is no result, or none any more, of the operation `id`, which ends with it."""
    return _written("error", id=id, payload=errors)


def complete_message(id: str) -> str:
    """The end of the operation `id`."""
    return _written("complete", id=id)


def pong_message(ping: Ping) -> str:
    """The answer to `ping`."""
    return _written("pong", **({} if ping.payload is None else {"payload": ping.payload}))


def _written(kind: str, **rest: Any) -> str:
    return encoded({"type": kind, **rest}).decode()


def _decoded(text: str | None) -> dict[str, Any]:
    if text is None:
        raise _bad("Send messages as text.")
    try:
        message = decode(text.encode(), "The message")
    except RefusalError as refusal:
        raise _bad(refusal.message) from None
    if not isinstance(message, dict):
        raise _bad("A message must be a JSON object.")
    return cast("dict[str, Any]", message)


def _id(message: Mapping[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= _LONGEST_ID:
        raise _bad(f"id must be a text of 1 to {_LONGEST_ID} characters.")
    return id


def _object(message: Mapping[str, Any], name: str, *, or_null: bool = False) -> dict[str, Any] | None:
    value = message.get(name)
    if (value is None and or_null) or isinstance(value, dict):
        return cast("dict[str, Any] | None", value)
    raise _bad(f"{name} must be an object.")


def _bad(reason: str) -> ClosingError:
    return ClosingError(CloseCode.BAD_MESSAGE, reason)
