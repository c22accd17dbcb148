"""Where the portal is, and who asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ventanilla_export.troubles import RefusedError

_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Access:
    """A portal, and a program of its manager's own."""

    url: str
    """The portal's address without a path: ``https://portal.example``."""
    client: str
    secret: str = field(repr=False)


def access_of(url: str, client: str, secret_file: Path) -> Access:
    """What was given on the command line; `RefusedError` tells what is wrong with it."""
    return Access(url=origin_of(url), client=client, secret=_secret_in(secret_file))


def origin_of(url: str) -> str:
    """The portal's own address; that of its ``/graphql`` will do as well."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise RefusedError(f"--url {url!r} is no address. Give the portal's, such as https://portal.example")
    if parts.path not in {"", "/", "/graphql"} or parts.query or parts.fragment:
        raise RefusedError(f"--url {url!r} leads too far. Give the portal's address without a path")
    if parts.scheme == "http" and not _is_own_machine(parts.hostname):
        raise RefusedError(f"--url {url!r}: a secret travels over https only. Begin the address with https://")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_own_machine(host: str) -> bool:
    return host in _OWN_MACHINE or host.endswith(".localhost")


def _secret_in(path: Path) -> str:
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"--secret-file {path} cannot be read: {error}") from error
    if not secret or secret.split() != [secret]:
        raise RefusedError(f"--secret-file {path} is to hold the program's secret and nothing else")
    return secret
