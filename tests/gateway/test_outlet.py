"""What a connection hands to its transport, write by write."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.gateway.raw import echo
from ventanilla.gateway.connection import Connection, Limits, State
from ventanilla.gateway.server import _config

pytestmark = pytest.mark.anyio

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
START = {"type": "http.response.start", "status": 200, "headers": []}
LAST = {"type": "http.response.body", "body": b""}


class Tape(asyncio.Transport):
    """A transport that keeps each write by itself."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 1), "peername": ("127.0.0.1", 2)})
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        if not self.closed:
            self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        """What a connection holds is all it is sent."""

    def resume_reading(self) -> None:
        """What a connection holds is all it is sent."""


class Line:
    """One connection to `app`, and the tape of what it writes."""

    def __init__(self, app: ASGIApp) -> None:
        self.tape = Tape()
        self._state = State(Limits())
        self.connection = Connection(_config(app, 1, 1_000), self._state, {}, asyncio.get_running_loop())
        self.connection.connection_made(self.tape)

    async def hear(self, data: bytes, turns: int = 10) -> list[bytes]:
        """What has been written `turns` turns of the loop after `data` came."""
        self.connection.data_received(data)
        for _ in range(turns):
            await asyncio.sleep(0)
        return self.tape.writes

    async def hang_up(self) -> None:
        self.connection.connection_lost(None)
        await asyncio.gather(*self._state.tasks)


async def test_an_answer_is_one_write() -> None:
    line = Line(echo)
    await line.hear(ASK)
    first, second = await line.hear(ASK)
    await line.hang_up()

    assert first == second
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(b'\r\n\r\n["host"]')


async def test_answers_to_what_was_asked_at_once_come_one_by_one() -> None:
    line = Line(echo)
    one, two, three = await line.hear(ASK + ASK.replace(b"GET", b"HEAD") + ASK, turns=30)
    await line.hang_up()

    assert one == three
    assert two.endswith(b"\r\n\r\n")
    assert one.startswith(two)


async def test_the_last_answer_is_written_before_the_connection_is_closed() -> None:
    line = Line(echo)
    (whole,) = await line.hear(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert line.tape.closed
    assert b"connection: close\r\n" in whole
    assert whole.endswith(b'\r\n\r\n["connection","host"]')
    await line.hang_up()


async def test_a_head_waits_for_no_later_turn() -> None:
    go_on = asyncio.Event()

    async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await go_on.wait()
        await send({**LAST, "body": b"late", "more_body": True})
        await send(LAST)

    line = Line(slow)
    (head,) = await line.hear(ASK)
    assert head.endswith(b"transfer-encoding: chunked\r\n\r\n")
    go_on.set()
    assert await line.hear(b"") == [head, b"4\r\nlate\r\n", b"0\r\n\r\n"]
    await line.hang_up()


async def test_who_asks_before_sending_a_body_is_told_at_once() -> None:
    line = Line(echo)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert await line.hear(head) == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    _, answer = await line.hear(b"{}")

    assert answer.startswith(b"HTTP/1.1 200 ")
    await line.hang_up()


@pytest.mark.parametrize("pieces", [[], [{**LAST, "body": b"half", "more_body": True}]], ids=["no body", "half of it"])
async def test_what_was_said_before_a_failure_is_written(pieces: list[dict[str, Any]]) -> None:
    async def failing(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in (START, *pieces):
            await send(message)
        raise RuntimeError

    line = Line(failing)
    (written,) = await line.hear(ASK)

    assert line.tape.closed
    assert written.partition(b"\r\n\r\n")[2] == (b"4\r\nhalf\r\n" if pieces else b"")
    await line.hang_up()
