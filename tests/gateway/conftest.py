"""A gateway in this process: real database, real sign-ins, and a schema small enough to see through."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import GraphQLSchema, build_schema

from ventanilla.auth import people, sessions
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.execution.fields import DECLARATION, Call
from ventanilla.gateway.app import create_app
from ventanilla.gateway.settings import Settings
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store import managers
from ventanilla.store.manager import Contact, Manager, OfficeChoice
from ventanilla.store.store import Store

UNTOLD = "postgresql://root:hunter2@10.0.0.1"
"""What exceptions say in these tests, and neither clients nor logs do."""

SDL = """
type Query {
  hello(name: String = "you"): String
  who: String
  portal: String
  language: String
  address: String
  first(count: Int! = 1): Int
  refused: String
  bug: String
  busy: String
  must: String!
  document: String
}
type Mutation { enter: String  leave: Boolean }
"""


async def who(context: Context) -> str | None:
    return context.actor.name


async def portal(context: Context) -> str:
    return context.manager.slug


async def refused(_context: Context) -> str:
    raise Problem(ProblemCode.BACK_OFFICE_TIMEOUT, retryable=True)


async def bug(_context: Context) -> str:
    raise RuntimeError(UNTOLD)


async def busy(_context: Context) -> str:
    raise DatabaseUnavailableError(UNTOLD)


async def enter(context: Context) -> str:
    context.reply.session = await _issue(context.services.store, context.manager.slug)
    return "entered"


async def leave(context: Context) -> bool:
    context.reply.session = ""
    return True


def _echo(value: Callable[[Context], str]) -> Callable[[Context], Any]:
    async def answer(context: Context) -> str:
        return value(context)

    return answer


async def hello(_context: Context, name: str) -> str:
    return f"Hello, {name}"


async def first(_context: Context, count: int) -> int:
    return count


async def nothing(_context: Context) -> None:
    return None


FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Query": {
        "hello": hello,
        "who": who,
        "portal": portal,
        "language": _echo(lambda context: context.language),
        "address": _echo(lambda context: context.address),
        "first": first,
        "refused": refused,
        "bug": bug,
        "busy": busy,
        "must": nothing,
        "document": nothing,
    },
    "Mutation": {"enter": enter, "leave": leave},
}


def small_schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    for kind, fields in FIELDS.items():
        for name, function in fields.items():
            schema.type_map[kind].fields[name].extensions = {DECLARATION: Call(function)}
    return schema


def manager(slug: str, *hosts: str) -> Manager:
    return Manager(
        slug=slug,
        name=f"{slug.title()} & Cía.",
        hosts=hosts,
        country="AR",
        locale="es-AR",
        languages=("es-AR", "en"),
        currency="ARS",
        time_zone="America/Argentina/Buenos_Aires",
        licences={Licence.UTILITY: "office"},
        offices={"office": OfficeChoice(adapter="embedded")},
        contact=Contact(email="hola@aguas.example"),
    )


async def _issue(store: Store, slug: str) -> str:
    now = datetime.now(UTC)
    async with store.work(slug) as work:
        person = await people.add_person(
            work, email=f"{now.timestamp()}@example.com", password=None, given_name="Ana", family_name="Paz", now=now
        )
        return (await sessions.issue(work, person.id, now=now)).token


class Gateway:
    """A running gateway and what one may do to it."""

    def __init__(self, app: Any, store: Store) -> None:
        self.app = app
        self.store = store

    def client(
        self, at: str = "aguas.example", /, *, scheme: str = "http", peer: str = "203.0.113.9", **headers: str
    ) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app, client=(peer, 4711))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://{at}", headers=named)

    async def ask(self, query: str, at: str = "aguas.example", /, **headers: str) -> httpx2.Response:
        async with self.client(at, **headers) as client:
            return await client.post("/graphql", json={"query": query})

    async def token(self, slug: str = "aguas") -> str:
        return await _issue(self.store, slug)


Start = Callable[..., AbstractAsyncContextManager[Gateway]]


@asynccontextmanager
async def _running(settings: Settings, **options: Any) -> AsyncGenerator[Gateway]:
    settings.data.mkdir(parents=True, exist_ok=True)
    store = Store(settings.database)
    await store.open()
    try:
        await store.migrate()
        await managers.add(store, manager("aguas", "aguas.example", "127.0.0.1:8001"), source="test")
        await managers.add(store, manager("lares", "lares.example", "127.0.0.1:8002"), source="test")
        app = create_app(settings, small_schema(), **options)
        async with app.router.lifespan_context(app):
            yield Gateway(app, store)
    finally:
        await store.close()


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a gateway with settings and options of one's own."""

    def begin(options: Mapping[str, Any] | None = None, **settings: Any) -> AbstractAsyncContextManager[Gateway]:
        return _running(Settings(**{"data": tmp_path, **settings}), **(options or {}))

    return begin


@pytest.fixture
async def gateway(start: Start) -> AsyncIterator[Gateway]:
    """A gateway for development, with two managers."""
    async with start() as running:
        yield running
