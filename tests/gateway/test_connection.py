"""What uvicorn alone would take, asked over a socket: endless heads, dribbling clients, and what is no request."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from itertools import repeat

import pytest
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.gateway.raw import SHORT, Served, answer_of, served
from ventanilla.gateway.body import read_body
from ventanilla.gateway.connection import Limits
from ventanilla.gateway.threshold import Threshold

pytestmark = pytest.mark.anyio

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def patient(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that waits 0.3 s for a body, as ours waits 30 s, and answers how long it was."""
    body = await read_body(Headers(scope=scope), receive, 1_000, timeout_s=0.3)
    await JSONResponse(len(body))(scope, receive, send)


async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers without reading the body."""
    await JSONResponse("at once")(scope, receive, send)


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with served() as running:
        yield running


@pytest.fixture
async def hasty() -> AsyncIterator[Served]:
    async with served(limits=SHORT) as running:
        yield running


async def test_trailers_are_no_headers(server: Served) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
    answer = await server.exchange(chunked)

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b'["connection","host","transfer-encoding"]')


async def test_headers_without_end_are_cut(server: Served) -> None:
    async with asyncio.timeout(5):
        answer = await server.exchange(HEAD + b"X: ", *[b"a" * 200_000] * 20)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_headers_without_end_do_not_wait_for_an_answer_under_way() -> None:
    forever = asyncio.Event()

    async def stuck(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await forever.wait()

    async with served(stuck) as running, asyncio.timeout(5):
        assert await running.exchange(ASK, b"GET / HTTP/1.1\r\nX: ", *[b"a" * 200_000] * 20) == b""
        forever.set()


async def test_a_long_body_and_many_requests_on_one_connection_are_served(server: Served) -> None:
    one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"a" * 200_000
    answer = await server.exchange(one, one, HEAD, b"X-Last: 1\r\n", b"\r\n")

    assert answer.count(b"HTTP/1.1 200") == 3
    assert b'"x-last"' in answer


MALFORMED = {
    "no HTTP": b"hello, is anybody there?\r\n\r\n",
    "unknown method": b"FETCH / HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "no length of a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a port for an address": b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_no_request_is_refused_once_and_in_json(server: Served, sent: bytes) -> None:
    answer = await server.exchange(sent + ASK)
    head, _, body = answer.partition(b"\r\n\r\n")

    assert answer.count(b"HTTP/1.1 ") == 1
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    for told in (b"content-type: application/json; charset=utf-8", b"connection: close", b"cache-control: no-store"):
        assert told in head
    (error,) = json.loads(body)["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "well-formed" in error["message"]


UPGRADE = b"Host: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"


@pytest.mark.parametrize("every_s", [0, 0.1])
async def test_the_body_of_an_upgrade_is_no_request(server: Served, every_s: float) -> None:
    head = b"POST / HTTP/1.1\r\n" + UPGRADE + b"Content-Length: %d\r\n\r\n" % len(ASK)
    answer = await server.exchange(head, ASK, every_s=every_s)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"without Upgrade" in answer


async def test_an_upgrade_that_is_not_offered_is_served_without(server: Served) -> None:
    answer = await server.exchange(b"GET / HTTP/1.1\r\n" + UPGRADE + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answer


async def test_what_was_asked_before_is_answered_instead_of_what_follows(server: Served) -> None:
    answer = await server.exchange(ASK + b"nonsense\r\n\r\n")

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answer


async def test_a_body_that_breaks_off_has_one_answer(server: Served) -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
    answer = await server.exchange(chunked, b"no length\r\n", every_s=0.1)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400 ")


DRIBBLING = {
    "nothing": (b"",),
    "empty lines": (*repeat(b"\r\n", 120),),
    "headers": (b"GET / HTTP/1.1\r\nHost: x\r\n", *repeat(b"X: y\r\n", 120)),
    "an address": (b"GET /", *repeat(b"a", 120)),
    "headers after an answer": (ASK, b"GET / HTTP/1.1\r\nX: ", *repeat(b"y", 120)),
    "empty lines after an answer": (ASK, *repeat(b"\r\n", 120)),
}


@pytest.mark.parametrize("parts", DRIBBLING.values(), ids=DRIBBLING.keys())
async def test_who_dribbles_is_cut_in_time(hasty: Served, parts: tuple[bytes, ...]) -> None:
    begun = time.monotonic()
    await hasty.exchange(*parts, every_s=0.1)

    assert SHORT.head_s * 0.9 < time.monotonic() - begun < 10  # all parts would take twelve seconds


async def test_headers_that_do_not_arrive_are_told(hasty: Served) -> None:
    answer = await hasty.exchange(b"GET / HTTP/1.1\r\nHost: x\r\n")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_dribbling_body_is_refused_in_time() -> None:
    begun = time.monotonic()
    async with served(Threshold(patient), SHORT) as running:
        answer = await running.exchange(HEAD + b"Content-Length: 900\r\n\r\n", *repeat(b"a", 120), every_s=0.05)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < 5  # all parts would take six seconds


async def test_a_body_that_nobody_reads_is_cut_behind_its_answer() -> None:
    begun = time.monotonic()
    async with served(deaf, SHORT) as running:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
        answer = await running.exchange(head, *repeat(b"a", 120), every_s=0.1)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert SHORT.body_s * 0.9 < time.monotonic() - begun < 10


async def test_a_slow_answer_is_no_slow_client() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(2 * SHORT.head_s)
        await deaf(scope, receive, send)

    async with served(slow, SHORT) as running:
        reader, writer = await running.open()
        for _ in range(2):
            writer.write(ASK)
            assert (await answer_of(reader))[0] == 200
        writer.close()


@pytest.mark.alone
async def test_two_hundred_slow_clients_hold_up_nobody() -> None:
    limits = Limits(head_s=1, body_s=1, newcomers=500)
    async with served(Threshold(patient), limits) as running:
        begun = time.monotonic()
        slow = [
            asyncio.create_task(running.exchange(*parts, every_s=0.1))
            for parts in (
                (b"",),
                (b"GET / HTTP/1.1\r\nX: ", *repeat(b"a", 300)),
                (HEAD + b"Content-Length: 900\r\n\r\n", *repeat(b"a", 300)),
                (ASK, *repeat(b"\r\n", 300)),
            )
            for _ in range(50)
        ]
        times: list[float] = []
        reader, writer = await running.open()
        while not all(task.done() for task in slow):
            asked = time.monotonic()
            writer.write(ASK)
            assert (await answer_of(reader))[0] == 200
            times.append(time.monotonic() - asked)
            await asyncio.sleep(0.005)
        writer.close()
        held = time.monotonic() - begun

    assert sorted(times)[int(len(times) * 0.99)] < 1
    assert held < 25  # the slow ones would go on for half a minute


@pytest.mark.alone
async def test_of_too_many_who_say_nothing_the_first_are_cut() -> None:
    limits = Limits(newcomers=20)
    async with served(limits=limits) as running:
        silent = [await running.open() for _ in range(30)]
        assert (await running.exchange(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))).endswith(b"]")
        assert len(running.server.server_state.connections) == 30  # nobody is cut who has only just come
        await asyncio.sleep(1.1)
        silent.append(await running.open())
        await asyncio.sleep(0.1)

        assert len(running.server.server_state.connections) == limits.newcomers
        reader, writer = silent[-1]
        writer.write(ASK)
        assert (await answer_of(reader))[0] == 200
        assert await silent[0][0].read() == b""
        for _, writer in silent:
            writer.close()


@pytest.mark.parametrize("kept", ["keep-alive", "close"])
async def test_who_leaves_a_little_unread_is_cut(kept: str) -> None:
    async def until_it_waits(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        (connection,) = running.server.server_state.connections
        while not connection.transport.get_write_buffer_size():
            await send({"type": "http.response.body", "body": b"x" * 8_192, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async with served(until_it_waits, Limits(unread_s=0.3)) as running:
        client = socket.create_connection(("127.0.0.1", running.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n" % kept.encode())
        await asyncio.sleep(1.5)
        assert not running.server.server_state.connections
        client.close()
