"""Carries notifications to a manager's portal, as they are and wherever on this machine it listens."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx2

from ventanilla.payments.simulators.records import Sending

_PATIENCE_S: Final = 20.0
_MOST_BYTES: Final = 64 * 1024


class Courier:
    """Sends requests; nothing of one answer is remembered at the next."""

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """`transport` replaces the network, for a portal that runs in this process."""
        self._transport = transport

    async def carry(self, sending: Sending) -> tuple[int, bytes] | None:
        """Status and body of the answer; None if there was none."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._answered(_request(sending))
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError):
            return None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._transport:
            await self._transport.aclose()

    async def _answered(self, request: httpx2.Request) -> tuple[int, bytes]:
        if self._transport is None:
            self._transport = httpx2.AsyncHTTPTransport(trust_env=False)
        response = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            async for part in response.aiter_raw():
                body += part[: _MOST_BYTES - len(body)]
        finally:
            await response.aclose()
        return response.status_code, bytes(body)


def _request(sending: Sending) -> httpx2.Request:
    """The request; hosts below ``localhost`` are this machine, whether or not its resolver knows them."""
    url = httpx2.URL(sending.url)
    headers = dict(sending.headers)
    if url.host.endswith(".localhost"):
        headers["host"] = url.netloc.decode()
        url = url.copy_with(host="127.0.0.1")
    return httpx2.Request(
        "POST",
        url,
        headers=headers,
        content=sending.body,
        extensions={"timeout": httpx2.Timeout(_PATIENCE_S).as_dict()},
    )
