"""Letters of this process: which mail server they leave by, and the worker that sends them and runs other errands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.jobs.access_generation import Generating
from ventanilla.jobs.bookings import Bookings
from ventanilla.jobs.checkout_status import CheckoutStatus
from ventanilla.jobs.letters import Desk
from ventanilla.jobs.payment_hints import Hints
from ventanilla.jobs.reconciliation import Reconciliation
from ventanilla.jobs.reconciling import Reconciling
from ventanilla.jobs.refunds import Refunding
from ventanilla.jobs.worker import Errand, Worker
from ventanilla.mail.mailbox import MailboxTransport
from ventanilla.mail.post_office import PostOffice
from ventanilla.mail.server_url import transport_of_url
from ventanilla.payments.platforms import Platforms
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


def generating_access(store: Store, registry: Registry, offices: Offices) -> Errand:
    """The errand of a worker that generates batches of access."""
    return Generating(store=store, registry=registry, offices=offices, clock=utc_now)


def paying(store: Store, offices: Offices, platforms: Platforms) -> list[Errand]:
    """The errands of a worker that see to money: what platforms told, how checkouts stand, what offices are to book or
    take back, and whether all say the same."""
    return [
        Hints(store=store, platforms=platforms, clock=utc_now),
        CheckoutStatus(store=store, platforms=platforms, clock=utc_now),
        Bookings(store=store, offices=offices, clock=utc_now),
        Refunding(store=store, offices=offices, platforms=platforms, clock=utc_now),
        comparing_payments(store, offices, platforms),
    ]


def comparing_payments(store: Store, offices: Offices, platforms: Platforms) -> Reconciliation:
    """The errand of a worker that compares what we know of money with what platforms and offices say."""
    return Reconciliation(Reconciling(store=store, offices=offices, platforms=platforms, clock=utc_now))


def _post_office(settings: Settings) -> PostOffice | None:
    """Who knows a way for every manager's letters; None where only managers with a server of their own have one."""
    if settings.smtp:
        transport = transport_of_url(settings.smtp.get_secret_value())
        return PostOffice(lambda _slug: transport, settings.sender)
    if folder := settings.mailbox:
        return PostOffice(lambda slug: MailboxTransport(folder / slug), settings.sender)
    return None
