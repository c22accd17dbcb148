"""The process that listens, asked over a socket: what uvicorn alone would take."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ventanilla.gateway.server import _config, _Server, listen

pytestmark = pytest.mark.anyio


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    await request.body()
    await JSONResponse(sorted(request.headers))(scope, receive, send)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    ready = asyncio.Event()
    (listener,) = listen("127.0.0.1", [free_port()])
    server = _Server(_config(echo, 1), ready.set)
    server.config.lifespan = "off"
    task = asyncio.create_task(server.serve([listener]))
    await ready.wait()
    yield listener.getsockname()[1]
    server.should_exit = True
    await task


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def exchange(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


async def test_trailers_are_no_headers(port: int) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
    answer = await exchange(port, chunked)

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b'["connection","host","transfer-encoding"]')


async def test_headers_without_end_are_cut(port: int) -> None:
    async with asyncio.timeout(5):
        answer = await exchange(port, HEAD + b"X: ", *[b"a" * 200_000] * 20)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_a_long_body_and_many_requests_on_one_connection_are_served(port: int) -> None:
    one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"a" * 200_000
    answer = await exchange(port, one, one, HEAD, b"X-Last: 1\r\n", b"\r\n")

    assert answer.count(b"HTTP/1.1 200") == 3
    assert b'"x-last"' in answer
