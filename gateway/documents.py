"""``GET /documents/…``: a paper to the person that its address was given to, and to nobody else."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from typing import Final
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ventanilla.gateway.lobby import Lobby, Visitor
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of, request_id_of
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.pdf.papers import PapersBusyError, Rendered
from ventanilla.pdf.workers import PaperTimeoutError
from ventanilla.resolvers import document_links, documents
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.documents import Wanted
from ventanilla.resolvers.problems import Problem, ProblemCode

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page shows its own style and nothing else: it names no file and runs no script."""
_STATUS: Final = {
    ProblemCode.BACK_OFFICE_UNAVAILABLE: 503,
    ProblemCode.BACK_OFFICE_TIMEOUT: 504,
    ProblemCode.BACK_OFFICE_BAD_ANSWER: 502,
    ProblemCode.OVERLOADED: 503,
}
"""What is told of a paper that is there; any other problem is as if it was not."""


def document_routes(lobby: Lobby) -> list[BaseRoute]:
    """The route of papers."""

    async def document(request: Request) -> Response:
        visitor = await _received(lobby, request)
        context = lobby.context(visitor, request.headers, request_id_of(request.scope))
        wanted = await _wanted(context, request.path_params["token"])
        notes_of(request.scope)["document"] = wanted.format.value
        return _sent(wanted, await _made(context, wanted), BackgroundTask(lobby.touch, visitor))

    return [Route(f"{document_links.PATH}{{token}}", document, methods=["GET"])]


async def _received(lobby: Lobby, request: Request) -> Visitor:
    """Who asks. Nothing changes by a GET, so a browser may follow the address with nothing but its cookie."""
    try:
        return await lobby.receive(request.scope, changes_nothing=True)
    except RefusalError as refusal:
        raise (_missing() if refusal.status == 401 else refusal) from None


async def _wanted(context: Context, token: str) -> Wanted:
    try:
        wanted = await documents.wanted(context, token)
    except Problem as problem:
        raise _refusal(problem) from None
    if wanted is None:
        raise _missing()
    return wanted


async def _made(context: Context, wanted: Wanted) -> Rendered:
    try:
        return await context.services.papers.make(wanted.paper, wanted.format)
    except PapersBusyError:
        raise _overloaded("Too many papers are being made. Try again.") from None
    except PaperTimeoutError:
        raise _overloaded("The paper was not ready in time. Try again.") from None


def _sent(wanted: Wanted, made: Rendered, afterwards: BackgroundTask) -> Response:
    shown = wanted.format is DocumentFormat.HTML
    headers = {
        "content-disposition": _disposition("inline" if shown else "attachment", wanted.file_name),
        "repr-digest": f"sha-256=:{b64encode(made.sha256).decode()}:",
    }
    if shown:
        headers["content-security-policy"] = POLICY
    return Response(made.body, headers=headers, media_type=made.media_type, background=afterwards)


def _disposition(way: str, name: str) -> str:
    """RFC 6266: the name as it is, and a plain one for clients that cannot read it."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    return f"{way}; filename=\"{bare}\"; filename*=UTF-8''{quote(name, safe='')}"


def _missing() -> RefusalError:
    return RefusalError(
        404, "There is no such document for you, or its address has expired: ask for a new one.", code="NOT_FOUND"
    )


def _overloaded(message: str) -> RefusalError:
    return RefusalError(503, message, code=ProblemCode.OVERLOADED, headers={"retry-after": "2"})


def _refusal(problem: Problem) -> RefusalError:
    status = _STATUS.get(problem.code)
    return RefusalError(status, str(problem), code=problem.code) if status else _missing()
