"""The load: a process of its own that asks a server over a few connections for a second or two, and checks each answer.

It reads an order a line on its standard input, and writes what came of it as a line on its output, both JSON.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import cycle
from typing import Any, cast

import msgspec

from benchmarks import wire
from ventanilla.backoffice_adapters.records import Record

CONNECTIONS = 4


class Order(Record):
    """What is asked."""

    port: int
    requests: tuple[bytes, ...]
    """Taken in turn, over and over."""
    sign: str
    """What the body of every right answer holds."""
    seconds: float


class Outcome(Record):
    """What came of it."""

    answers: int
    wall_us: float
    """From a request to its answer, the median."""
    wrong: str | None = None
    """The first answer that was not right; then nothing else counts."""


class Load:
    """The process of the load."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, order: Order) -> Outcome:
        """Put the load on a server, and wait until it is over."""
        given, answered = cast("Any", self._process.stdin), cast("Any", self._process.stdout)
        given.write(msgspec.json.encode(order) + b"\n")
        given.flush()
        return msgspec.json.decode(answered.readline(), type=Outcome)


@contextmanager
def load(command: tuple[str, ...]) -> Generator[Load]:
    """Start the process, which `command` runs `main` in, and end it."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603  ourselves
        try:
            yield Load(process)
        finally:
            process.terminate()


class _Burst:
    """One order as it is carried out."""

    def __init__(self, order: Order) -> None:
        self.requests = cycle(order.requests)
        self.sign = order.sign.encode()
        self.ends = time.perf_counter() + order.seconds
        self.times: list[float] = []
        self.wrong: str | None = None

    def take(self, answer: wire.Response, seconds: float) -> bool:
        """Note an answer; whether another is wanted."""
        if answer.status != 200 or self.sign not in answer.body or b'"errors":' in answer.body:
            self.fail(f"status {answer.status}: {answer.body[:400].decode('utf-8', 'replace')}")
        self.times.append(seconds)
        return self.wrong is None and time.perf_counter() < self.ends

    def fail(self, why: str) -> None:
        """Note what is wrong; the first counts."""
        self.wrong = self.wrong or why


class _Connection(asyncio.Protocol):
    """One connection, which asks again as soon as it is answered."""

    def __init__(self, burst: _Burst) -> None:
        self._burst = burst
        self._received = bytearray()
        self._asked = 0.0
        self._transport: Any = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            answer = wire.response(self._received)
        except wire.BrokenAnswerError as error:
            self._burst.fail(str(error))
            self._end()
            return
        if answer is None:
            return
        self._received.clear()
        if self._burst.take(answer, time.perf_counter() - self._asked):
            self._ask()
        else:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self._burst.fail(f"the server closed a connection: {exc or 'without a word'}")
            self.over.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(next(self._burst.requests))

    def _end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
        self._transport.close()


async def _carried_out(order: Order) -> Outcome:
    burst, loop = _Burst(order), asyncio.get_running_loop()
    try:
        made = [
            await loop.create_connection(lambda: _Connection(burst), "127.0.0.1", order.port)
            for _ in range(CONNECTIONS)
        ]
        async with asyncio.timeout(order.seconds + wire.PATIENCE_S):
            await asyncio.gather(*(connection.over for _, connection in made))
    except (OSError, TimeoutError) as error:
        burst.fail(f"{type(error).__name__}: {error}")
    times = sorted(burst.times)
    median = times[len(times) // 2] * 1_000_000 if times else 0.0
    return Outcome(answers=len(times), wall_us=median, wrong=burst.wrong)


def main() -> None:
    """Carry out orders until there are no more."""
    for line in sys.stdin.buffer:
        outcome = asyncio.run(_carried_out(msgspec.json.decode(line, type=Order)))
        sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
