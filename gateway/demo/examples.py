"""The examples that the demo shows at each manager's host, loaded from their folder as anybody's application would be.

No room imports them: they know the gateway by its address alone, and here that address leads back into this process.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

import httpx2
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SINGLE_PAGE: Final = "/single-page"
_BUILT: Final = Path("frontend", "dist")
_URL: Final = "http://gateway/graphql"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'"
)


class InProcess(httpx2.AsyncBaseTransport):
    """A way to an application of this process, with the address of who asked the example."""

    app: ASGIApp
    """Set before the first request: the examples stand inside the application that they ask."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Pass one request on."""
        client = request.extensions.get("client") or ("", 0)
        way = httpx2.ASGITransport(app=self.app, client=client, raise_app_exceptions=False)  # type: ignore[arg-type]  the same ASGI types under other names
        return await way.handle_async_request(request)


def examples_folder() -> Path | None:
    """The examples beside this source tree; None where only the rooms are installed."""
    found = Path(__file__).parents[2] / "examples"
    return found if (found / "portal" / "ventanilla_portal").is_dir() else None


def pages() -> tuple[str, ...]:
    """Where the examples' pages are at a manager's host: the portal's first."""
    folder = examples_folder()
    if folder is None:
        return ()
    return ("/", f"{SINGLE_PAGE}/") if (folder / _BUILT).is_dir() else ("/",)


def site(folder: Path, transport: InProcess) -> ASGIApp:
    """What stands at a manager's host beside the gateway: the portal, and the single page where it was built."""
    sys.path.insert(0, str(folder / "portal"))
    portal: ASGIApp = import_module("ventanilla_portal.app").create_app(_URL, transport)
    built = folder / _BUILT
    single: list[BaseRoute] = []
    if built.is_dir():
        files = _guarded(StaticFiles(directory=built, html=True))
        single = [Route(SINGLE_PAGE, _with_slash), Mount(SINGLE_PAGE, files)]
    return Router([*single, Mount("/", portal)], redirect_slashes=False)


async def _with_slash(_request: Request) -> Response:
    """The page names its files relatively, so its address ends in a slash."""
    return RedirectResponse(f"{SINGLE_PAGE}/")


def _guarded(app: ASGIApp) -> ASGIApp:
    """Files of a page that runs scripts of its own, and asks its own host alone."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = _POLICY
            await send(message)

        await app(scope, receive, sending)

    return guarded
