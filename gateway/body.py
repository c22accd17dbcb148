"""The body of a GraphQL request: read within a limit and a time. What stands in it is read in `parameters.py`."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Receive

from ventanilla.gateway.begun import Begun
from ventanilla.gateway.refusal import RefusalError

READ_TIMEOUT_S: Final = 30.0
"""How long a client may take to send its body."""


class DisconnectedError(Exception):
    """The client went away while its body was read; nobody waits for an answer."""


def check_headers(headers: Headers) -> None:
    """Refuse with 415 everything but plain, uncompressed ``application/json`` in UTF-8."""
    if "content-encoding" in headers:
        raise RefusalError(415, "Send the body uncompressed, without Content-Encoding.")
    if not _is_json(headers.getlist("content-type")):
        raise RefusalError(415, "Send the body as Content-Type: application/json.")


def _is_json(types: list[str]) -> bool:
    if types == ["application/json"]:
        return True
    if len(types) != 1:
        return False
    name, *parameters = [part.strip().lower() for part in types[0].split(";")]
    return name == "application/json" and all(part in {"", "charset=utf-8", 'charset="utf-8"'} for part in parameters)


async def read_body(headers: Headers, receive: Receive, limit: int, timeout_s: float = READ_TIMEOUT_S) -> bytes:
    """Read the whole body; refuse with 413 as soon as it is over `limit` bytes, with 408 if it does not come."""
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:19]) > limit:
        raise _too_large(limit)
    collecting = Begun(_collect(receive, limit))
    if collecting.is_done:  # it came with the headers, as nearly all do: nobody is to be waited for
        return collecting.value
    try:
        async with asyncio.timeout(timeout_s):
            return await collecting
    except TimeoutError:
        raise RefusalError(408, f"The body did not arrive within {timeout_s:g} seconds.", close=True) from None


async def _collect(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _too_large(limit: int) -> RefusalError:
    return RefusalError(413, f"The body may have at most {limit} bytes.", close=True)
