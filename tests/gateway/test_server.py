"""How the process ends: who is under way or late is served, who is idle is let go."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.gateway.raw import Served, answer_of, served
from ventanilla.gateway.server import DRAIN
from ventanilla.gateway.threshold import Threshold

pytestmark = pytest.mark.anyio

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CLOSE = b"\r\nconnection: close\r\n"


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(float(scope["path"][1:] or 0))
    await JSONResponse("done")(scope, receive, send)


def wait(seconds: float) -> bytes:
    return ASK.replace(b" / ", b" /%.1f " % seconds)


@pytest.fixture(autouse=True)
def our_signals() -> Iterator[None]:
    """A signal that nobody handles would end the tests."""
    former = signal.signal(DRAIN, signal.SIG_IGN)
    yield
    signal.signal(DRAIN, former)


async def asked(running: Served, request: bytes = ASK) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await running.open()
    writer.write(request)
    return reader, writer


async def test_while_it_drains_each_answer_is_the_last_of_its_connection() -> None:
    async with served(slow) as running:
        kept, writer = await asked(running)
        assert CLOSE not in (await answer_of(kept))[1]
        under_way, other = await asked(running, wait(0.5))
        await asyncio.sleep(0.1)
        signal.raise_signal(DRAIN)
        await asyncio.sleep(0.3)
        writer.write(ASK)
        new, third = await asked(running)

        for reader in (kept, under_way, new):
            status, head, _ = await answer_of(reader)
            assert (status, CLOSE in head) == (200, True)
            assert await reader.read() == b""
        assert not running.task.done()
        for each in (writer, other, third):
            each.close()


async def test_an_answer_that_has_begun_keeps_its_word() -> None:
    going_on = asyncio.Event()

    async def halting(scope: Scope, _receive: Receive, send: Send) -> None:
        length = (b"content-length", b"2")
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await going_on.wait()
        await send({"type": "http.response.body", "body": b"b"})

    async with served(halting) as running:
        reader, writer = await asked(running)
        await reader.readuntil(b"\r\n\r\na")
        signal.raise_signal(DRAIN)
        going_on.set()
        assert await reader.readexactly(1) == b"b"
        writer.write(ASK)
        assert CLOSE in (await answer_of(reader))[1]
        writer.close()


async def test_who_is_late_is_served_and_who_is_idle_is_let_go() -> None:
    async with served(slow) as running:
        late, writer = await asked(running)
        idle, other = await asked(running)
        assert (await answer_of(late))[0] == (await answer_of(idle))[0] == 200
        running.server.should_exit = True
        await asyncio.sleep(0.4)
        with pytest.raises(ConnectionRefusedError):
            await running.open()
        writer.write(ASK)

        assert CLOSE in (await answer_of(late))[1]
        assert await idle.read() == b""
        await running.task
        for each in (writer, other):
            each.close()


async def test_what_is_under_way_is_finished() -> None:
    async with served(slow, grace_s=3) as running:
        reader, writer = await asked(running, wait(1.6))
        half, other = await asked(running, ASK[:20])
        await asyncio.sleep(0.1)
        running.server.should_exit = True
        await asyncio.sleep(1.3)
        other.write(ASK[20:])

        assert (await answer_of(half))[0] == 200
        assert (await answer_of(reader))[0] == 200
        async with asyncio.timeout(1):
            await running.task
        for each in (writer, other):
            each.close()


async def test_what_takes_too_long_is_told_so() -> None:
    async with served(Threshold(slow), grace_s=1) as running:
        reader, writer = await asked(running, wait(30))
        await asyncio.sleep(0.1)
        running.server.should_exit = True
        async with asyncio.timeout(5):
            status, head, body = await answer_of(reader)
            await running.task

        assert (status, CLOSE in head) == (503, True)
        assert b'"OVERLOADED"' in body
        writer.close()


@pytest.mark.alone
async def test_without_clients_it_ends_at_once() -> None:
    async with served(slow, grace_s=10) as running:
        running.server.should_exit = True
        async with asyncio.timeout(0.6):
            await running.task


def test_the_process_takes_as_many_descriptors_as_it_may() -> None:
    script = (
        "import resource; from ventanilla.gateway.server import _take_descriptors;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 256)); _take_descriptors();"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "(256, 256)\n"
