"""What a request shows to prove who asks: a bearer token, or the session cookie."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec
from starlette.datastructures import Headers

from ventanilla.auth.csrf import HEADER, is_forgeable
from ventanilla.auth.oauth.opaque import is_access
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.visit import Visit

_MAX_TOKEN: Final = 512


class Source(StrEnum):
    """Where a token came from."""

    BEARER = "BEARER"
    COOKIE = "COOKIE"


class Credential(msgspec.Struct, frozen=True):
    """A token, not yet looked up."""

    token: str
    source: Source


def credential_of(headers: Headers, cookie: Cookie, *, guarded: bool = True) -> Credential | None:
    """Take the bearer token, else the cookie; None if neither came.

    A malformed Authorization is refused with 401; with 403, where it is to be `guarded`, a cookie without the header.
    """
    authorization = headers.getlist("authorization")
    if authorization:
        return Credential(_bearer(authorization), Source.BEARER)
    token = cookie.read(headers)
    if not token or is_access(token):  # what programs hold is nothing that a browser sends by itself
        return None
    if guarded and is_forgeable(headers, by_cookie=True):
        raise RefusalError(403, f"A request with the session cookie needs the header {HEADER}.", code="FORBIDDEN")
    return Credential(token, Source.COOKIE)


def unauthenticated() -> RefusalError:
    """The refusal of a token that is wrong, expired or of another portal: all alike."""
    return RefusalError(
        401,
        "The token is not valid here. Sign in again, or send no Authorization header.",
        code="UNAUTHENTICATED",
        headers={"www-authenticate": "Bearer"},
    )


def _bearer(values: list[str]) -> str:
    scheme, _, token = values[0].strip().partition(" ")
    token = token.strip()
    if len(values) != 1 or scheme.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= _MAX_TOKEN:
        raise unauthenticated()
    return token


class Cookie(msgspec.Struct, frozen=True):
    """The session cookie of one portal: its name and attributes."""

    name: str
    secure: bool

    @classmethod
    def at(cls, visit: Visit, *, secure: bool) -> Cookie:
        """Describe the cookie for the host of `visit`, with or without https."""
        if secure:
            return cls("__Host-ventanilla", secure=True)
        # Browsers do not tell ports apart, and on bare addresses only the port tells managers apart.
        shared = visit.name.replace(".", "").isdigit() and visit.port
        return cls(f"ventanilla-{visit.port}" if shared else "ventanilla", secure=False)

    def read(self, headers: Headers) -> str | None:
        """The token in a request's cookies; None if there is none or it cannot be one of ours."""
        for header in headers.getlist("cookie"):
            for pair in header.split(";"):
                name, _, value = pair.strip().partition("=")
                if name == self.name and value.isascii() and 0 < len(value) <= _MAX_TOKEN:
                    return value
        return None

    def written(self, token: str) -> str:
        """The Set-Cookie header that stores `token`; an empty token clears the cookie."""
        flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self.secure else "")
        return f"{self.name}={token}{flags}" if token else f"{self.name}={flags}; Max-Age=0"
