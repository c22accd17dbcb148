"""The threshold every request crosses: an id, safe headers, one log line, and no way to fail but in JSON."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ventanilla.gateway.answer import answer, refused
from ventanilla.gateway.body import DisconnectedError
from ventanilla.gateway.errors import MASKED, masked
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.leaving import stopping
from ventanilla.gateway.logs import requests
from ventanilla.gateway.negotiation import MediaType, media_type
from ventanilla.gateway.refusal import RefusalError

API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
SAFE_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", API_POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_NOTES: Final = "ventanilla.notes"
_ID: Final = b"x-request-id"
_ADDED: Final = frozenset({_ID, *(name for name, _ in SAFE_HEADERS)})
_MAX_HEADERS: Final = 32 * 1024


def notes_of(scope: Scope) -> dict[str, Any]:
    """What the log line of this request will say beside its status; whoever knows more adds to it."""
    return scope.setdefault(_NOTES, {})


def request_id_of(scope: Scope) -> str:
    """The id of this request, as its log line and its answer say it."""
    notes = notes_of(scope)
    known = notes.get("request_id")
    if known is None:
        known = notes["request_id"] = os.urandom(8).hex()
    return known


class Threshold:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or the opening of a socket on; answer what it raises; log it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        door = _Door(scope, send)
        try:
            await self._guarded(scope, receive, door)
        finally:
            _write_line(scope, door.status, time.perf_counter() - begun)

    async def _guarded(self, scope: Scope, receive: Receive, door: _Door) -> None:
        try:
            _check_size(scope)
            await self._app(scope, receive, door.send)
        except RefusalError as refusal:
            await door.refuse(refusal)
        except DisconnectedError:
            notes_of(scope)["code"] = "DISCONNECTED"
        except asyncio.CancelledError:
            # Only the server cancels a request: when it stops and this one took too long.
            await door.refuse(stopping())
        except Exception as error:  # noqa: BLE001  the last place to turn a bug into an answer
            await door.break_off(error)


class _Door:
    """The way out of one request: adds what every answer carries, and remembers the status.

    The status of a socket that was opened is 101. Until then it may be refused as a request is.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._prefix = "websocket." if scope["type"] == "websocket" else ""
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(message)
        elif message["type"] == "websocket.accept":
            self.status = 101
        elif message["type"] == "websocket.close" and not self.status:
            # The router's answer to an address at which no socket can be opened.
            raise RefusalError(404, "No socket answers at this address.")
        if self._prefix and message["type"].startswith("http."):
            message = {**message, "type": f"{self._prefix}{message['type']}"}
        await self._send(message)

    def _add_headers(self, message: Message) -> None:
        headers = message.get("headers", ())
        given = {name for name, _ in headers}
        added = SAFE_HEADERS
        if not given.isdisjoint(_ADDED):
            headers = [pair for pair in headers if pair[0] != _ID]
            added = [pair for pair in SAFE_HEADERS if pair[0] not in given]
        message["headers"] = [*headers, *added, (_ID, request_id_of(self._scope).encode())]

    async def refuse(self, refusal: RefusalError) -> None:
        notes_of(self._scope)["code"] = refusal.code
        if self.status:
            return
        body = refused(refusal.message, refusal.code, **refusal.told)
        await answer(self.send, refusal.status, body, self._media(), refusal.headers)

    async def break_off(self, error: Exception) -> None:
        extensions = masked(error)
        notes_of(self._scope).update(code=extensions["code"], error_id=extensions["errorId"])
        if self.status == 0:
            await answer(self.send, 500, refused(MASKED, **extensions), self._media())

    def _media(self) -> MediaType:
        return media_type(",".join(headers_of(self._scope).getlist("accept")))


def _check_size(scope: Scope) -> None:
    if sum([len(name) + len(value) for name, value in scope["headers"]]) > _MAX_HEADERS:
        raise RefusalError(431, f"The headers may have at most {_MAX_HEADERS} bytes together.", close=True)


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    requests.tell(
        {
            "method": scope.get("method", "WEBSOCKET"),
            "route": getattr(scope.get("route"), "path", None),
            "status": status,
            "ms": round(seconds * 1000, 1),
            **notes_of(scope),
        }
    )
