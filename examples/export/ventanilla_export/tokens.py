"""Access tokens: OAuth 2 client credentials, as the portal's own description of it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from ventanilla_export.access import Access
from ventanilla_export.troubles import FaultError, LimitedError, RefusedError

METADATA = "/.well-known/oauth-authorization-server"
_EARLY_S = 60.0
"""A token is renewed so long before it ends: what is asked with it has to arrive before."""


class Tokens:
    """The program's tokens, one after another."""

    def __init__(self, access: Access, http: httpx2.Client, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._access = access
        self._http = http
        self._clock = clock
        self._endpoint = ""
        self._token = ""
        self._until = 0.0

    def current(self) -> str:
        """A token that is good. Raises what `_answer` raises."""
        if not self._token or self._clock() >= self._until:
            self._renew()
        return self._token

    def forget(self) -> None:
        """Take another token the next time: this one was refused."""
        self._token = ""

    def _renew(self) -> None:
        self._endpoint = self._endpoint or self._described()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._access.client,
            "client_secret": self._access.secret,
        }
        told = self._answer("POST", self._endpoint, form)
        try:
            self._token, life = str(told["access_token"]), float(told.get("expires_in", 0))
        except (KeyError, TypeError, ValueError) as error:
            raise FaultError("the portal answered no token") from error
        self._until = self._clock() + max(life - _EARLY_S, life / 2)

    def _described(self) -> str:
        """The address of the token endpoint. The secret goes nowhere but to the portal itself."""
        address = self._access.url
        told = self._answer("GET", address + METADATA, None)
        issuer, endpoint = told.get("issuer"), str(told.get("token_endpoint"))
        if issuer != address or not endpoint.startswith(f"{address}/"):
            raise RefusedError(f"The portal at {address} says that it is {issuer}. Give that as --url, if it is right")
        return endpoint

    def _answer(self, method: str, address: str, form: Mapping[str, str] | None) -> dict[str, Any]:
        """A JSON object. `FaultError` and `LimitedError` where asking again may help, else `RefusedError`."""
        try:
            response = self._http.request(method, address, data=form)
        except httpx2.HTTPError as error:
            raise FaultError(f"the portal cannot be reached ({type(error).__name__}: {error})") from error
        told = _object_of(response)
        if response.status_code == 200 and told:
            return told
        raise _refusal(response, told)


def _object_of(response: httpx2.Response) -> dict[str, Any]:
    try:
        told: Any = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}  # pyright: ignore[reportUnknownVariableType]  JSON has no types


def _refusal(response: httpx2.Response, told: Mapping[str, Any]) -> Exception:
    status, error = response.status_code, told.get("error")
    if status == 429:
        return LimitedError(seconds_of(response.headers.get("retry-after"), 60))
    if status >= 500 or status == 200:
        return FaultError(f"the portal answered {status} to {response.request.url.path}")
    if error == "invalid_client":
        return RefusedError("The portal knows no such program, or the secret is another: check --client, --secret-file")
    if error:
        return RefusedError(f"The portal gives this program no token: {told.get('error_description') or error}")
    if response.is_redirect:
        return RefusedError(f"{response.request.url} leads on to {response.headers.get('location')}: is --url right?")
    return RefusedError(f"{response.request.url} answered {status}: there is no portal behind --url")


def seconds_of(header: str | None, otherwise: float) -> float:
    """What ``Retry-After`` says, where it is a number of seconds."""
    return float(header) if header and header.isdecimal() else otherwise
