"""The addresses of a manager's authorization server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.auth.oauth import answering
from ventanilla.auth.oauth.answering import Place
from ventanilla.auth.oauth.asked import Asked, MalformedError
from ventanilla.auth.oauth.metadata import AUTHORIZE, INTROSPECT, METADATA, REVOKE, TOKEN, metadata
from ventanilla.auth.oauth.server import Answer
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.lobby import Lobby, unavailable
from ventanilla.gateway.oauth.consent import consent_page
from ventanilla.gateway.oauth.requests import Counter, malformed, posted, sent
from ventanilla.gateway.visit import Network
from ventanilla.resolvers.context import Services
from ventanilla.store.store import Store

Answering = Callable[[Store, Place, Asked], Awaitable[Answer]]


def oauth_routes(lobby: Lobby, services: Services, trusted: Sequence[Network]) -> list[BaseRoute]:
    """The routes at which programs ask for tokens, and people decide whether they get them."""
    counter = Counter(lobby, services, trusted)

    async def described(request: Request) -> Response:
        return JSONResponse(metadata((await counter.place(request.scope)).issuer))

    return [
        Route(METADATA, described, methods=["GET"]),
        Route(AUTHORIZE, consent_page(counter), methods=["GET", "POST"]),
        Route(TOKEN, _endpoint(counter, answering.token), methods=["POST"]),
        Route(REVOKE, _endpoint(counter, answering.revoke), methods=["POST"]),
        Route(INTROSPECT, _endpoint(counter, answering.introspect), methods=["POST"]),
    ]


def _endpoint(counter: Counter, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        place = await counter.place(request.scope)
        try:
            answer = await answering(counter.services.store, place, await posted(request))
        except MalformedError as error:
            answer = malformed(error)
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None
        return sent(request.scope, answer)

    return endpoint
