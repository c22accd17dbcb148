"""Fresh stores and managers for the tests of `store` and `auth`."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copyfile
from uuid import uuid4

import asyncpg
import pytest
from sqlmodel import delete

from tests.tables import migrated_file
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store import managers
from ventanilla.store.manager import Contact, Manager, OfficeChoice
from ventanilla.store.migrations import run
from ventanilla.store.store import Store
from ventanilla.store.tables import ManagerRow


def manager_named(slug: str, *hosts: str) -> Manager:
    """A manager with one office; without `hosts`, the one that is named after it."""
    return Manager(
        slug=slug,
        name=slug.title(),
        hosts=hosts or (f"{slug}.example",),
        country="PL",
        locale="pl-PL",
        languages=("pl",),
        currency="PLN",
        time_zone="Europe/Warsaw",
        licences={Licence.RENT: "main"},
        offices={"main": OfficeChoice(adapter="embedded")},
        contact=Contact(email=f"office@{slug}.example"),
    )


@asynccontextmanager
async def database(kind: str, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """The URL of an empty database of that kind, which is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite://{folder}/store.sqlite"
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"store_{uuid4().hex}"
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        yield server.rpartition("/")[0] + f"/{name}"
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of an empty database, once for each kind."""
    async with database(request.param, request, tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """A migrated PostgreSQL database for a whole folder: making one for each test would take most of its time."""
    name = f"store_{uuid4().hex}"
    url = postgres_url.rpartition("/")[0] + f"/{name}"

    async def make() -> None:
        admin = await asyncpg.connect(postgres_url)
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
        await run.upgrade(url)

    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, make()).result()
    return url


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """A migrated SQLite database to be copied."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, migrated_file()).result()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where `store` is."""
    if request.param == "sqlite":
        copied = copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "store.sqlite")
        return f"sqlite://{copied}"
    return request.getfixturevalue("migrated_postgres")


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """A migrated store that holds the managers ``norte`` and ``sur``, and nothing else."""
    found = Store(store_url)
    await found.open()
    try:
        await found.migrate()
        async with found.work() as work:
            await work.exec(delete(ManagerRow))
        for slug in ("norte", "sur"):
            await managers.add(found, manager_named(slug), source="test")
        yield found
    finally:
        await found.close()
