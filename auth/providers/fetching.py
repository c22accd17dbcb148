"""Asking a provider over HTTP: only at its own addresses, only so much, and only for so long."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from ventanilla.auth.providers.trouble import ProviderError, Trouble
from ventanilla.store.manager import IdentityProvider
from ventanilla.store.provider_rules import is_safe

T = TypeVar("T")
TOTAL_S: Final = 6.0
"""How long one question to a provider may take in all."""
MOST_BYTES: Final = 256 * 1024
"""How long an answer may be."""
_TIMEOUT: Final = httpx2.Timeout(TOTAL_S, connect=3)


def is_own(address: str, provider: IdentityProvider) -> bool:
    """Whether `address` is one of the provider's: at its issuer's host, below it, or at a host that is listed.

    A document that a provider serves must not lead us to machines of our own network.
    """
    if not is_safe(address):
        return False
    asked, own = urlsplit(address), urlsplit(provider.issuer)
    below = (asked.hostname or "").endswith(f".{own.hostname}") and asked.port == own.port
    return asked.netloc == own.netloc or below or asked.netloc in provider.endpoint_hosts


async def fetched(
    provider: IdentityProvider, address: str, kind: type[T], headers: Mapping[str, str] | None = None
) -> T:
    """The JSON document at `address`, read as `kind`; raises `ProviderError`."""
    async with asking():
        async with httpx2.AsyncClient(**options(provider)) as client:
            answer = await client.get(address, headers=headers)
        if answer.status_code != 200:
            raise ProviderError(Trouble.BAD_ANSWER, f"status {answer.status_code}")
        return msgspec.json.decode(answer.content, type=kind)


def options(provider: IdentityProvider) -> dict[str, Any]:
    """How a client that speaks to a provider is made. It follows no redirects."""
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    return {"transport": _Guarded(provider), "timeout": _TIMEOUT, "trust_env": False, "headers": headers}


@asynccontextmanager
async def asking() -> AsyncGenerator[None]:
    """Bound what is asked within, and turn whatever it may fail with into a `ProviderError`."""
    try:
        async with asyncio.timeout(TOTAL_S):
            yield
    except httpx2.HTTPStatusError as error:
        raise ProviderError(Trouble.BAD_ANSWER, f"status {error.response.status_code}") from None
    except (httpx2.HTTPError, TimeoutError, OSError) as error:
        raise ProviderError(Trouble.UNREACHABLE, type(error).__name__) from None
    except (ValueError, TypeError, KeyError, RecursionError, httpx2.InvalidURL) as error:
        raise ProviderError(Trouble.BAD_ANSWER, type(error).__name__) from None


@cache
def _tls() -> ssl.SSLContext:
    """Reading all authorities takes a while: once is enough."""
    return ssl.create_default_context()


class _Guarded(httpx2.AsyncBaseTransport):
    """Lets nothing out to other addresses than the provider's, and no long answer in."""

    def __init__(self, provider: IdentityProvider) -> None:
        self._provider = provider
        self._inner = httpx2.AsyncHTTPTransport(verify=_tls(), trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask what may be asked."""
        if not is_own(str(request.url), self._provider):
            raise ProviderError(Trouble.FOREIGN_ADDRESS, f"host {request.url.host}")
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity" or not isinstance(
            response.stream, httpx2.AsyncByteStream
        ):
            await response.aclose()
            raise ProviderError(Trouble.BAD_ANSWER, "the answer is packed")
        response.stream = _Capped(response.stream)
        return response

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner.aclose()


class _Capped(httpx2.AsyncByteStream):
    """An answer that is read up to a length."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._stream:
            read += len(part)
            if read > MOST_BYTES:
                raise ProviderError(Trouble.BAD_ANSWER, "the answer is too long")
            yield part

    async def aclose(self) -> None:
        """Read no further."""
        await self._stream.aclose()
