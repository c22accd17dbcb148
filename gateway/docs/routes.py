"""The addresses of the manual: ``/docs`` at each portal, and what lies below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from ventanilla.gateway.console.routes import SignIn
from ventanilla.gateway.docs.guides import Placeholders
from ventanilla.gateway.docs.library import Library, Sheet
from ventanilla.gateway.docs.pages import Pages
from ventanilla.gateway.docs.views import Desk
from ventanilla.gateway.kept import kept_files
from ventanilla.gateway.lobby import Lobby, Visitor
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import request_id_of
from ventanilla.resolvers.capabilities import capabilities

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Own files only, and nothing written into a page is run or colours it."""
_FOLDER: Final = Path(__file__).parent


def docs_routes(
    lobby: Lobby, schema: GraphQLSchema, sign_ins: Mapping[str, Sequence[SignIn]], *, console: bool
) -> list[BaseRoute]:
    """The routes of the manual of `schema`; where the `console` is on, its documents can be run there.

    Examples name the first of a manager's `sign_ins`, and the last for what only staff may do.
    """
    library = Library(Pages(schema, console=console))

    async def page(request: Request) -> Response:
        # Nobody is asked who they are: the manual is the same for everybody.
        visitor = await lobby.anybody(request.scope)
        desk = _desk(lobby, visitor, request, sign_ins.get(visitor.manager.slug, ()))
        path = request.path_params.get("path", "")
        sheet = await library.find(desk, path)
        if sheet is None:
            raise RefusalError(404, "The manual has no such page. Begin at /docs.")
        return _sent(request, sheet)

    return [
        Route("/docs", page, methods=["GET"]),
        Mount("/docs/files", kept_files(_FOLDER / "static")),
        Route("/docs/{path:path}", page, methods=["GET"]),
    ]


def _desk(lobby: Lobby, visitor: Visitor, request: Request, sign_ins: Sequence[SignIn]) -> Desk:
    context = lobby.context(visitor, request.headers, request_id_of(request.scope))
    (told,) = capabilities(context, [visitor.manager])
    return Desk(
        manager=visitor.manager,
        version=visitor.version,
        capabilities=tuple(told),
        placeholders=_placeholders(visitor, sign_ins),
    )


def _placeholders(visitor: Visitor, sign_ins: Sequence[SignIn]) -> Placeholders:
    origin = f"{'https' if visitor.visit.secure else 'http'}://{visitor.visit.host}"
    if not sign_ins:
        return Placeholders(origin=origin)
    first, last = sign_ins[0], sign_ins[-1]
    return Placeholders(origin=origin, email=first.email, password=first.password, staff=last.email)


def _sent(request: Request, sheet: Sheet) -> Response:
    headers = {"etag": sheet.etag, "cache-control": "no-cache", "content-security-policy": POLICY}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {sheet.etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(sheet.body, media_type=sheet.media, headers=headers)
