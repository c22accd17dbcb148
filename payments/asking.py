"""Asking a platform's servers: over TLS, once, for so long and so much, and nobody else.

httpx2 is what Authlib brings along, so it costs us nothing more; what an answer takes longer than with a faster client
is nothing beside the way to the platform. Its transport alone is used: no redirect is followed, no cookie kept from
one manager's answer to another's question, no proxy or password taken from the environment, and no address logged.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from functools import cache
from typing import Final, TypeVar, cast

import httpx2

from ventanilla.payments.contract import Ask, PlatformError, PlatformFault, PlatformRequest, PlatformResponse

T = TypeVar("T")
TOTAL_S: Final = 10.0
"""How long one question may take in all."""
MOST_BYTES: Final = 1 << 20
"""How long an answer may be."""
_TIMEOUT: Final = httpx2.Timeout(TOTAL_S, connect=5).as_dict()
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be asked without TLS: nothing leaves the machine."""
_BUSY: Final = frozenset({408, 425, 429})
_SHUT: Final = frozenset({401, 403})
_log = logging.getLogger(__name__)


class Asking:
    """What this process asks platforms with, whoever's account it is about."""

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None, total_s: float = TOTAL_S) -> None:
        """`transport` replaces the network, for a platform that runs in this process."""
        self._transport = transport
        self._total_s = total_s

    async def ask(self, ask: Ask[T]) -> T:
        """Ask once, and read the answer; raises `PlatformError`."""
        try:
            answer = await self._answered(ask.request)
            _refuse(answer.status)
            return _read(ask, answer)
        except PlatformError as error:
            _log.warning("a platform was asked in vain at %s: %s", _host(ask.request.url), error)
            raise

    async def close(self) -> None:
        """Let go of the connections."""
        if self._transport:
            await self._transport.aclose()

    async def _answered(self, asked: PlatformRequest) -> PlatformResponse:
        try:
            async with asyncio.timeout(self._total_s):
                return await self._sent(_request(asked))
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            raise PlatformError(PlatformFault.UNAVAILABLE, type(error).__name__) from None

    async def _sent(self, request: httpx2.Request) -> PlatformResponse:
        if self._transport is None:
            self._transport = httpx2.AsyncHTTPTransport(verify=_tls(), trust_env=False)
        response = await self._transport.handle_async_request(request)
        try:
            body = await _body(response)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return PlatformResponse(status=response.status_code, headers=headers, body=body)


def _request(asked: PlatformRequest) -> httpx2.Request:
    """The request as it is sent; refused where it would leave the machine in clear."""
    try:
        url = httpx2.URL(asked.url)
        if url.scheme != "https" and not (url.scheme == "http" and url.host in _LOOPBACK):
            raise PlatformError(PlatformFault.REFUSED, "the address is not https")
        headers = {**asked.headers, "accept-encoding": "identity"}
        return httpx2.Request(
            asked.method, url, headers=headers, content=asked.body, extensions={"timeout": dict(_TIMEOUT)}
        )
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise PlatformError(PlatformFault.REFUSED, f"the request cannot be sent ({type(error).__name__})") from None


async def _body(response: httpx2.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise PlatformError(PlatformFault.UNREADABLE, "the answer is packed")
    body = bytearray()
    async for part in cast("httpx2.AsyncByteStream", response.stream):
        body += part
        if len(body) > MOST_BYTES:
            raise PlatformError(PlatformFault.UNREADABLE, "the answer is too long")
    return bytes(body)


def _refuse(status: int) -> None:
    """Raise for a status that means the same at every platform."""
    if status >= 500 or status in _BUSY:
        raise PlatformError(PlatformFault.UNAVAILABLE, f"status {status}")
    if status in _SHUT:
        raise PlatformError(PlatformFault.UNAUTHORIZED, f"status {status}")
    if not (200 <= status < 300 or status >= 400):
        raise PlatformError(PlatformFault.UNREADABLE, f"status {status}")


def _read(ask: Ask[T], answer: PlatformResponse) -> T:
    try:
        return ask.read(answer)
    except PlatformError:
        raise
    except Exception as error:
        raise PlatformError(PlatformFault.UNREADABLE, type(error).__name__) from error


def _host(url: str) -> str:
    try:
        return httpx2.URL(url).host
    except (httpx2.InvalidURL, TypeError):
        return "no address"


@cache
def _tls() -> ssl.SSLContext:
    """Reading all authorities takes a while: once is enough."""
    return ssl.create_default_context()
