"""The body of a GraphQL request: read with a limit, parsed without ever failing by anything but a `RefusalError`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final, cast

import msgspec
import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from ventanilla.gateway.refusal import RefusalError

READ_TIMEOUT_S: Final = 30.0
"""How long a client may take to send its body."""
_MAX_DEPTH: Final = 64
"""Far above how deep a client nests its variables, far below what can recurse behind this."""


class GraphQLRequest(msgspec.Struct, frozen=True):
    """What one POST asks."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None


class DisconnectedError(Exception):
    """The client went away while its body was read; nobody waits for an answer."""


def check_headers(headers: Headers) -> None:
    """Refuse with 415 everything but plain, uncompressed ``application/json`` in UTF-8."""
    if "content-encoding" in headers:
        raise RefusalError(415, "Send the body uncompressed, without Content-Encoding.")
    if not _is_json(headers.getlist("content-type")):
        raise RefusalError(415, "Send the body as Content-Type: application/json.")


def _is_json(types: list[str]) -> bool:
    if len(types) != 1:
        return False
    name, *parameters = [part.strip().lower() for part in types[0].split(";")]
    return name == "application/json" and all(part in {"", "charset=utf-8", 'charset="utf-8"'} for part in parameters)


async def read_body(headers: Headers, receive: Receive, limit: int, timeout_s: float = READ_TIMEOUT_S) -> bytes:
    """Read the whole body; refuse with 413 as soon as it is over `limit` bytes, with 408 if it does not come."""
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:19]) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(timeout_s):
            return await _collect(receive, limit)
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


def parse_request(body: bytes) -> GraphQLRequest:
    """Read the parameters of GraphQL over HTTP from JSON; anything else is refused with 400."""
    document = _decode(body)
    if isinstance(document, list):
        raise RefusalError(400, "Batching is not offered: send one operation in a request.")
    if not isinstance(document, dict):
        raise RefusalError(400, "The body must be a JSON object with a query.")
    return _request(cast("dict[str, Any]", document))


def _decode(body: bytes) -> object:
    if not body.strip():
        raise RefusalError(400, "The body is empty: send a JSON object with a query.")
    try:
        document = orjson.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(400, "The body is not JSON in UTF-8.") from None
    # Counting brackets is far cheaper than the walk, which an honest request never needs.
    if body.count(b"[") + body.count(b"{") > _MAX_DEPTH and _deeper_than(document, _MAX_DEPTH):
        raise RefusalError(400, f"The body is nested deeper than {_MAX_DEPTH} levels.")
    return document


def _deeper_than(value: Any, levels: int) -> bool:
    level: list[Any] = [value]
    for _ in range(levels):
        level = [child for parent in level for child in _children(parent)]
    return any(isinstance(child, dict | list) for child in level)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()


def _request(document: dict[str, Any]) -> GraphQLRequest:
    query, name, variables = (document.get(key) for key in ("query", "operationName", "variables"))
    if not isinstance(query, str) or not query.strip():
        raise RefusalError(400, "query must be a text that holds a GraphQL document.")
    if name is not None and not isinstance(name, str):
        raise RefusalError(400, "operationName must be a text or null.")
    if variables is not None and not isinstance(variables, dict):
        raise RefusalError(400, "variables must be an object or null.")
    if not isinstance(document.get("extensions"), dict | None):
        raise RefusalError(400, "extensions must be an object or null.")
    return GraphQLRequest(query=query, operation_name=name, variables=cast("dict[str, Any] | None", variables))
