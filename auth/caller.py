"""The caller: where a request came from, for limits and letters."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import Record


class Caller(Record):
    """From where somebody asks, and through which of the portal's doors."""

    address: str
    """The network address, as far as it is to be believed."""
    host: str
    """The portal's host that was asked, with its port: what links in letters lead to."""
    secure: bool = True
    """Whether the client's side of the connection is https."""
    user_agent: str | None = None
