"""Hosts that belong to no manager but show something of their own, such as the demo's start page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.visit import Network, visit_of

_ANY_HOST = frozenset({"/healthz", "/readyz"})


class Fronts:
    """ASGI middleware that hands requests for the hosts of `table` to the applications in it."""

    def __init__(self, app: ASGIApp, table: Mapping[str, ASGIApp], trusted: Sequence[Network]) -> None:
        self._app = app
        self._table = table
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request to its application."""
        await self._chosen(scope)(scope, receive, send)

    def _chosen(self, scope: Scope) -> ASGIApp:
        if not self._table or scope["type"] != "http" or scope["path"] in _ANY_HOST:
            return self._app
        try:
            host = visit_of(scope, self._trusted).host
        except RefusalError:
            return self._app
        return self._table.get(host, self._app)
