"""The application: every page at its address, and what all of them have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ventanilla_portal import theme, words
from ventanilla_portal.gateway import Gateway, Reply, TurnedAwayError, UnreachableError
from ventanilla_portal.page import For, Page
from ventanilla_portal.pages import PAGES
from ventanilla_portal.problems import Unread
from ventanilla_portal.rendering import HERE, plain, rendered
from ventanilla_portal.visit import (
    LANGUAGE,
    SAID,
    SCHEME,
    Download,
    Form,
    Shown,
    TooLargeError,
    Visit,
    form_of,
    said_cookie,
)
from ventanilla_portal.words import LANGUAGES, Words

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; "
    "connect-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'"
)
"""Own files only, but pictures: a manager's logo may stand elsewhere. Payment platforms lead posted forms on."""
HEADERS: Final = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_YEAR_S: Final = 365 * 24 * 3600
_THEME: Final = (
    "query Theme { portal { theme { primary onPrimary background text accent typeface corners "
    "dark { primary onPrimary background text accent } } } }"
)
_FIRST: Final = {
    "NEEDS_SECOND_FACTOR": "/second-factor",
    "NEEDS_PASSWORD": "/change-password",
    "NEEDS_ACCOUNT": "/link",
}
"""What is to be done first, and where."""
_ELSEWHERE: Final = frozenset({"STAFF", "STAFF_ADMIN", "BOARD_MEMBER", "SUPPLIER"})
"""Roles with pages of their own: who has one needs no account."""


def create_app(graphql_url: str, transport: httpx2.AsyncBaseTransport | None = None) -> Starlette:
    """Make the portal of the gateway at `graphql_url`: the manager of each request is the one of its host.

    `transport` leads to the gateway by another way than the network.
    """
    gateway = Gateway(graphql_url, transport)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await gateway.close()

    return Starlette(routes=routes(gateway), lifespan=lifespan, exception_handlers={404: _nowhere, 500: _broken})


def routes(gateway: Gateway) -> list[BaseRoute]:
    """Every address of the portal."""

    async def theme_css(request: Request) -> Response:
        reply = await gateway.ask(request, None, _THEME, "Theme", {})
        return Response(
            theme.style_sheet(reply.data["portal"]["theme"]),
            media_type="text/css",
            headers={"cache-control": _FOR_EVER, "x-content-type-options": "nosniff"},
        )

    return [
        Route("/theme.css", _answering(theme_css)),
        Route("/choose", _answering(_choose), methods=["POST"]),
        Mount("/static", _Kept(directory=HERE / "static")),
        *(Route(page.path, _answering(_Served(page, gateway)), methods=["GET", "POST"]) for page in PAGES),
    ]


class _Kept(StaticFiles):
    """Files of ours, under addresses that change with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = _FOR_EVER
        return response


class _Served:
    """A page as requests meet it."""

    def __init__(self, page: Page, gateway: Gateway) -> None:
        self._page, self._gateway = page, gateway

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        visit = Visit(request, self._page, self._gateway, await form_of(request))
        response = await self._done(visit) if request.method == "POST" else await self._shown(visit, Shown())
        for cookie in visit.cookies:
            response.headers.append("set-cookie", cookie)
        return response

    async def _done(self, visit: Visit) -> Response:
        action = self._page.actions.get(visit.form["do"])
        if action is None:
            return _nowhere_page(visit.request)
        outcome = await action(visit)
        if isinstance(outcome, Shown):
            return await self._shown(visit, outcome, 422 if outcome.problems else 200)
        if isinstance(outcome, Download):
            return _as_file(outcome)
        response = _gone_to(visit, outcome.to)
        if outcome.said:
            response.set_cookie(SAID, quote(said_cookie(outcome), safe=""), max_age=60, httponly=True, samesite="lax")
        return response

    async def _shown(self, visit: Visit, shown: Shown, status: int = 200) -> Response:
        reply = await visit.ask(self._page.query, self._page.variables(visit))
        if elsewhere := _led(visit, reply):
            return elsewhere
        if self._page.needs and not reply.data.get(self._page.needs) and not Unread(reply.errors):
            return _nowhere_page(visit.request, reply.data["portal"]["language"])
        said = _said(visit, reply.data["portal"]["language"])
        content = rendered(visit, reply.data, Unread(reply.errors), shown, said)
        # What htmx is told with an error status it does not show.
        response = HTMLResponse(content, 200 if visit.by_htmx else status, HEADERS)
        if said and not visit.block:
            response.delete_cookie(SAID)
        return response


def _led(visit: Visit, reply: Reply) -> Response | None:
    """Where the visitor has to go instead, or None if this page is for them."""
    audience, viewer = visit.page.audience, reply.data["viewer"]
    if (viewer or audience is For.ANYBODY) and (place := visit.page.lead(visit, reply.data)):
        return _gone_to(visit, place)
    if audience is For.ANYBODY:
        return None
    if viewer is None:
        return _gone_to(visit, f"/sign-in?next={quote(visit.here, safe='')}")
    if audience is For.SIGNED_IN:
        return None
    roles = set(viewer["roles"])
    first = _FIRST.get(viewer["onboardingState"])
    if first and not (first == "/link" and roles & _ELSEWHERE):
        return _gone_to(visit, first)
    wanted = {For.STAFF: {"STAFF", "STAFF_ADMIN"}, For.STAFF_ADMIN: {"STAFF_ADMIN"}}.get(audience)
    return None if wanted is None or wanted & roles else _nowhere_page(visit.request, reply.data["portal"]["language"])


def _as_file(file: Download) -> Response:
    """A file for the browser to keep."""
    kept = {"content-disposition": f'attachment; filename="{file.name}"'}
    return Response(file.text, media_type=file.media, headers={**HEADERS, **kept})


def _gone_to(visit: Visit, place: str) -> Response:
    if visit.by_htmx:
        return Response(headers={**HEADERS, "hx-redirect": place})
    return RedirectResponse(place, 303, HEADERS)


def _said(visit: Visit, language: str) -> str | None:
    """What the last page wanted to be told on this one."""
    found = dict(parse_qsl(unquote(visit.request.cookies.get(SAID, ""))))
    page, _, key = found.pop("said", "").partition(":")
    source = next((each for each in PAGES if each.name == page), None)
    if source is None:
        return None
    told = Words(language, words.table(source.words_file), *words.shared())
    values = {name: int(value) if value.isdigit() else value for name, value in found.items()}
    try:
        return told(key, **values) if told.has(key) else None
    except (KeyError, IndexError, ValueError):  # a cookie that somebody else wrote
        return None


def _answering(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that takes forms from our own pages only, and says in words when the gateway does not answer."""

    async def answered(request: Request) -> Response:
        if request.method == "POST" and not _own_page(request):
            return _plain(request, "foreign", 403)
        try:
            return await endpoint(request)
        except UnreachableError:
            # What was to be changed may have been, whoever does not hear of it.
            key = "unreachable" if request.method == "GET" else "uncertain"
            return _plain(request, key, 503, {"retry-after": "10"})
        except TurnedAwayError as error:
            return _turned_away(request, error)
        except TooLargeError:
            return _plain(request, "too_large", 413)

    return answered


def _own_page(request: Request) -> bool:
    """Whether a page of this host sent the form: browsers say so, and nothing else may use the cookie."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host", "")


def _turned_away(request: Request, error: TurnedAwayError) -> Response:
    key = {429: "too_many", 421: "no_portal"}.get(error.status, "turned_away")
    headers = {"retry-after": str(error.retry_after)} if error.retry_after else {}
    return _plain(request, key, error.status if error.status >= 400 else 503, headers, wait=error.retry_after or 60)


def _plain(
    request: Request, key: str, status: int, headers: Mapping[str, str] | None = None, **values: Any
) -> Response:
    content = plain("plain.html", _preferred(request), key=key, here=request.url.path, **values)
    return HTMLResponse(content, status, {**HEADERS, **(headers or {})})


def _nowhere_page(request: Request, language: str | None = None) -> Response:
    return HTMLResponse(plain("plain.html", language or _preferred(request), key="nowhere", here="/"), 404, HEADERS)


async def _nowhere(request: Request, _error: Exception) -> Response:
    return _nowhere_page(request)


async def _broken(request: Request, _error: Exception) -> Response:
    return _plain(request, "broken", 500)


def _preferred(request: Request) -> str:
    """A language for pages that the gateway has no part in."""
    accepted = request.headers.get("accept-language", "").lower().split(",")
    asked = [request.cookies.get(LANGUAGE, ""), *(part.strip()[:2] for part in accepted)]
    return next((code for code in asked if code in LANGUAGES), LANGUAGES[-1])


async def _choose(request: Request) -> Response:
    """Keep a choice of language or of light and dark in this browser, and go back to where it was made."""
    form: Form = await form_of(request)
    back = form["back"] if form["back"].startswith("/") and not form["back"].startswith(("//", "/\\")) else "/"
    response = RedirectResponse(back, 303, HEADERS)
    if form["language"] in LANGUAGES:
        response.set_cookie(LANGUAGE, form["language"], max_age=_YEAR_S, samesite="lax")
    if form["scheme"] in {"light", "dark"}:
        response.set_cookie(SCHEME, form["scheme"], max_age=_YEAR_S, samesite="lax")
    elif form["scheme"] == "auto":
        response.delete_cookie(SCHEME)
    return response
