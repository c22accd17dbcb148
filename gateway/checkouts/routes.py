"""``/checkouts/{token}`` leads a browser to the payment platform, ``/checkouts/{token}/return`` takes it back.

The link is its own proof: no cookie is looked at, and whoever has the link learns nothing but where to pay.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.checkouts.page import form
from ventanilla.gateway.language import preferred
from ventanilla.gateway.lobby import Lobby, unavailable
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of
from ventanilla.resolvers import checkout_visits
from ventanilla.resolvers.checkout_links import PATH
from ventanilla.resolvers.checkout_starts import RETURN
from ventanilla.resolvers.context import Services
from ventanilla.store.manager import Manager

_SEE_OTHER: Final = 303
Answering = Callable[[Request, Services, Manager], Awaitable[Response]]


def checkout_routes(lobby: Lobby, services: Services) -> list[BaseRoute]:
    """The routes there and back."""

    def at(answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await _answered(lobby, services, request, answering)

        return endpoint

    return [
        Route(f"{PATH}{{token}}", at(_leave), methods=["GET"]),
        Route(f"{PATH}{{token}}{RETURN}", at(_come_back), methods=["GET"]),
    ]


async def _answered(lobby: Lobby, services: Services, request: Request, answering: Answering) -> Response:
    if request.method != "GET":  # whoever only looks has not left for the platform
        raise RefusalError(405, "This address does not take that method.", headers={"allow": "GET"})
    manager = await lobby.manager(request.scope)
    notes_of(request.scope)["manager"] = manager.slug
    try:
        return await answering(request, services, manager)
    except DatabaseUnavailableError as error:
        raise unavailable(error) from None


async def _leave(request: Request, services: Services, manager: Manager) -> Response:
    way = await checkout_visits.leave(services, manager.slug, request.path_params["token"])
    if way is None:
        raise _missing()
    if way.redirect is None:
        return RedirectResponse(way.back, _SEE_OTHER)
    if way.redirect.fields is None:
        return RedirectResponse(way.redirect.url, _SEE_OTHER)
    language = preferred(request.headers.get("accept-language"), manager.languages)
    return form(manager, way.redirect.url, way.redirect.fields, language)


async def _come_back(request: Request, services: Services, manager: Manager) -> Response:
    back = await checkout_visits.come_back(services, manager.slug, request.path_params["token"])
    if back is None:
        raise _missing()
    return RedirectResponse(back, _SEE_OTHER)


def _missing() -> RefusalError:
    return RefusalError(404, "There is nothing to pay at this address.", code="NOT_FOUND")
