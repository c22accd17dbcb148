"""The service: papers are made in processes of our own, a few at a time, and no manager crowds out another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.pdf.paper import DocumentFormat, Paper
from ventanilla.pdf.wire import Job
from ventanilla.pdf.workers import PaperError, Workers

WORKERS: Final = 2
SECONDS: Final = 10.0
MOST_WAITING: Final = 16


class PapersBusyError(PaperError):
    """As many papers of this manager are waited for as may be. Ask again in a moment."""


class Rendered(Record):
    """A paper as it is sent."""

    body: bytes
    media_type: str
    sha256: bytes
    """Digest of the body, 32 bytes."""


class Papers:
    """Makes papers. Nothing is started before the first one is asked for; `close` ends what was.

    `workers` papers are made at once, at most `at_once` of one manager (half of the workers unless said), each within
    `seconds`; `most_waiting` more of a manager may wait for a place as long.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        at_once: int | None = None,
        most_waiting: int = MOST_WAITING,
        seconds: float = SECONDS,
    ) -> None:
        self._workers = Workers(workers, seconds)
        self._at_once = at_once or max(1, workers // 2)
        self._most_waiting = most_waiting
        self._seconds = seconds
        self._lanes: dict[str, _Lane] = {}

    async def make(self, paper: Paper, form: DocumentFormat) -> Rendered:
        """Make the paper; `PaperError` tells why there is none."""
        async with self._place(paper.letterhead.manager):
            body = await self._workers.make(Job(format=form, paper=paper))
        return Rendered(body=body, media_type=form.media_type, sha256=sha256(body).digest())

    async def close(self) -> None:
        """End the processes."""
        await self._workers.close()

    @asynccontextmanager
    async def _place(self, manager: str) -> AsyncGenerator[None]:
        lane = self._lanes.setdefault(manager, _Lane(self._at_once))
        if lane.asked >= self._at_once + self._most_waiting:
            raise PapersBusyError
        lane.asked += 1
        try:
            await lane.enter(self._seconds)
            try:
                yield
            finally:
                lane.places.release()
        finally:
            lane.asked -= 1
            if not lane.asked:
                del self._lanes[manager]


class _Lane:
    """One manager's places, and how many ask for one or have it."""

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.asked = 0

    async def enter(self, seconds: float) -> None:
        """Take a place; `PapersBusyError` if none is free for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.places.acquire()
        except TimeoutError:
            raise PapersBusyError from None
