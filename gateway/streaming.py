"""Answers in many pieces over plain HTTP: server-sent events, and parts of a multipart body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import ExitStack
from typing import Any, Final

import msgspec
from starlette.types import Receive, Send

from ventanilla.gateway.answer import encoded
from ventanilla.gateway.leaving import leaving_of
from ventanilla.gateway.operation import Payload
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.wire import Wire

BEAT_S = 15.0
"""How often a silent stream says that it lives: well within what proxies wait."""


class Form(msgspec.Struct, frozen=True):
    """How the pieces of one kind of stream are written."""

    media: str
    piece: Callable[[Payload], bytes]
    failed: Callable[[Payload], bytes]
    """The piece that tells why the stream ends before its time."""
    end: bytes
    """What stands behind the last piece. A stream without it was broken off: the client may come again."""
    begin: bytes = b""
    beat: bytes | None = None
    """A piece that says nothing; None for streams that end soon by themselves, and so outlast the server's drain."""


def _event(payload: Payload) -> bytes:
    return b"event: next\ndata: " + encoded(payload) + b"\n\n"


def _part(payload: object) -> bytes:
    # The delimiter that ends a part is written with it, or its reader would wait for the next one.
    return b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n" + encoded(payload) + b"\r\n---"


def _enveloped(payload: Payload) -> bytes:
    return _part({"payload": payload})


def _enveloped_failure(payload: Payload) -> bytes:
    return _part({"payload": None, "errors": payload["errors"]})


def _last_part(payload: Payload) -> bytes:
    return _part({**payload, "hasNext": False})


EVENTS: Final = Form(
    media="text/event-stream; charset=utf-8",
    piece=_event,
    failed=_event,
    end=b"event: complete\ndata:\n\n",
    beat=b":\n\n",
)
"""The distinct connections of GraphQL over SSE."""
PARTS: Final = Form(
    media='multipart/mixed; boundary="-"', begin=b"\r\n---", piece=_part, failed=_last_part, end=b"--\r\n"
)
"""Incremental delivery over HTTP."""
SUBSCRIPTION_PARTS: Final = Form(
    media='multipart/mixed; boundary="-"; subscriptionSpec="1.0"',
    begin=b"\r\n---",
    piece=_enveloped,
    failed=_enveloped_failure,
    end=b"--\r\n",
    beat=_part({}),
)
"""Subscriptions over multipart: every payload stands in an envelope, and an empty object is a sign of life."""

Fail = Callable[[Exception], Payload]
"""Makes of what ended a stream before its time what the client is told of it."""
Confirm = Callable[[], Awaitable[object]]
"""Raises `RefusalError` once who asked may not ask any more."""


async def stream(
    wire: Wire,
    form: Form,
    payloads: AsyncGenerator[Payload],
    fail: Fail,
    confirm: Confirm,
    *,
    headers: Mapping[str, str],
) -> None:
    """Tell `payloads` as they come, until they end, the client goes or is signed out, or the process leaves.

    Then they are closed. One piece at a time: who does not read holds up nobody but himself, until the connection is
    cut.
    """
    pairs = [(b"content-type", form.media.encode()), *((k.encode(), v.encode("latin-1")) for k, v in headers.items())]
    await wire.send({"type": "http.response.start", "status": 200, "headers": pairs})
    telling = asyncio.create_task(_tell(wire.send, form, payloads, fail))
    hearing = asyncio.create_task(_until_gone(wire.receive))
    beating = asyncio.create_task(_beat(wire.send, form.beat, confirm))
    with ExitStack() as held:
        if form.beat:
            held.enter_context(leaving_of(wire.scope).told(telling.cancel))
        try:
            await asyncio.wait([telling, hearing, beating], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _stop(telling, hearing, beating)
            await payloads.aclose()
    if telling.cancelled() and not beating.cancelled() and not beating.exception():
        await _write(wire.send, form.failed(fail(beating.result())) + form.end)
    await wire.send({"type": "http.response.body", "body": b""})


async def _tell(send: Send, form: Form, payloads: AsyncGenerator[Payload], fail: Fail) -> None:
    if form.begin:
        await _write(send, form.begin)
    try:
        async for payload in payloads:
            await _write(send, form.piece(payload))
    except Exception as error:  # noqa: BLE001  the headers are sent: this is the last place to tell of it
        await _write(send, form.failed(fail(error)))
    await _write(send, form.end)


async def _write(send: Send, piece: bytes) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _beat(send: Send, beat: bytes | None, confirm: Confirm) -> RefusalError:
    """Say now and then that the stream lives, until who asked may not hear it any more: why not."""
    while True:
        await asyncio.sleep(BEAT_S)
        try:
            await confirm()
        except RefusalError as refusal:
            return refusal
        if beat:
            await _write(send, beat)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stop(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
