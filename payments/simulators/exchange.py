"""Requests that come to a simulator, and answers in the forms that platforms give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ventanilla.payments.wire import JSON

T = TypeVar("T")
MOST: Final = 64 * 1024
"""How many bytes a request may have."""
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class UnlikelyRequestError(ValueError):
    """A request that nobody who knows the platform would send."""


async def body_of(request: Request) -> bytes:
    """The body; `UnlikelyRequestError` if it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise UnlikelyRequestError("the body is too long")
    return bytes(body)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; `UnlikelyRequestError` for what is none, or has a field twice."""
    try:
        pairs = parse_qsl((await body_of(request)).decode("ascii"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise UnlikelyRequestError("the body is no form") from None
    if len(dict(pairs)) != len(pairs):
        raise UnlikelyRequestError("a field comes twice")
    return dict(pairs)


async def json_of(request: Request, kind: type[T]) -> T:
    """The body as `kind`; `UnlikelyRequestError` for what is none."""
    try:
        return msgspec.json.decode(await body_of(request), type=kind)
    except msgspec.MsgspecError as error:
        raise UnlikelyRequestError(str(error)) from None
    except (ValueError, RecursionError):
        raise UnlikelyRequestError("the body is no JSON") from None


def in_json(value: object, status: int = 200) -> Response:
    """An answer in JSON, decimals as numbers with all their digits."""
    return Response(_ENCODER.encode(value), status, media_type=JSON)


def in_xml(text: str, status: int = 200) -> Response:
    """An answer in XML."""
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, media_type="application/xml")


def with_query(address: str, fields: Mapping[str, str]) -> str:
    """The address with these behind what it asks already; empty stays empty."""
    if not address:
        return ""
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(fields))))
    return urlunsplit(parts._replace(query=query))


def is_web_address(text: str) -> bool:
    """Whether a browser may be sent there; the host is one that a policy can name."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(parts.netloc))


def moment_of(text: str) -> datetime | None:
    """A moment in ISO 8601 with its offset; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
