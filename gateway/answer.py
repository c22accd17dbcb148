"""Answers of the front door: one JSON shape for results and refusals, encoded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from starlette.types import Send

from ventanilla.gateway.negotiation import MediaType

Pairs = Iterable[tuple[bytes, bytes]]
_TYPES: Final = {media: f"{media}; charset=utf-8".encode() for media in MediaType}


def encoded(payload: object) -> bytes:
    """Write `payload` as JSON."""
    return orjson.dumps(payload, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def refusal(message: str, code: str, **told: Any) -> dict[str, Any]:
    """What is told of a refusal: one error, no data."""
    return {"errors": [{"message": message, "extensions": {"code": code, **told}}]}


def refused(message: str, code: str, **told: Any) -> bytes:
    """Write the body of a refusal."""
    return encoded(refusal(message, code, **told))


async def answer(
    send: Send, status: int, body: bytes, media: MediaType = MediaType.JSON, headers: Mapping[str, str] | None = None
) -> None:
    """Send a whole JSON answer."""
    pairs = [(b"content-type", _TYPES[media]), (b"content-length", b"%d" % len(body))]
    if headers:
        pairs += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
