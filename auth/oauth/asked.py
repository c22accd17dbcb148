"""What a program asked, as Authlib reads it: parameters, and how the program says who it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

from ventanilla.backoffice_adapters.records import Record

MOST_PARAMETERS: Final = 30
_LONGEST: Final = 4_000


class MalformedError(ValueError):
    """Parameters that nobody can have meant; the message says what is wrong with them."""


class Credentials(Record):
    """Who a program says it is. It never shows what it holds."""

    client_id: str
    secret: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id!r}, secret=…)"


def parameters_of(text: str) -> dict[str, str]:
    """Read an address's query or a form; what is sent without a value is as if it was not sent.

    Raises `MalformedError` for what comes twice, is no printable ASCII, or too much.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        msg = f"Send at most {MOST_PARAMETERS} parameters, form-encoded in UTF-8."
        raise MalformedError(msg) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            msg = "A parameter was sent twice."
            raise MalformedError(msg)
        if not _is_plain(value):
            msg = f"A parameter is no printable ASCII, or longer than {_LONGEST} characters."
            raise MalformedError(msg)
        found[name] = value
    return {name: value for name, value in found.items() if value}


def basic_of(authorization: str) -> Credentials | None:
    """Read an Authorization header by RFC 6749 §2.3.1; None for one that cannot be read so."""
    scheme, _, coded = authorization.strip().partition(" ")
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    name, _, secret = (unquote_plus(part) for part in text.partition(":"))
    if scheme.lower() != "basic" or not secret or not _is_plain(name):
        return None
    return Credentials(client_id=name, secret=secret)


def _is_plain(value: str) -> bool:
    """Whether `value` could be one of RFC 6749 at all; a database need not be asked for anything else."""
    return value.isascii() and value.isprintable() and len(value) <= _LONGEST


class _Parameters(OAuth2Payload):
    """Parameters, none of which came twice."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = dict(found)

    @property
    def data(self) -> dict[str, str]:
        """By name."""
        return self._found

    @property
    def datalist(self) -> Any:
        """By name, each as a list of one."""
        return {name: [value] for name, value in self._found.items()}


class Asked(OAuth2Request):
    """One request of a program, or of a person on its way to one."""

    def __init__(
        self, parameters: Mapping[str, str], *, method: str = "POST", authorization: str | None = None
    ) -> None:
        # Whether the transport is to be trusted was decided at the door, which knows of proxies.
        super().__init__(method, "https://door/")  # pyright: ignore[reportUnknownMemberType]  the stub leaves a part open that is not used
        self.payload: Any = _Parameters(parameters)
        self.client: Any = None
        self.user: Any = None
        self.authorization_code: Any = None
        self.refresh_token: Any = None
        self.parameters = dict(parameters)
        self.authorization = authorization

    @property
    def form(self) -> dict[str, str]:
        """What was posted."""
        return self.parameters
