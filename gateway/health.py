"""Health: whether the process lives, and whether it can serve. Both answer at any host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from ventanilla.gateway.answer import encoded
from ventanilla.resolvers.context import Services

Check = Callable[[Request], Awaitable[Response]]


def _told(status: int, payload: dict[str, object]) -> Response:
    return Response(encoded(payload), status, media_type="application/json")


async def healthz(_request: Request) -> Response:
    """Say that the event loop turns; touches nothing else."""
    return _told(200, {"status": "ok"})


def readyz(services: Services) -> Check:
    """Make the check that says 503 with reasons while the process cannot serve."""

    async def check(_request: Request) -> Response:
        reasons = await _reasons(services)
        if reasons:
            return _told(503, {"status": "not ready", "reasons": reasons})
        return _told(200, {"status": "ready"})

    return check


async def _reasons(services: Services) -> list[str]:
    reasons: list[str] = []
    if not await services.store.ready():
        reasons.append("The database does not answer or lacks this release's tables: run ventanilla migrate.")
    if not any(listing.manifest for listing in services.registry.listings()):
        reasons.append("No adapter can be used: run ventanilla adapter list.")
    return reasons
