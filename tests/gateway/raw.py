"""A server in this process, and clients that write bytes instead of requests."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ventanilla.gateway.connection import Limits
from ventanilla.gateway.listening import listen
from ventanilla.gateway.server import _config, _Server

SHORT = Limits(head_s=0.4, body_s=0.4, newcomers=100)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the names of the headers once the whole body is there."""
    request = Request(scope, receive)
    await request.body()
    await JSONResponse(sorted(request.headers))(scope, receive, send)


class Served:
    """A server that runs, and its end."""

    def __init__(self, server: _Server, port: int, task: asyncio.Task[None]) -> None:
        self.server = server
        self.port = port
        self.task = task

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def idle(self) -> None:
        """Wait until nothing is under way any more."""
        async with asyncio.timeout(5):
            await asyncio.gather(*self.server.server_state.tasks)

    async def exchange(self, *parts: bytes, every_s: float = 0) -> bytes:
        """Write `parts`, one every `every_s` seconds, and tell all that came until the server closed."""
        reader, writer = await self.open()
        came = bytearray()
        reading = asyncio.create_task(_collect(reader, came))
        with suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.wait([reading], timeout=every_s)
        await reading
        writer.close()
        return bytes(came)


async def _collect(reader: asyncio.StreamReader, into: bytearray) -> None:
    with suppress(ConnectionError):
        while part := await reader.read(65_536):
            into += part


@asynccontextmanager
async def served(app: ASGIApp = echo, limits: Limits | None = None, *, grace_s: int = 1) -> AsyncGenerator[Served]:
    ready = asyncio.Event()
    (listener,) = listen("127.0.0.1", [0])
    port = listener.getsockname()[1]
    server = _Server(_config(app, grace_s, 256 * 1024), ready.set, limits or Limits())
    server.config.lifespan = "off"
    task = asyncio.create_task(server.serve([listener]))
    await ready.wait()
    try:
        yield Served(server, port, task)
    finally:
        server.should_exit = True
        await task


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Read one answer: its status, its headers in lower case, its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
    return int(head.split()[1]), head, await reader.readexactly(length)
