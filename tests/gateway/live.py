"""Clients of what lasts: a WebSocket that says messages one by one, and streams over plain HTTP that are read so."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.gateway.demo.process import TLS
from tests.gateway.raw import Served

PROTOCOL = "graphql-transport-ws"


class Socket:
    """One open socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, kind: str, **rest: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, **rest}))

    async def ask(self, id: str, query: str, **parameters: Any) -> None:
        await self.say("subscribe", id=id, payload={"query": query, **parameters})

    async def hear(self) -> Any:
        async with asyncio.timeout(10):
            return json.loads(await self.connection.recv())

    async def closed(self) -> int:
        """The code with which the server closes, whatever it says before."""
        try:
            async with asyncio.timeout(10):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    async def begin(self, **rest: Any) -> None:
        await self.say("connection_init", **rest)
        assert await self.hear() == {"type": "connection_ack"}


@asynccontextmanager
async def opened(
    running: Served,
    host: str = "aguas.example",
    path: str = "/graphql",
    *,
    protocols: Sequence[str] = (PROTOCOL,),
    origin: Any = None,
    **headers: str,
) -> AsyncGenerator[Socket]:
    """A socket that was opened and not begun; what the handshake refuses is raised."""
    async with connect(
        f"ws://{host}{path}",
        host="127.0.0.1",
        port=running.port,
        subprotocols=[Subprotocol(each) for each in protocols] or None,
        origin=origin,
        additional_headers={name.replace("_", "-"): value for name, value in headers.items()},
        user_agent_header=None,
        compression=None,
        proxy=None,
        close_timeout=2,
        max_size=None,
    ) as connection:
        yield Socket(connection)


@asynccontextmanager
async def begun(running: Served, host: str = "aguas.example", **headers: Any) -> AsyncGenerator[Socket]:
    """A socket on which operations may run."""
    async with opened(running, host, **headers) as socket:
        await socket.begin()
        yield socket


class Stream:
    """One streamed answer, read up to a mark at a time."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._pieces: AsyncIterator[bytes] = response.aiter_bytes()
        self._unread = b""

    async def until(self, mark: bytes) -> bytes:
        """What comes before `mark`, which is read as well."""
        async with asyncio.timeout(10):
            while mark not in self._unread:
                self._unread += await anext(self._pieces)
        found, _, self._unread = self._unread.partition(mark)
        return found

    async def rest(self) -> bytes:
        """What comes until the answer ends."""
        async with asyncio.timeout(10):
            return self._unread + b"".join([piece async for piece in self._pieces])


def _client(running: Served, host: str, headers: dict[str, str]) -> httpx2.AsyncClient:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"http://127.0.0.1:{running.port}"
    return httpx2.AsyncClient(base_url=address, headers={"host": host, **named}, timeout=10, verify=TLS)


@asynccontextmanager
async def streamed(
    running: Served, query: str, host: str = "aguas.example", *, method: str = "POST", **headers: str
) -> AsyncGenerator[Stream]:
    """The answer to `query`, as it comes."""
    sent: dict[str, Any] = {"params": {"query": query}} if method == "GET" else {"json": {"query": query}}
    async with _client(running, host, headers) as client, client.stream(method, "/graphql", **sent) as response:
        yield Stream(response)
