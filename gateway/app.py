"""The application: routes, what every request crosses, and the life of the services behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from graphql import GraphQLSchema
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from ventanilla.execution.engine import Engine
from ventanilla.gateway.answer import refused
from ventanilla.gateway.application import Application
from ventanilla.gateway.budget import Budget
from ventanilla.gateway.checkouts.routes import checkout_routes
from ventanilla.gateway.console.routes import SignIn, console_routes
from ventanilla.gateway.docs.routes import docs_routes
from ventanilla.gateway.documents import document_routes
from ventanilla.gateway.errands import errands
from ventanilla.gateway.graphql_http import GraphQLEndpoint
from ventanilla.gateway.health import healthz, readyz
from ventanilla.gateway.letters import sending_letters
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.mailbox.routes import mailbox_routes
from ventanilla.gateway.negotiation import media_type
from ventanilla.gateway.oauth.routes import oauth_routes
from ventanilla.gateway.operation import Operations, most_points_in
from ventanilla.gateway.payments.routes import payment_routes
from ventanilla.gateway.persisted import Persisted
from ventanilla.gateway.places import Places
from ventanilla.gateway.services import open_services
from ventanilla.gateway.settings import Settings
from ventanilla.gateway.sign_in.routes import sign_in_routes
from ventanilla.gateway.websocket import SocketEndpoint
from ventanilla.resolvers.context import Context, Services
from ventanilla.schema.schema import coordinates

_WORDS = {404: "Nothing answers at this address.", 405: "This address does not take that method."}


def create_app(
    settings: Settings,
    schema: GraphQLSchema,
    *,
    sign_ins: Mapping[str, Sequence[SignIn]] | None = None,
    fronts: Mapping[str, ASGIApp] | None = None,
    site: ASGIApp | None = None,
) -> Application:
    """Make the application of one process, which serves `schema` at the host of every manager.

    `sign_ins` are what a manager's console offers to choose from, by slug; `fronts` are applications for hosts that
    belong to no manager, by host; `site` stands at all other addresses of managers' hosts: a portal. Its lifespan opens
    the services.
    """

    @asynccontextmanager
    async def lifespan(app: Application) -> AsyncGenerator[None]:
        bell = asyncio.Event()
        opened = open_services(settings, wake_worker=bell.set, coordinates=coordinates(schema))
        async with opened as services, AsyncExitStack() as stack:
            if settings.worker:
                others = errands(services.store, services.registry, services.offices, services.platforms)
                sending = sending_letters(settings, services.store, services.keys, bell, others)
                await stack.enter_async_context(sending)
            _open(app, settings, services, schema, sign_ins=sign_ins or {}, site=site)
            yield

    return Application(
        fronts or {},
        settings.trusted_proxies,
        routes=[Route("/healthz", healthz)],
        exception_handlers={HTTPException: _in_json},
        lifespan=lifespan,
    )


def _open(
    app: Application,
    settings: Settings,
    services: Services,
    schema: GraphQLSchema,
    *,
    sign_ins: Mapping[str, Sequence[SignIn]],
    site: ASGIApp | None,
) -> None:
    """Put everything at its address."""
    engine = Engine(
        schema,
        introspection=settings.allows_introspection,
        hide_suggestions=not settings.allows_introspection,
        most_points_in=most_points_in,
        deadline_s=settings.operation_deadline_s,
        begin=Context.begin,
        compiles=settings.compiles,
    )
    budget = Budget(settings.points_per_caller, settings.points_per_manager, per_export=settings.points_per_export)
    operations = Operations(engine, Persisted(services.store), budget)
    places = Places(settings.sockets_per_caller, settings.sockets_per_manager)
    lobby = Lobby(
        services,
        settings.trusted_proxies,
        settings.sends_secure_cookies,
        most_page=settings.most_page,
        tells_engine=not settings.production,
    )
    mailbox = settings.mailbox
    graphql = Route("/graphql", GraphQLEndpoint(lobby, operations, places, settings.body_limit))
    app.straight[graphql.path] = graphql
    app.router.routes += [
        graphql,
        Route("/readyz", readyz(services)),
        WebSocketRoute("/graphql", SocketEndpoint(lobby, operations, places)),
        *document_routes(lobby),
        *checkout_routes(lobby, services),
        *payment_routes(lobby, services, settings.trusted_proxies),
        *sign_in_routes(lobby),
        *oauth_routes(lobby, services, settings.trusted_proxies),
        *(docs_routes(lobby, schema, sign_ins, console=settings.shows_console) if settings.shows_docs else ()),
        *(
            console_routes(lobby, sign_ins, mailbox=bool(mailbox), home=site is None, docs=settings.shows_docs)
            if settings.shows_console
            else ()
        ),
        *(mailbox_routes(lobby, mailbox, sign_ins) if mailbox else ()),
        *([Mount("/", site)] if site else ()),
    ]


async def _in_json(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = (error.headers if isinstance(error, HTTPException) else None) or {}
    media = media_type(",".join(request.headers.getlist("accept")))
    body = refused(_WORDS.get(status, "The request cannot be served."), "BAD_REQUEST")
    return Response(body, status, {**headers, "content-type": f"{media}; charset=utf-8"})
