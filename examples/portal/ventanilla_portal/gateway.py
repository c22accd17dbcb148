"""The gateway behind the portal: asked over HTTP, in the visitor's name, with what the visitor's browser sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final, cast

import httpx2
from starlette.requests import Request

GUARD: Final = "x-ventanilla-request"
"""What a request with the session cookie needs beside it. The portal sends it once it knows that its own page asks."""
_TIMEOUT_S: Final = 30
_RETRY_S: Final = 5


class UnreachableError(Exception):
    """The gateway does not answer, or answers what is no GraphQL."""


class TurnedAwayError(Exception):
    """The gateway turned the whole request away: `code` says why, `retry_after` in how many seconds to come again."""

    def __init__(self, code: str, message: str, status: int, retry_after: int | None) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.retry_after = code, message, status, retry_after


@dataclass(frozen=True, slots=True)
class Reply:
    """What the gateway answered to one operation."""

    data: Mapping[str, Any]
    errors: Sequence[Mapping[str, Any]]
    """What could not be read, each with its path; the rest of `data` is good."""
    cookies: Sequence[str]
    """Set-Cookie headers, for the browser."""


class Gateway:
    """A GraphQL gateway at `url`; `transport` is another way to it than the network."""

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._url = httpx2.URL(url)
        # A client that kept cookies would hand one visitor's session to the next.
        forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        self._client = httpx2.AsyncClient(
            transport=transport, timeout=_TIMEOUT_S, follow_redirects=False, cookies=forgetful, trust_env=False
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def ask(
        self, request: Request, language: str | None, document: str, operation: str, variables: Mapping[str, Any]
    ) -> Reply:
        """Run one operation of `document` for whoever sent `request`.

        Raises `UnreachableError` and `TurnedAwayError`.
        """
        body = {"query": document, "operationName": operation, "variables": dict(variables)}
        sent = self._client.build_request("POST", self._url, json=body, headers=_headers(request, language))
        sent.extensions["client"] = tuple(request.client) if request.client else None
        try:
            answer = await self._client.send(sent)
            told = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise UnreachableError from error
        return _reply(answer, told)


def _headers(request: Request, language: str | None) -> dict[str, str]:
    """What the gateway is to know of the visitor: host, credential, language, address, device."""
    accepted = request.headers.get("accept-language", "")
    headers = {
        "host": request.headers.get("host", ""),
        "accept": "application/graphql-response+json",
        "accept-language": ", ".join(part for part in (language, accepted) if part),
        "user-agent": request.headers.get("user-agent", ""),
        "cookie": request.headers.get("cookie", ""),
        "x-forwarded-for": _forwarded(request),
        "x-forwarded-proto": request.url.scheme,
        GUARD: "portal",
    }
    return {name: value for name, value in headers.items() if value}


def _forwarded(request: Request) -> str:
    came = request.headers.get("x-forwarded-for", "")
    peer = request.client.host if request.client else ""
    return ", ".join(part for part in (came, peer) if part)


def _reply(answer: httpx2.Response, told: object) -> Reply:
    if not isinstance(told, dict):
        raise UnreachableError
    found = cast("dict[str, Any]", told)
    errors: list[Mapping[str, Any]] = found.get("errors") or []
    if found.get("data") is None:
        raise _turned_away(answer, errors[0] if errors else {})
    return Reply(found["data"], errors, answer.headers.get_list("set-cookie"))


def _turned_away(answer: httpx2.Response, error: Mapping[str, Any]) -> Exception:
    extensions: Mapping[str, Any] = error.get("extensions") or {}
    code = extensions.get("code")
    if not code:
        return UnreachableError()
    wait = extensions.get("retryAfter") or (_RETRY_S if code == "OVERLOADED" else None)
    return TurnedAwayError(code, error.get("message", ""), answer.status_code, wait)
