"""What the commands do with the store and the server, with settings from the environment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

from ventanilla.auth import keys
from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway import logs
from ventanilla.gateway.mistake import MistakeError
from ventanilla.gateway.settings import Settings, load
from ventanilla.store import managers
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store

T = TypeVar("T")


def serve(host: str, port: int, *, descriptor: int | None, grace_s: int) -> None:
    """Serve until told to stop, on a socket that was handed over or else at `host` and `port`.

    The database must have this release's tables. What is under way when a stop is asked for may take `grace_s` more.
    """
    from ventanilla.gateway.app import create_app  # noqa: PLC0415  the other commands need none of the schema
    from ventanilla.gateway.listening import address_of, handed_over, inherited, listen  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.server import run  # noqa: PLC0415  only when it runs
    from ventanilla.schema.schema import build  # noqa: PLC0415  only when it runs

    settings = load()
    as_json = settings.production or not sys.stderr.isatty()
    logs.configure(as_json=as_json, messages=not settings.production, patience_s=logs.PATIENCE_S)
    asyncio.run(with_store(_nothing, settings))
    check_secret(settings)
    handed = handed_over() if descriptor is None else [inherited(descriptor)]
    sockets = handed or listen(host, [port])
    told = "".join(f"ready at {address_of(listener)}\n" for listener in sockets)
    app = create_app(settings, build())
    run(app, sockets, lambda: say(told), grace_s=grace_s, message_limit=settings.body_limit)


def migrate() -> None:
    """Bring the tables of the database that the settings name to this release."""
    asyncio.run(_migrate(load()))


async def with_store(work: Callable[[Store], Awaitable[T]], settings: Settings | None = None) -> T:
    """Do `work` with the store open; `MistakeError` if the database does not answer or is not migrated."""
    store = await _opened(settings or load())
    try:
        if not await store.ready():
            raise MistakeError("The database lacks this release's tables. Run: ventanilla migrate")
        return await work(store)
    finally:
        await store.close()


async def all_managers(store: Store) -> list[Manager]:
    """Every manager, by slug."""
    found: list[Manager] = []
    more = True
    while more:
        part = await managers.listing(store, after=found[-1].slug if found else "")
        found.extend(stored.manager for stored in part.items)
        more = part.more
    return found


def say(line: str) -> None:
    """Tell whoever started this process, at once."""
    sys.stdout.write(line)
    sys.stdout.flush()


def check_secret(settings: Settings) -> Keys:
    """Read or make the secret before anything listens: a mistake is told in a line, not by a failed start."""
    with _data_told(settings):
        return keys.load(settings.secret.get_secret_value() or None, settings.data)


@contextmanager
def _data_told(settings: Settings) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise MistakeError(
            f"VENTANILLA_DATA: {settings.data} cannot be used ({error.strerror}). Name a folder of this user's own."
        ) from None


async def _nothing(_store: Store) -> None:
    pass


async def _migrate(settings: Settings) -> None:
    with _data_told(settings):
        settings.data.mkdir(parents=True, exist_ok=True)
    store = await _opened(settings)
    try:
        await store.migrate()
    finally:
        await store.close()


async def _opened(settings: Settings) -> Store:
    store = Store(settings.database)
    try:
        await store.open()
    except DatabaseUnavailableError:
        raise MistakeError(
            "The database does not answer. Check VENTANILLA_DATABASE_URL and VENTANILLA_DATA, "
            "and on first use run: ventanilla migrate"
        ) from None
    return store
