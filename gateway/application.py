"""The ASGI application: Starlette, with a straight way to the address that nearly every request asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ventanilla.gateway.fronts import Fronts
from ventanilla.gateway.threshold import Threshold
from ventanilla.gateway.visit import Network


class Application(Starlette):
    """Starlette behind our threshold, which answers every exception: Starlette's own last resort is left out.

    `straight` are routes by their exact path, found before all others are searched.
    """

    def __init__(self, fronts: Mapping[str, ASGIApp], trusted: Sequence[Network], **options: Any) -> None:
        super().__init__(**options)
        self.straight: dict[str, Route] = {}
        self._fronts = fronts
        self._trusted = trusted
        # A path means itself: clients that are sent elsewhere lose the body of their POST.
        self.router.redirect_slashes = False

    def build_middleware_stack(self) -> ASGIApp:
        """What a request goes through, from the outside in."""
        inside = _Straight(ExceptionMiddleware(self.router, handlers=self.exception_handlers), self.straight)
        return Threshold(Fronts(inside, self._fronts, self._trusted) if self._fronts else inside)


class _Straight:
    """ASGI middleware that asks no router where a path is known."""

    def __init__(self, app: ASGIApp, table: Mapping[str, Route]) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request to its application."""
        route = self._table.get(scope["path"]) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
        else:
            scope["route"] = route
            await route.app(scope, receive, send)
