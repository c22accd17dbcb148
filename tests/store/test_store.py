"""The store's life, transactions and migrations."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import anyio
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlmodel import SQLModel, col, select, update

from tests.postgres import Line
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.store.engine import StoreError, make_engine
from ventanilla.store.migrations import HEAD, run
from ventanilla.store.store import Store
from ventanilla.store.tables import ManagerRow, PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_migrating_an_empty_database_makes_it_ready(url: str) -> None:
    store = Store(url)
    await store.open()
    try:
        assert not await store.ready()
        await store.migrate()
        assert await store.ready()
        await store.migrate()
        assert [tuple(row) for row in await store.rows("SELECT version_num FROM store_version")] == [(HEAD,)]
    finally:
        await store.close()


async def test_many_processes_may_migrate_at_once(url: str) -> None:
    await asyncio.gather(*(run.upgrade(url) for _ in range(3)))
    store = Store(url)
    await store.open()
    try:
        assert await store.ready()
    finally:
        await store.close()


async def test_migrations_end_where_the_tables_are(url: str) -> None:
    await run.upgrade(url)
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()


def differences(connection: Connection) -> list[object]:
    options = {key: value for key, value in run.configured(connection).items() if key != "connection"}
    return compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)


def test_head_names_the_newest_revision(tmp_path: Path) -> None:
    found = Config()
    found.set_main_option("script_location", str(Path(run.__file__).parent))
    found.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(found).get_current_head() == HEAD


async def test_a_migration_can_be_undone(url: str) -> None:
    await run.upgrade(url)
    engine = make_engine(url, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda each: partial(command.downgrade, revision="base")(run.config(each)))
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) != []
    finally:
        await engine.dispose()


async def test_a_newer_database_is_refused(url: str) -> None:
    await run.upgrade(url)
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE store_version SET version_num = '9999'")
    await engine.dispose()
    store = Store(url)
    await store.open()
    try:
        assert not await store.ready()
        with pytest.raises(StoreError, match="newer release"):
            await store.migrate()
    finally:
        await store.close()


@pytest.mark.parametrize("bad", ["mysql://a/b", "sqlite://", "sqlite:relative", "", "postgresql"])
def test_other_urls_are_refused_with_what_to_write(bad: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///absolute"):
        Store(bad)


def test_a_store_does_not_tell_its_password() -> None:
    assert "hunter2" not in repr(Store("postgresql://me:hunter2@127.0.0.1/x"))


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    store = Store("postgresql://me@127.0.0.1:1/x")
    assert not await store.ready()
    with pytest.raises(DatabaseUnavailableError):
        async with store.work():
            pass


async def test_a_database_that_hangs_is_unavailable_and_comes_back(
    migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.backoffice_adapters.database_postgres._LEAVING_S", 0.2)
    monkeypatch.setattr("ventanilla.store.store.READ_S", 0.2)
    monkeypatch.setattr("ventanilla.store.store.STATEMENT_S", 0.2)
    line = Line(migrated_postgres)
    async with line.laid() as url:
        store = Store(url)
        await store.open()
        async with store.work() as work:
            await work.exec(select(ManagerRow))
        line.cut()
        assert not await store.ready()
        with pytest.raises(DatabaseUnavailableError):
            await store.rows("SELECT 1")
        with pytest.raises(DatabaseUnavailableError):
            async with store.work():
                pass
        line.mend()
        with anyio.fail_after(30):
            assert await store.ready()
            with pytest.raises(DatabaseUnavailableError):
                await _cut_off_at_work(store, line)
        await store.close()


async def _cut_off_at_work(store: Store, line: Line) -> None:
    async with store.work() as work:
        await work.exec(select(ManagerRow))
        line.cut()
        await work.exec(select(ManagerRow))


async def test_an_exception_undoes_the_whole_unit(store: Store) -> None:
    async def fail() -> None:
        async with store.work() as work:
            await work.exec(update(ManagerRow).values(source="changed"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert {row[0] for row in await store.rows("SELECT source FROM manager")} == {"test"}


async def test_a_cancelled_unit_leaves_nothing_and_blocks_nobody(store: Store) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with store.work() as work:
            await work.exec(update(ManagerRow).values(source="changed"))
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.work() as work:
        assert set(await work.exec(select(ManagerRow.source))) == {"test"}


async def test_no_update_is_lost(store: Store) -> None:
    async def add_one() -> None:
        async with store.work() as work:
            row = (await work.exec(select(ManagerRow).where(col(ManagerRow.slug) == "sur").with_for_update())).one()
            await asyncio.sleep(0)
            row.version += 1

    before = (await store.rows("SELECT version FROM manager WHERE slug = 'sur'"))[0][0]
    await asyncio.gather(*(add_one() for _ in range(100)))
    assert (await store.rows("SELECT version FROM manager WHERE slug = 'sur'"))[0][0] == before + 100


async def test_moments_sort_and_come_back_alike(store: Store) -> None:
    zone = timezone(timedelta(hours=-5))
    moments = [
        NOW.replace(microsecond=1),
        NOW,
        (NOW + timedelta(seconds=1)).astimezone(zone),
        NOW - timedelta(days=400),
    ]
    async with store.work("sur") as work:
        for place, moment in enumerate(moments):
            names = {"given_name": "A", "family_name": "B"}
            work.add(PersonRow(id=str(place), email=f"{place}@x.pl", created_at=moment, **names))
    async with store.work("sur") as work:
        found = (await work.exec(select(PersonRow.created_at).order_by(col(PersonRow.created_at)))).all()
        later = (await work.exec(select(PersonRow.id).where(col(PersonRow.created_at) > NOW))).all()
    assert list(found) == sorted(moments)
    assert set(later) == {"0", "2"}


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        async with store.work("sur") as work:
            await work.exec(select(PersonRow).where(col(PersonRow.created_at) > datetime(2026, 1, 1)))  # noqa: DTZ001  that is the point
