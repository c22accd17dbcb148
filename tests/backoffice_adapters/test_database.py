"""The door to SQL: alike on SQLite and PostgreSQL, exact, and safe when work fails, races or is cancelled."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import anyio
import asyncpg
import pytest

from tests.postgres import Line
from ventanilla.backoffice_adapters.database import (
    ConstraintError,
    Database,
    DatabaseUnavailableError,
    Dialect,
    TransactionOverError,
    stamp,
)

pytestmark = pytest.mark.anyio
GREAT = 2**53 + 1


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.open()
    async with database.write() as work:
        await work.execute("CREATE TABLE purse (name TEXT PRIMARY KEY, minor BIGINT NOT NULL)")
        await work.many("INSERT INTO purse VALUES ($1, $2)", [("ala", 0), ("ola", GREAT)])
    yield database
    await database.close()


async def minor(database: Database, name: str) -> int:
    [[found]] = await database.rows("SELECT minor FROM purse WHERE name = $1", [name])
    return found


async def long_read(database: Database) -> None:
    """Read for minutes unless somebody stops it."""
    if database.dialect is Dialect.POSTGRESQL:
        await database.rows("SELECT CAST(pg_sleep(300) AS TEXT)")
    await database.rows("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n")


# -- one text of SQL ---------------------------------------------------------------------------------------------


async def test_lists_and_repeated_arguments_read_alike(database: Database) -> None:
    sql = "SELECT name FROM purse WHERE name IN $1[] AND minor >= $2 AND (minor > $2 OR name <> $3) ORDER BY name"
    assert [row[0] for row in await database.rows(sql, [["ala", "ola", "ewa"], 0, "ala"])] == ["ola"]
    assert await database.rows(sql, [[], 0, "ala"]) == []


async def test_odd_texts_in_a_list_arrive_unchanged(database: Database) -> None:
    odd = ['"', "'; DROP TABLE purse; --", "żółw", "a,b", "{}", "\\", ""]
    async with database.write() as work:
        await work.many("INSERT INTO purse VALUES ($1, $2)", [(name, 1) for name in odd])
    found = await database.rows("SELECT name FROM purse WHERE name IN $1[]", [odd])
    assert sorted(row[0] for row in found) == sorted(odd)


async def test_money_is_exact_beyond_what_a_float_keeps(database: Database) -> None:
    async with database.write() as work:
        await work.execute("INSERT INTO purse VALUES ($1, $2)", ["most", 2**63 - 1 - GREAT])
    assert await minor(database, "ola") == GREAT
    [[total]] = await database.rows("SELECT CAST(SUM(minor) AS BIGINT) FROM purse")
    assert total == 2**63 - 1


async def test_execute_tells_how_many_rows_changed(database: Database) -> None:
    async with database.write() as work:
        assert await work.execute("UPDATE purse SET minor = minor + 1") == 2
        assert await work.execute("DELETE FROM purse WHERE name = $1", ["nobody"]) == 0
        await work.many("INSERT INTO purse VALUES ($1, $2)", [])


def test_a_stamp_sorts_as_time_does() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000, 10**12)]
    stamps = [stamp(moment.astimezone(timezone(timedelta(hours=step)))) for step, moment in enumerate(moments)]
    assert stamps == sorted(stamps)
    assert [datetime.fromisoformat(text) for text in stamps] == moments
    with pytest.raises(ValueError, match="aware"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001  what is refused is the lack of a zone


# -- transactions ------------------------------------------------------------------------------------------------


async def test_nothing_is_seen_before_the_commit_and_nothing_stays_of_a_failure(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = 5 WHERE name = 'ala'")
            assert await work.rows("SELECT minor FROM purse WHERE name = 'ala'") == [(5,)]
            assert await minor(database, "ala") == 0
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail_half_way()
    assert await minor(database, "ala") == 0
    async with database.write() as work:
        await work.execute("UPDATE purse SET minor = 6 WHERE name = 'ala'")
    assert await minor(database, "ala") == 6


async def test_a_broken_key_is_a_constraint_error(database: Database) -> None:
    async def repeat_a_key() -> None:
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = 7")
            await work.execute("INSERT INTO purse VALUES ('ala', 1)")

    with pytest.raises(ConstraintError):
        await repeat_a_key()
    assert await minor(database, "ala") == 0


async def test_a_swallowed_failure_commits_nothing(database: Database) -> None:
    async def carry_on() -> None:
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = 7")
            with pytest.raises(ConstraintError):
                await work.execute("INSERT INTO purse VALUES ('ala', 1)")
            with pytest.raises(TransactionOverError):
                await work.execute("UPDATE purse SET minor = 8")

    with pytest.raises(TransactionOverError, match="repeat"):
        await carry_on()
    assert await minor(database, "ala") == 0


async def test_work_ends_with_its_block(database: Database) -> None:
    async with database.write() as work:
        await work.execute("UPDATE purse SET minor = 7")
    with pytest.raises(TransactionOverError):
        await work.rows("SELECT 1")


async def test_no_update_is_lost_when_many_read_then_write(database: Database) -> None:
    async def add_one() -> None:
        async with database.write() as work:
            [[found]] = await work.rows("SELECT minor FROM purse WHERE name = 'ala' FOR UPDATE")
            await asyncio.sleep(0)
            await work.execute("UPDATE purse SET minor = $1 WHERE name = 'ala'", [found + 1])

    await asyncio.gather(*(add_one() for _ in range(100)))
    assert await minor(database, "ala") == 100


async def test_two_processes_lose_no_update(database: Database) -> None:
    other = Database(database.url)
    await other.open()

    async def add_one(one: Database) -> None:
        async with one.write() as work:
            [[found]] = await work.rows("SELECT minor FROM purse WHERE name = 'ala' FOR UPDATE")
            await work.execute("UPDATE purse SET minor = $1 WHERE name = 'ala'", [found + 1])

    await asyncio.gather(*(add_one(one) for one in (database, other) * 40))
    await other.close()
    assert await minor(database, "ala") == 80


# -- cancellation ------------------------------------------------------------------------------------------------


async def test_a_cancelled_read_stops_and_frees_its_place(database: Database) -> None:
    started = time.monotonic()
    for _ in range(3):
        with anyio.move_on_after(0.1):
            await long_read(database)
    assert await minor(database, "ola") == GREAT
    assert time.monotonic() - started < 30


async def test_cancelling_while_others_read_stops_nobody_else(database: Database) -> None:
    async def read_or_leave(number: int) -> int | None:
        with anyio.move_on_after(0.0005 * (number % 3) if number % 2 else None):
            return await minor(database, "ola")
        return None

    for _ in range(20):
        answers = await asyncio.gather(*(read_or_leave(number) for number in range(20)))
        assert answers[::2] == [GREAT] * 10


@pytest.mark.parametrize("delay", [0, 0.0002, 0.001, 0.005, 0.05])
async def test_a_cancelled_write_leaves_nothing_and_blocks_nobody(database: Database, delay: float) -> None:
    async def write_slowly() -> None:
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = minor + 1 WHERE name = 'ala'")
            await asyncio.sleep(60)

    writing = asyncio.create_task(write_slowly())
    await asyncio.sleep(delay)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await minor(database, "ala") == 0
    with anyio.fail_after(10):
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = 3 WHERE name = 'ala'")
    assert await minor(database, "ala") == 3


async def test_a_write_under_a_cancelled_scope_is_all_or_nothing(database: Database) -> None:
    finished = 0
    for step in range(60):
        with anyio.move_on_after(0.0002 * step) as scope:
            async with database.write() as work:
                await work.execute("UPDATE purse SET minor = minor + 1 WHERE name = 'ala'")
                await work.execute("UPDATE purse SET minor = minor + 1 WHERE name = 'ola'")
        finished += not scope.cancelled_caught
        assert await minor(database, "ola") - GREAT == await minor(database, "ala") >= finished
    assert finished


async def test_a_statement_given_up_inside_spoils_its_transaction(database: Database) -> None:
    async def give_up_one() -> None:
        async with database.write() as work:
            await work.execute("UPDATE purse SET minor = 7")
            with anyio.CancelScope() as scope:
                scope.cancel()
                await work.execute("UPDATE purse SET minor = 8")

    with pytest.raises(TransactionOverError):
        await give_up_one()
    assert await minor(database, "ala") == 0


# -- being there -------------------------------------------------------------------------------------------------


async def test_what_is_counted(database: Database) -> None:
    before = database.statements
    await minor(database, "ala")
    async with database.write() as work:
        await work.execute("UPDATE purse SET minor = 7")
        await work.many("UPDATE purse SET minor = $1", [(1,), (2,)])
    assert database.statements - before == 3


async def test_several_owners_share_one_database(database: Database) -> None:
    await database.open()
    await database.close()
    assert await minor(database, "ala") == 0


async def test_a_closed_database_is_unavailable(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(DatabaseUnavailableError):
        await database.rows("SELECT 1")
    await database.open()
    await database.close()
    with pytest.raises(DatabaseUnavailableError):
        async with database.write() as work:
            await work.execute("SELECT 1")
    await database.open()
    assert len(await database.rows("SELECT 1")) == 1
    await database.close()


async def test_a_mistake_in_the_sql_is_not_an_outage(database: Database) -> None:
    with pytest.raises((sqlite3.OperationalError, asyncpg.UndefinedTableError)):
        await database.rows("SELECT * FROM nowhere")
    with pytest.raises((sqlite3.ProgrammingError, asyncpg.InterfaceError)):
        await database.rows("SELECT $1")


async def test_what_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("this is no database, only a text of some length" * 40)
    for url in (
        f"sqlite://{tmp_path}/no/such/folder.sqlite",
        f"sqlite://{tmp_path}/text.sqlite",
        "postgresql://postgres@127.0.0.1:1/nowhere",
    ):
        database = Database(url)
        with pytest.raises(DatabaseUnavailableError):
            await database.open()


async def test_postgres_that_went_away_comes_back(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    await database.open()
    await other.open()
    [[pid]] = await database.rows("SELECT pg_backend_pid()")
    waiting = asyncio.create_task(database.rows("SELECT CAST(pg_sleep(300) AS TEXT)"))
    await asyncio.sleep(0.2)
    await other.rows("SELECT pg_terminate_backend($1)", [pid])
    with pytest.raises(DatabaseUnavailableError):
        await waiting
    assert len(await database.rows("SELECT 1")) == 1
    await database.close()
    await other.close()


async def test_a_line_that_went_dead_is_waited_on_by_nobody_twice(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.backoffice_adapters.database_postgres._LEAVING_S", 0.2)
    line = Line(postgres_url)
    async with line.laid() as url:
        database = Database(url)
        await database.open()
        line.cut()
        with anyio.move_on_after(0.2):
            await database.rows("SELECT 1")
        line.mend()
        with anyio.fail_after(3):
            assert [tuple(row) for row in await database.rows("SELECT 1")] == [(1,)]
        await database.close()


async def test_a_private_database_is_gone_after_close() -> None:
    database = Database("sqlite://")
    await database.open()
    async with database.write() as work:
        await work.execute("CREATE TABLE gone (x TEXT)")
    path = anyio.Path(database.url.removeprefix("sqlite://"))
    assert await path.is_file()
    await database.close()
    assert not await path.parent.exists()


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite://relative.sqlite", "postgresql://"])
def test_an_unknown_url_says_what_to_write(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///absolute/path or postgresql://"):
        Database(url)
