"""``ventanilla worker`` and ``ventanilla letters``: sending letters, and how those of a manager fare."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime

import typer

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway import logs
from ventanilla.gateway.cli.serving import check_secret, say, with_store
from ventanilla.gateway.errands import errands
from ventanilla.gateway.letters import sending_letters
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings, load
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store import letters, managers
from ventanilla.store.letter_queues import Queue, Trouble, queue
from ventanilla.store.letters import LetterState
from ventanilla.store.managers import UnknownManagerError
from ventanilla.store.store import Store


def send_letters() -> None:
    """Send letters until SIGTERM or SIGINT. The database must have this release's tables."""
    settings = load()
    logs.configure(as_json=settings.production or not sys.stderr.isatty(), messages=not settings.production)
    master = check_secret(settings)
    asyncio.run(with_store(lambda store: _send(store, settings, master), settings))


async def _send(store: Store, settings: Settings, master: Keys) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    registry = Registry.discover(settings.adapters)
    # It asks for what decides access, and nothing of that is ever served from memory.
    offices = Offices(registry, settings.data / "offices", utc_now, remembered=1)
    platforms = Platforms(PlatformRegistry.discover(), Asking())
    others = errands(store, registry, offices, platforms)
    offices.start()
    try:
        async with sending_letters(settings, store, master, others=others):
            say("ready to send letters\n")
            await stopping.wait()
    finally:
        await platforms.close()
        await offices.close()


def tell_letters(slug: str, *, retry: bool) -> None:
    """Print how the letters of a manager fare, or first put those back that were given up."""
    found, again = asyncio.run(with_store(lambda store: _look(store, slug, retry=retry)))
    if retry:
        typer.echo(f"{again} of {slug} will be tried again.\n")
    for line in _counts(slug, found):
        typer.echo(line)
    for trouble in found.troubles:
        typer.echo(_trouble(trouble))
    if found.counts.get(LetterState.FAILED):
        typer.echo(f"Once the cause is mended, send what failed again: ventanilla letters {slug} --retry", err=True)


async def _look(store: Store, slug: str, *, retry: bool) -> tuple[Queue, int]:
    if await managers.get(store, slug) is None:
        raise UnknownManagerError(slug)
    again = 0
    if retry:
        async with store.work(slug) as work:
            again = await letters.retry(work, utc_now())
    return await queue(store, slug), again


def _counts(slug: str, found: Queue) -> list[str]:
    shown = [state for state in LetterState if state is not LetterState.VOID]  # which none of these comes to be
    oldest = f"oldest due {_moment(found.oldest_due)}" if found.oldest_due else "nothing waits"
    return [f"{slug}: {oldest}", *(f"{state:<10} {found.counts.get(state, 0):>7}" for state in shown)]


def _trouble(trouble: Trouble) -> str:
    when = "failed" if trouble.state is LetterState.FAILED else "again"
    why = f"{trouble.failure}{f' ({trouble.code})' if trouble.code else ''}"
    return f"{trouble.id} {trouble.kind:<18} {when:<6} {_moment(trouble.at)} after {trouble.tries} tries: {why}"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
