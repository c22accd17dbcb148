"""Letters of this process: which mail server they leave by, and the worker that sends them and runs other errands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from ventanilla.auth.keys import Keys
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.jobs.letters import Desk
from ventanilla.jobs.worker import Errand, Worker
from ventanilla.mail.mailbox import MailboxTransport
from ventanilla.mail.post_office import PostOffice
from ventanilla.mail.server_url import transport_of_url
from ventanilla.store.store import Store


@asynccontextmanager
async def sending_letters(
    settings: Settings,
    store: Store,
    keys: Keys,
    bell: asyncio.Event | None = None,
    others: Sequence[Errand] = (),
) -> AsyncGenerator[None]:
    """Send letters, and run `others`, as long as the block lasts; `bell` is rung when something new waits."""
    office = _post_office(settings)
    desk = Desk(store=store, keys=keys, clock=utc_now, office=office or PostOffice(), serves_all=office is not None)
    worker = Worker(desk, bell, others=others)
    worker.open()
    try:
        yield
    finally:
        await worker.close()


def _post_office(settings: Settings) -> PostOffice | None:
    """Who knows a way for every manager's letters; None where only managers with a server of their own have one."""
    if settings.smtp:
        transport = transport_of_url(settings.smtp.get_secret_value())
        return PostOffice(lambda _slug: transport, settings.sender)
    if folder := settings.mailbox:
        return PostOffice(lambda slug: MailboxTransport(folder / slug), settings.sender)
    return None
