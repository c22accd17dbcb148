"""Strawberry as people write it, to measure against: the same tables and the same part of the schema.

Ordinary types and resolvers, DataLoaders, SQLModel's ORM over asyncpg, Strawberry's view for Starlette and uvicorn,
each with its defaults. It shares no code with the gateway and only reads.

Run it with ``python -P benchmarks/stock/app.py --port 8010 --database postgresql://…``; it serves ``POST /graphql``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import strawberry
import uvicorn
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks.stock.context import Context, Info, person_of, zones  # noqa: E402  found only now
from benchmarks.stock.nodes import SCALARS  # noqa: E402
from benchmarks.stock.people import Viewer  # noqa: E402


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    def viewer(self, info: Info) -> Viewer | None:
        """The person who is signed in."""
        person = info.context.person
        return Viewer.from_row(person) if person else None


class Window(GraphQL[Context, None]):
    """Strawberry's view, with a context that knows who asks."""

    def __init__(self, schema: strawberry.Schema, engine: AsyncEngine) -> None:
        super().__init__(schema)
        self._sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        self._zones: dict[str, ZoneInfo] = {}

    async def open(self) -> None:
        """Learn the managers' time zones."""
        self._zones = await zones(self._sessions)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Sign the bearer in."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        person = await person_of(self._sessions, token) if scheme.lower() == "bearer" else None
        return Context(sessions=self._sessions, zones=self._zones, person=person)


def create_app(url: str) -> Starlette:
    """The application on the database at ``postgresql://…``."""
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), pool_size=20)
    schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
    window = Window(schema, engine)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await window.open()
        yield
        await engine.dispose()

    return Starlette(routes=[Route("/graphql", window)], lifespan=lifespan)


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True, help="postgresql://user:password@host:port/name")
    chosen = parser.parse_args()
    uvicorn.run(create_app(chosen.database), host="127.0.0.1", port=chosen.port)


if __name__ == "__main__":
    main()
