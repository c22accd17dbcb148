"""Bookings at the same time, from several processes, and cut off anywhere: each is done once, whole or not at all."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import CALL
from tests.backoffice_adapters.postings import (
    INVOICE_KEY,
    FailingDatabase,
    assert_sums,
    back,
    booked,
    codes,
    content,
    new,
    only,
    owed,
    tried,
)
from tests.backoffice_adapters.sample import NOW, ZONE
from ventanilla.backoffice_adapters.contract import FaultCode, OfficeError
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.tables import create_tables
from ventanilla.backoffice_adapters.records import (
    NewPayment,
    NewReversal,
    PaymentStatus,
    PostedPayment,
)

pytestmark = pytest.mark.anyio


# -- at the same time --------------------------------------------------------------------------------------------


@asynccontextmanager
async def another(url: str) -> AsyncGenerator[Ledger]:
    """The same ledger through connections of its own, as another process has it."""
    database = Database(url)
    await database.open()
    try:
        yield Ledger(database, "osiedle/own", "own", lambda: NOW, ZONE)
    finally:
        await database.close()


async def test_one_key_at_the_same_time_is_booked_once(database: Database, ledger: Ledger) -> None:
    posting = new("flat", 7_000, ("f-today", 7_000))
    before = await owed(ledger)
    async with another(database.url) as other:
        found = await asyncio.gather(*(booked(one, posting) for one in (ledger, other) for _ in range(5)))
    assert sorted(one.replayed for one in found) == [False, *[True] * 9]
    assert len({one.payment.key for one in found}) == 1
    assert await owed(ledger) == before - 7_000
    await assert_sums(database)


async def test_one_invoice_at_the_same_time_is_never_paid_twice(database: Database, ledger: Ledger) -> None:
    async with another(database.url) as other:
        found = await asyncio.gather(
            *(booked(one, new("flat", 5_000, ("f-today", 5_000))) for one in (ledger, other) for _ in range(5))
        )
    assert sorted(sum(row.amount.minor for row in one.allocations) for one in found) == [*[0] * 8, 2_000, 5_000]
    assert len({one.payment.key for one in found}) == 10
    await assert_sums(database)


async def test_posting_and_taking_back_at_the_same_time(database: Database, ledger: Ledger) -> None:
    posted = await booked(ledger, new("flat", 7_000, ("f-today", 7_000)))
    async with another(database.url) as other:
        await asyncio.gather(
            *(tried(other, back(posted, 1_000)) for _ in range(9)),
            *(tried(ledger, new("flat", 1_500, ("f-today", 1_500))) for _ in range(9)),
        )
    left = only(await ledger.payments_by_key(CALL, [posted.payment.key]))
    assert left.status is PaymentStatus.REFUNDED
    await assert_sums(database)


PROGRAM = """
import asyncio, sys
from tests.backoffice_adapters.postings import new, tried
from tests.backoffice_adapters.test_ledger_posting_faults import another
async def main():
    async with another(sys.argv[1]) as ledger:
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(20):
            (hit,) = await tried(ledger, new("flat", 1_000, ("f-issued", 1_000), key=f"shared-{number}"))
            print(hit.payment.key, hit.replayed)
asyncio.run(main())
"""


def test_two_processes_book_one_key_once(database_url: str) -> None:
    async def begin() -> None:
        database = Database(database_url)
        await database.open()
        await sample_tables(database)
        await database.close()

    asyncio.run(begin())
    argv = [sys.executable, "-c", PROGRAM, database_url]
    folder = Path(__file__).parents[2]
    runs = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder) for _ in range(2)
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    told = [line.split() for line in gathered(runs)]
    assert len(told) == 40
    assert [replayed for _, replayed in told].count("False") == 20
    assert len({key for key, _ in told}) == 20
    asyncio.run(sums_of(database_url))


def gathered(runs: list[subprocess.Popen[str]]) -> list[str]:
    """Let all programs begin at once; their lines."""
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("\n")
        run.stdin.flush()
    lines: list[str] = []
    for run in runs:
        out, _ = run.communicate(timeout=60)
        assert run.returncode == 0
        lines += out.splitlines()
    return lines


async def sample_tables(database: Database) -> None:
    await create_tables(database)
    await Ledger(database, "osiedle/own", "own", lambda: NOW, ZONE).fill(sample.book())


async def sums_of(url: str) -> None:
    database = Database(url)
    await database.open()
    await assert_sums(database)
    assert await database.rows("SELECT paid_minor FROM invoice WHERE key = 'f-issued'") == [(20_000,)]
    await database.close()


# -- cut off -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def failing(database: Database) -> AsyncIterator[FailingDatabase]:
    failing = FailingDatabase(database.url)
    await failing.open()
    yield failing
    await failing.close()


async def assert_nothing_is_half(
    posting: NewPayment | NewReversal, database: Database, ledger: Ledger, failing: FailingDatabase
) -> int:
    """Fail each statement in turn until all pass; how many there were."""
    cut = Ledger(failing, "osiedle/own", "own", lambda: NOW, ZONE)
    before = await content(database)
    for passing in range(100):
        failing.left = passing
        try:
            await booked(cut, posting)
        except OfficeError:
            assert await content(database) == before
        else:
            failing.left = -1
            await assert_sums(database)
            assert (await booked(ledger, posting)).replayed
            return passing
    raise AssertionError


async def test_a_payment_is_never_half_booked(database: Database, ledger: Ledger, failing: FailingDatabase) -> None:
    posting = new("flat", 8_000, ("f-today", 7_000), (INVOICE_KEY, 500))
    assert await assert_nothing_is_half(posting, database, ledger, failing) > 8


async def test_nothing_is_half_taken_back(database: Database, ledger: Ledger, failing: FailingDatabase) -> None:
    posted = await booked(ledger, new("flat", 8_000, ("f-today", 7_000), (INVOICE_KEY, 500)))
    assert await assert_nothing_is_half(back(posted, 1_200), database, ledger, failing) > 7


async def test_a_lost_commit_is_settled_by_asking_again(
    database: Database, ledger: Ledger, failing: FailingDatabase
) -> None:
    cut = Ledger(failing, "osiedle/own", "own", lambda: NOW, ZONE)
    posting, before = new("flat", 8_000), await owed(ledger)
    failing.loses_commit = True
    refused = new("flat", 0)
    assert codes(await cut.post_payments(CALL, [posting, refused])) == [FaultCode.OUTCOME_UNKNOWN, FaultCode.INVALID]
    # What was answered before is known, whatever becomes of this transaction, which wrote nothing.
    assert (await booked(cut, posting)).replayed
    failing.loses_commit = False
    assert (await booked(ledger, posting)).replayed
    assert await owed(ledger) == before - 8_000


async def test_once_the_database_is_gone_the_rest_is_not_tried(
    database: Database, ledger: Ledger, failing: FailingDatabase
) -> None:
    cut = Ledger(failing, "osiedle/own", "own", lambda: NOW, ZONE)
    one, two, three = new("flat", 1), new("flat", 2), new("flat", 3)
    await booked(cut, one)
    failing.left = 4
    found = await cut.post_payments(CALL, [one, two, three])
    assert codes(found) == [None, FaultCode.UNAVAILABLE, FaultCode.UNAVAILABLE]
    failing.left = 0
    with pytest.raises(OfficeError) as caught:
        await cut.post_payments(CALL, [two, three])
    assert caught.value.fault.code is FaultCode.UNAVAILABLE
    failing.left = -1
    assert codes(await cut.post_payments(CALL, [one, two, three])) == [None] * 3


# Of all connections but the one that asks.
END = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()"""


async def persistent(ledger: Ledger, posting: NewPayment, faults: list[FaultCode]) -> PostedPayment:
    """Post again under the same key until the answer comes."""
    while True:
        try:
            (hit,) = await tried(ledger, posting)
        except OfficeError as error:
            hit = error.fault
        if isinstance(hit, PostedPayment):
            return hit
        faults.append(hit.code)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_that_are_ended_lose_and_double_nothing(database: Database, ledger: Ledger) -> None:
    """Only PostgreSQL has a server that may end somebody's connection."""
    before, faults = await owed(ledger), list[FaultCode]()
    async with another(database.url) as other, asyncio.timeout(60):
        postings = [new("flat", 10, (INVOICE_KEY, 10)) for _ in range(60)]
        tasks = [asyncio.create_task(persistent(other, posting, faults)) for posting in postings]
        for _ in range(8):
            await asyncio.sleep(0.02)
            await database.rows(END)
        found = await asyncio.gather(*tasks)
    assert len({one.payment.key for one in found}) == 60
    assert await owed(ledger) == before - 600
    assert faults
    assert set(faults) <= {FaultCode.UNAVAILABLE, FaultCode.OUTCOME_UNKNOWN}
    await assert_sums(database)


async def test_what_was_committed_stays_when_the_power_goes(tmp_path: Path) -> None:
    """FULL (2) waits for the disk at each commit; NORMAL (1) may lose the last ones, and PostgreSQL always waits."""
    database = Database(f"sqlite://{tmp_path}/own.sqlite")
    await database.open()
    async with database.write() as work:
        assert await work.rows("PRAGMA synchronous") == [(2,)]
    await database.close()
