"""A gateway that is killed while platforms notify it: who repeats until it is heard is heard, and counts once."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tests.cash_desk import notified
from tests.gateway.demo.process import TLS
from tests.jobs.sending import until
from tests.orders import FEE, PLATFORM, news, ordered
from tests.paid import Paid, open_paid
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).with_name("nest.py")
KILLS = 30
ORDERS = 60
MINOR = 100
LEASE_S = 3.0
OPEN = 85_500
"""What account ``1`` owes before."""


class Nest:
    """The process that begins others, and the one that is alive."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.port = 0
        self.alive = 0

    async def begin(self) -> None:
        """Begin another one, as soon as the one before is dead."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self.alive = await self.told()

    async def told(self) -> int:
        assert self._process.stdout
        async with asyncio.timeout(60):
            return int(await self._process.stdout.readline())

    def kill(self) -> None:
        os.kill(self.alive, signal.SIGKILL)


@asynccontextmanager
async def nest(url: str, folder: Path, log: Path) -> AsyncIterator[Nest]:
    pipe = asyncio.subprocess.PIPE
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", PROGRAM, url, str(folder), str(LEASE_S)),
            stdin=pipe,
            stdout=pipe,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])},
        )
    found = Nest(process)
    try:
        found.port = await found.told()
        await found.begin()
        yield found
    finally:
        with suppress(ProcessLookupError):
            found.kill()
        process.kill()
        await process.wait()


async def notify(port: int, number: int, chance: random.Random) -> None:
    """Tell of a payment as it goes on, out of order and again, each until it is heard."""
    what = {"reference": _reference(number), "payment_id": f"p{number}", "amount": Money(MINOR + FEE, "ARS")}
    told = [(status, news(status, **what)) for status in (NewsStatus.PENDING, NewsStatus.CONFIRMED)] * 2
    chance.shuffle(told)
    address, host = f"http://127.0.0.1:{port}", {"host": "sur.example"}
    async with httpx2.AsyncClient(base_url=address, headers=host, verify=TLS) as client:
        for status, each in told:
            body, headers = notified(f"{number} {status}", each)
            await _heard(client, body, headers)
            await asyncio.sleep(chance.random() / 2)


async def _heard(client: httpx2.AsyncClient, body: bytes, headers: dict[str, str]) -> None:
    for _ in range(1_000):
        with suppress(httpx2.HTTPError):
            answer = await client.post(f"/payments/{PLATFORM}", content=body, headers=headers, timeout=10)
            if answer.status_code == 200:
                assert answer.content == b"accepted"
                return
            assert answer.status_code == 503
        await asyncio.sleep(0.02)
    raise AssertionError


def _reference(number: int) -> str:
    return f"rabcdefghijklmn{number:03}z"


async def test_who_repeats_until_it_is_heard_counts_once(tmp_path: Path, store_url: str) -> None:
    chance = random.Random(20261115)  # noqa: S311  when somebody dies is no secret
    async with open_paid(tmp_path / "world", store_url) as paid:
        for number in range(ORDERS):
            moment = datetime.now(UTC)
            await ordered(paid.store, reference=_reference(number), lines=(), now=moment, amount_minor=MINOR)
        async with nest(store_url, tmp_path / "world" / "offices", tmp_path / "log") as living:
            telling = asyncio.gather(*(notify(living.port, number, chance) for number in range(ORDERS)))
            for _ in range(KILLS):
                await asyncio.sleep(chance.random() / 4)
                living.kill()
                await living.begin()
            await telling
            await until(lambda: _all_booked(paid))
        await _refuse_doubles(paid)


async def _all_booked(paid: Paid) -> bool:
    return (await paid.held()).bookings == ["BOOKED"] * ORDERS


async def _refuse_doubles(paid: Paid) -> None:
    """I1: the office has each payment once, and no more than was paid; I2: each event had one effect."""
    found = await paid.held()
    assert found.states == ["SUCCEEDED"] * ORDERS
    assert len(found.events) == 2 * ORDERS
    assert len(found.payments) == len(found.audits) == ORDERS
    assert found.strays == found.returns == []
    payments, _, balance = await paid.books()
    assert payments == [f"CONFIRMED {MINOR}"] * ORDERS
    assert balance == OPEN - ORDERS * MINOR
