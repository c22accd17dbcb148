"""Where a request came from and which host it asks for, with forwarded headers believed from known proxies only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import msgspec
from starlette.datastructures import Headers
from starlette.types import Scope

from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.refusal import RefusalError

Network = IPv4Network | IPv6Network

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]{{2,45}}\])(?::(?P<port>[0-9]{{1,5}}))?")
_MAX_HOST: Final = 253 + 6


class Visit(msgspec.Struct, frozen=True):
    """One request's circumstances, all of them believable."""

    host: str
    """Lower-case, with the port if the client named one: the key into the table of hosts."""
    address: str
    """The client's network address, or the empty text where the transport has none."""
    secure: bool
    """Whether the client's side of the connection is https."""

    @property
    def name(self) -> str:
        """The host without its port."""
        return self.host if self.host.endswith("]") else self.host.rpartition(":")[0] or self.host

    @property
    def port(self) -> str:
        """The port the client named, or the empty text."""
        return self.host[len(self.name) + 1 :]


def visit_of(scope: Scope, trusted: Sequence[Network]) -> Visit:
    """Read one request; a missing, doubled or malformed Host is refused with 400."""
    headers = headers_of(scope)
    peer: str = (scope.get("client") or ("",))[0]
    secure = scope.get("scheme") == "https"
    if not _is_trusted(peer, trusted):
        return Visit(host=_host(headers.getlist("host")), address=peer, secure=secure)
    return Visit(
        host=_host(headers.getlist("x-forwarded-host") or headers.getlist("host")),
        address=_origin(peer, _items(headers, "x-forwarded-for"), trusted),
        secure=_items(headers, "x-forwarded-proto")[-1:] == ["https"]
        or (secure and not _items(headers, "x-forwarded-proto")),
    )


def _host(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise RefusalError(400, "Send exactly one Host header.")
    return _named(values[0].strip().lower())


@lru_cache(maxsize=1_024)
def _named(host: str) -> str:
    match = _HOST.fullmatch(host) if len(host) <= _MAX_HOST else None
    if match is None or int(match["port"] or 0) > 65_535:
        raise RefusalError(400, "The Host header is not a host name: letters, digits, hyphens and single dots.")
    return host


def _items(headers: Headers, name: str) -> list[str]:
    listed = ",".join(headers.getlist(name)).split(",")
    return [item.strip().lower() for item in listed if item.strip()]


def _origin(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    # Each proxy appends who it heard from, so the first stranger from the right is the client.
    for item in reversed(forwarded):
        if _parsed(item) is None:
            return peer
        if not _is_trusted(item, trusted):
            return item
        peer = item
    return peer


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(address) if trusted else None
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
