"""``ventanilla demo``: everything in one process and one folder."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ventanilla.gateway import logs
from ventanilla.gateway.app import create_app
from ventanilla.gateway.application import Application
from ventanilla.gateway.console.routes import SignIn
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.demo.examples import InProcess, examples_folder, pages, site
from ventanilla.gateway.demo.keeping import STALE_AFTER, DemoFolder, DemoNote, edition
from ventanilla.gateway.demo.paying import Front, configured, simulated
from ventanilla.gateway.demo.people import PASSWORD
from ventanilla.gateway.demo.seed import keep_managers, manager_at, seed, steps_of
from ventanilla.gateway.demo.start_page import Portal, StartPage
from ventanilla.gateway.listening import listen
from ventanilla.gateway.server import run
from ventanilla.gateway.services import open_services, utc_now
from ventanilla.gateway.settings import Environment, Settings
from ventanilla.payments.simulators.app import delivering
from ventanilla.payments.simulators.simulator import Simulator
from ventanilla.resolvers.context import Services
from ventanilla.schema.schema import build
from ventanilla.store.manager import Manager

ADDRESS: Final = "127.0.0.1"


def run_demo(port: int, data: Path, *, fresh: bool) -> None:
    """Serve the demo at `port` and the ports after it until told to stop; `fresh` writes its data anew."""
    logs.configure(as_json=False, level=logging.WARNING, messages=True)
    sockets = listen(ADDRESS, range(port, port + 1 + len(DEMO)))
    folder = DemoFolder(data)
    with folder.locked():
        found = [manager_at(demo, port + 1 + index) for index, demo in enumerate(DEMO)]
        managers = [configured(manager, port, folder.path) for manager in found]
        settings = _settings(folder.path)
        anchor = asyncio.run(_prepare(folder, settings, managers, fresh=fresh))
        shown = zip(DEMO, managers, strict=True)
        portals = [Portal.of(demo, manager, port, settings.data, pages()) for demo, manager in shown]
        stale = utc_now().date() - anchor > STALE_AFTER
        page = StartPage(portals, port, folder.path, anchor, stale=stale)
        with simulated(managers, port, folder.path) as simulators:
            app = _app(settings, page, port, simulators)
            run(app, sockets, lambda: _announce(page), grace_s=1, message_limit=settings.body_limit)


def _settings(data: Path) -> Settings:
    """Settings of the demo alone: what the environment says of a real gateway is not for it."""
    return Settings(
        environment=Environment.DEVELOPMENT,
        data=data,
        database_url=None,
        secret=SecretStr(""),
        trusted_proxies=(),
        adapters=None,
        cookie_secure=None,
        introspection=True,
        console=True,
        docs=None,
        refused_passwords=None,
        worker=True,
        smtp=SecretStr(""),
        sender=None,
    )


async def _prepare(folder: DemoFolder, settings: Settings, managers: Sequence[Manager], *, fresh: bool) -> date:
    """Write what is missing and tell the day that the demo's papers were written around."""
    note = folder.note()
    if note is None or fresh or not note.complete or note.edition != edition():
        note = DemoNote(anchor=utc_now().date(), complete=False, edition=edition())
        folder.write(note)  # before anything is deleted: a start that is cut off here is begun anew
        folder.clear()
    async with open_services(settings) as services:
        await services.store.migrate()
        await keep_managers(services, list(managers))
        if not note.complete:
            await _seed_all(services, managers, note.anchor)
            folder.write(msgspec.structs.replace(note, complete=True))
    return note.anchor


async def _seed_all(services: Services, managers: Sequence[Manager], anchor: date) -> None:
    columns = TextColumn("[progress.description]{task.description:<60.60}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Setting up", total=sum(steps_of(demo) for demo in DEMO))

        def report(doing: str) -> None:
            progress.update(task, advance=1, description=doing)

        for demo, manager in zip(DEMO, managers, strict=True):
            await seed(services, demo, manager, anchor, report)


def _app(settings: Settings, page: StartPage, port: int, simulators: Sequence[Simulator]) -> Application:
    sign_ins = {
        demo.slug: [
            SignIn(label=f"{person.name}: {person.shows}", email=person.email, password=PASSWORD)
            for person in demo.everybody
        ]
        for demo in DEMO
    }
    shown = "" if port == 80 else f":{port}"
    front = Front(page, simulators)
    fronts = {f"{name}{shown}": front for name in ("localhost", ADDRESS)}
    folder, inside = examples_folder(), InProcess()
    app = create_app(settings, build(), sign_ins=sign_ins, fronts=fronts, site=site(folder, inside) if folder else None)
    inside.app = app
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: Application) -> AsyncGenerator[None]:
        async with opened(served), delivering(simulators):
            yield

    app.router.lifespan_context = lifespan
    return app


def _announce(page: StartPage) -> None:
    sys.stdout.write(page.in_words())
    sys.stdout.flush()
