"""A proxy in front of an office, for tests: it passes calls on, or breaks them in one of the ways that happen."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.backoffice_adapters.remote import hang_up, message, read_message

Manner = Callable[["FaultProxy", StreamReader, StreamWriter], Awaitable[None]]
"""What is done with one connection."""


class FaultProxy:
    """Listens on one port for the whole test; `manner` says what happens to each connection."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()
        self.port = 0
        self.manner: Manner = passed_on
        self.calls = 0
        """How many connections came."""

    async def listen(self) -> None:
        """Take connections, always on the same port."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Refuse connections until `listen`."""
        if self._server:
            self._server.close()

    async def stop(self) -> None:
        """End whatever is under way."""
        self.refuse()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def upstream(self, request: bytes) -> bytes:
        """Ask the office itself; the whole answer as it came."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            await hang_up(writer)

    def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.calls += 1
        task = asyncio.create_task(self._handle(reader, writer))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _handle(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await self.manner(self, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the caller has gone
        finally:
            await hang_up(writer)


@asynccontextmanager
async def proxied(upstream: int) -> AsyncGenerator[FaultProxy]:
    """Stand in front of the office on port `upstream`."""
    proxy = FaultProxy(upstream)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.stop()


async def request_of(reader: StreamReader) -> bytes:
    """Read the whole of one request, as it is passed on."""
    first, headers, body = await read_message(reader)
    return message(first, body, {"Authorization": headers["authorization"]})


# -- manners -----------------------------------------------------------------------------------------------------


async def passed_on(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
    """Do no harm."""
    writer.write(await proxy.upstream(await request_of(reader)))


async def swallowed(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
    """Read and never answer."""
    await reader.read()


async def cut(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
    """Hang up in the middle of the answer."""
    answer = await proxy.upstream(await request_of(reader))
    writer.write(answer[: -len(answer) // 3])


async def twice(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
    """Deliver the request two times and both answers one after the other."""
    request = await request_of(reader)
    writer.write(await proxy.upstream(request) + await proxy.upstream(request))


def dripping(pieces: int, pause_s: float) -> Manner:
    """Answer in `pieces`, with a pause before each."""

    async def drip(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        answer = await proxy.upstream(await request_of(reader))
        size = len(answer) // pieces + 1
        for start in range(0, len(answer), size):
            await asyncio.sleep(pause_s)
            writer.write(answer[start : start + size])
            await writer.drain()

    return drip


def held(until: asyncio.Event, every: int) -> Manner:
    """Ask the office, and keep the answer of each `every`-th call back until the event."""

    came = [0]

    async def hold(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        came[0] += 1
        slow = came[0] % every == 0
        answer = await proxy.upstream(await request_of(reader))
        if slow:
            await until.wait()
        writer.write(answer)

    return hold


def delayed(seconds: float) -> Manner:
    """Ask the office, and pass its answer on late."""

    async def delay(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        answer = await proxy.upstream(await request_of(reader))
        await asyncio.sleep(seconds)
        writer.write(answer)

    return delay


def answering(answer: bytes) -> Manner:
    """Say `answer` whatever is asked."""

    async def say(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer)

    return say


def status(line: str, **headers: str) -> Manner:
    """Answer with an HTTP status, a body that must never get out, and headers (``_`` for ``-``)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answering(message(f"HTTP/1.1 {line}", b"ORA-00942: table or view does not exist", named))


def first(times: int, manner: Manner) -> Manner:
    """Treat the next `times` connections in `manner`, and pass the others on."""
    left = [times]

    async def treat(proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        left[0] -= 1
        await (manner if left[0] >= 0 else passed_on)(proxy, reader, writer)

    return treat
