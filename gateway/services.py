"""What a process opens once and closes once: the store, the offices, what watches them, the makers of papers, keys."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from ventanilla.auth import keys
from ventanilla.auth.providers.metadata import Providers
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.settings import Settings
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Services, nobody_waits
from ventanilla.resolvers.watching import Watching
from ventanilla.store.store import Store


def utc_now() -> datetime:
    """Tell the present; the one clock that is not a test's."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_services(
    settings: Settings,
    wake_worker: Callable[[], None] = nobody_waits,
    coordinates: Mapping[str, str | None] | None = None,
) -> AsyncGenerator[Services]:
    """Open everything and close it again, in the opposite order.

    `wake_worker` is for the worker of this process, `coordinates` are those of the schema that is served.
    """
    master = keys.load(settings.secret.get_secret_value() or None, settings.data)
    registry = Registry.discover(settings.adapters)
    store = Store(settings.database)
    offices = Offices(registry, settings.data / "offices", utc_now)
    providers = Providers()
    papers = Papers(workers=settings.paper_workers)
    platforms = Platforms(PlatformRegistry.discover(), Asking())
    watching = Watching(utc_now, interval_s=settings.watch_interval_s)
    await store.open()
    offices.start()
    try:
        yield Services(
            store=store,
            registry=registry,
            offices=offices,
            keys=master,
            clock=utc_now,
            papers=papers,
            watching=watching,
            platforms=platforms,
            wake_worker=wake_worker,
            providers=providers,
            refused=RefusedPasswords.load(settings.refused_passwords),
            coordinates=coordinates or {},
        )
    finally:
        await providers.close()
        await platforms.close()
        await watching.close()
        await papers.close()
        await offices.close()
        await store.close()
