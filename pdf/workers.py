"""The processes that make papers: started when wanted, replaced after a while, killed when one takes too long.

They are not those of `concurrent.futures`: these inherit no environment, and one that hangs takes no other with it.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Final

import msgspec

from ventanilla.pdf.wire import HEAD, Answer, Job, framed

MOST_JOBS: Final = 200
"""After so many papers a process is replaced, whatever the libraries below have piled up in it."""
_MODULE: Final = "ventanilla.pdf.worker"
# Names are hashed alike in every process, so that the same paper has the same bytes.
_ENVIRONMENT: Final = {"PYTHONHASHSEED": "0"}
_answer: Final = msgspec.msgpack.Decoder(Answer)


class PaperError(Exception):
    """A paper could not be made."""


class PaperTimeoutError(PaperError):
    """A paper took longer than anybody waits; its process is gone."""


class PaperFailedError(PaperError):
    """A fault of ours: the message says where, and nothing of the paper."""


class Workers:
    """At most `count` processes; a paper has `seconds`, the start of its process included."""

    def __init__(self, count: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(count)
        self._seconds = seconds
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()
        self._ends: set[asyncio.Task[None]] = set()

    async def make(self, job: Job) -> bytes:
        """The paper. `PaperTimeoutError` or `PaperFailedError` if there is none."""
        message = msgspec.msgpack.encode(job)
        async with self._places:
            answer = await self._answer(message)
        if answer.failure:
            raise PaperFailedError(answer.failure)
        return answer.body

    async def close(self) -> None:
        """End every process and wait for its end."""
        for worker in tuple(self._alive):
            self._drop(worker)
        await asyncio.gather(*self._ends)

    async def _answer(self, message: bytes) -> Answer:
        worker: _Worker | None = None
        try:
            async with asyncio.timeout(self._seconds):
                worker = await self._ready()
                answer = await worker.do(message)
        except TimeoutError:
            msg = f"not ready within {self._seconds:g} s"
            raise PaperTimeoutError(msg) from None
        except (EOFError, OSError) as error:
            msg = f"the process ended: {type(error).__name__}"
            raise PaperFailedError(msg) from None
        else:
            self._keep(worker)
            return answer
        finally:
            if worker and worker not in self._idle:
                self._drop(worker)

    async def _ready(self) -> _Worker:
        if self._idle:
            return self._idle.pop()
        worker = await _Worker.start()
        self._alive.add(worker)
        return worker

    def _keep(self, worker: _Worker) -> None:
        if worker.jobs < MOST_JOBS:
            self._idle.append(worker)

    def _drop(self, worker: _Worker) -> None:
        # One that is old, hangs, or was left by its caller in the middle of a job: nobody can talk to it any more.
        self._alive.discard(worker)
        end = asyncio.create_task(worker.end())
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)


class _Worker:
    """One process and what it was given to do."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.jobs = 0

    @classmethod
    async def start(cls) -> _Worker:
        """Start a process: a session of its own, so that a Ctrl-C at the terminal is ours to answer."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-s", "-m", _MODULE,
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, start_new_session=True,
            )
        )  # fmt: skip

    async def do(self, message: bytes) -> Answer:
        """Hand over a job and wait for the answer; `EOFError` or `OSError` if the process ended."""
        incoming, outgoing = self._process.stdout, self._process.stdin
        if incoming is None or outgoing is None:
            raise EOFError
        self.jobs += 1
        outgoing.write(framed(message))
        await outgoing.drain()
        size = int.from_bytes(await incoming.readexactly(HEAD), "big")
        return _answer.decode(await incoming.readexactly(size))

    async def end(self) -> None:
        """End it at once, whatever it is doing, and wait until it is gone."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
