"""A gateway in this process: real database, real sign-ins, and a schema small enough to see through."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from graphql import GraphQLSchema, build_schema

from tests.tables import opened
from ventanilla.auth import people, sessions
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.execution.fields import DECLARATION, Batch, Call, Column, Declaration, Source
from ventanilla.gateway import logs
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
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
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
  slow: String
}
type Mutation { enter: String  leave: Boolean  change: String }
type Subscription { rings: Ring  broken: Int }
type Ring { number: Int  who: String  bug: String  long: String }
"""


class Bell:
    """What `rings` tells of: how often it was rung. Who listens is counted."""

    def __init__(self) -> None:
        self.rung = 0
        self.listeners = 0
        self._changed = asyncio.Condition()
        self.begun = asyncio.Event()
        self.going_on = asyncio.Event()
        self.changed = asyncio.Event()

    async def slow(self, _context: Context) -> str:
        self.begun.set()
        await self.going_on.wait()
        return "done"

    async def change(self, context: Context) -> str:
        told = await self.slow(context)
        self.changed.set()
        return told

    async def ring(self) -> None:
        self.rung += 1
        await self._tell()

    async def listen(self, _context: Context) -> AsyncGenerator[int]:
        self.listeners += 1
        told = -1
        try:
            while True:
                told = await self._after(told)
                yield told
        finally:
            self.listeners -= 1
            await self._tell()

    async def _after(self, told: int) -> int:
        async with self._changed:
            await self._changed.wait_for(lambda: self.rung > told)
            return self.rung

    async def until(self, listeners: int) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: self.listeners == listeners)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def broken(_context: Context) -> AsyncGenerator[int]:
    yield 1
    raise RuntimeError(UNTOLD)


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


async def each_who(context: Context, rings: Sequence[int]) -> list[str | None]:
    return [context.actor.name for _ in rings]


async def each_bug(_context: Context, _rings: Sequence[int]) -> list[str]:
    raise RuntimeError(UNTOLD)


OF_RING: Mapping[str, Declaration] = {
    "number": Column(lambda _context, rings: rings),
    "long": Column(lambda _context, rings: ["x" * 200_000 for _ in rings]),
    "who": Batch(each_who),
    "bug": Batch(each_bug),
}


def small_schema(bell: Bell | None = None) -> GraphQLSchema:
    schema, bell = build_schema(SDL), bell or Bell()
    declared: Mapping[str, Mapping[str, Declaration]] = {
        **{kind: {name: Call(function) for name, function in fields.items()} for kind, fields in FIELDS.items()},
        "Subscription": {"rings": Source(bell.listen), "broken": Source(broken)},
        "Ring": OF_RING,
    }
    schema.type_map["Query"].fields["slow"].extensions = {DECLARATION: Call(bell.slow)}
    schema.type_map["Mutation"].fields["change"].extensions = {DECLARATION: Call(bell.change)}
    for kind, fields in declared.items():
        for name, declaration in fields.items():
            schema.type_map[kind].fields[name].extensions = {DECLARATION: declaration}
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

    def __init__(self, app: Any, store: Store, bell: Bell) -> None:
        self.app = app
        self.store = store
        self.bell = bell

    @property
    def begun(self) -> asyncio.Event:
        """Set once `slow` is under way."""
        return self.bell.begun

    @property
    def going_on(self) -> asyncio.Event:
        """To be set to let `slow` end."""
        return self.bell.going_on

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

    async def end_sessions(self, slug: str = "aguas") -> None:
        """Let every session be over, as if its time had come."""
        async with self.store.work(slug) as work:
            assert await sessions.sweep(work, datetime.max.replace(tzinfo=UTC))


Start = Callable[..., AbstractAsyncContextManager[Gateway]]


@asynccontextmanager
async def _running(settings: Settings, **options: Any) -> AsyncGenerator[Gateway]:
    settings.data.mkdir(parents=True, exist_ok=True)
    store = await opened(settings.database)
    try:
        await managers.add(store, manager("aguas", "aguas.example", "127.0.0.1:8001"), source="test")
        await managers.add(store, manager("lares", "lares.example", "127.0.0.1:8002"), source="test")
        bell = Bell()
        app = create_app(settings, small_schema(bell), **options)
        async with app.router.lifespan_context(app):
            yield Gateway(app, store, bell)
    finally:
        await store.close()


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a gateway with settings and options of one's own."""

    def begin(options: Mapping[str, Any] | None = None, **settings: Any) -> AbstractAsyncContextManager[Gateway]:
        return _running(Settings(**{"data": tmp_path, "worker": False, **settings}), **(options or {}))

    return begin


@pytest.fixture
async def gateway(start: Start) -> AsyncIterator[Gateway]:
    """A gateway for development, with two managers."""
    async with start() as running:
        yield running


@pytest.fixture
def loggers_as_they_were() -> Iterator[None]:
    """Put back what `logs.configure` changes; the client, which runs in the same process, logs nothing of its side."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    logs.requests.straight = None
