"""Processes that take notifications and book what they tell, to be killed: each is forked from one that is ready.

``python -P tests/gateway/nest.py DATABASE FOLDER LEASE`` tells its port. For each line that it reads it waits until the
process before is dead, begins another one, and tells its id. All listen on one socket: nobody is turned away between.
"""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from tests.cash_desk import CashDesk, platforms
from tests.gateway.test_payments import portal
from tests.world import SECRET
from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway import logs
from ventanilla.jobs.bookings import Bookings
from ventanilla.jobs.letters import Desk
from ventanilla.jobs.worker import Worker
from ventanilla.mail.post_office import PostOffice
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Services
from ventanilla.resolvers.watching import Watching
from ventanilla.store import platform_payments
from ventanilla.store.store import Store


def now() -> datetime:
    return datetime.now(UTC)


async def serve(listener: socket.socket, url: str, folder: Path, lease: timedelta) -> None:
    bell = asyncio.Event()
    registry, store, keys = Registry.discover(), Store(url), Keys(SECRET)
    offices = Offices(registry, folder, now)
    await store.open()
    services = Services(
        store=store,
        registry=registry,
        offices=offices,
        keys=keys,
        clock=now,
        papers=Papers(),
        watching=Watching(now),
        platforms=platforms(CashDesk()),
        wake_worker=bell.set,
    )
    desk = Desk(store=store, keys=keys, clock=now, office=PostOffice(), serves_all=False)
    Worker(desk, bell, poll_s=0.05, others=[Bookings(store=store, offices=offices, clock=now, lease=lease)]).open()
    server = uvicorn.Server(uvicorn.Config(portal(services), lifespan="off", log_config=None, access_log=False))
    await server.serve([listener])


async def warm(url: str) -> None:
    """Import whatever is imported when it is first used, so that those who are forked need not."""
    Registry.discover().get("embedded")
    uvicorn.Config(portal, lifespan="off", log_config=None).load()
    store = Store(url)
    await store.open()
    async with store.work("sur") as work:
        await platform_payments.of_checkout(work, "")
    await store.close()


def main(url: str, folder: str, lease_s: str) -> None:
    logs.configure(as_json=True)
    asyncio.run(warm(url))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(100)
    _tell(listener.getsockname()[1])
    before = 0
    for _ in sys.stdin:
        if before:
            os.waitpid(before, 0)
        before = os.fork()
        if not before:
            asyncio.run(serve(listener, url, Path(folder), timedelta(seconds=float(lease_s))))
            return
        _tell(before)


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
