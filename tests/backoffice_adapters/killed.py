"""A process that serves an office of files until it is killed at a step that can be chosen, or runs out of disk."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.backoffice_adapters.osiedle import CALL, pay, setting, take_back
from ventanilla.backoffice_adapters import database_sqlite
from ventanilla.backoffice_adapters.contract import Fault
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.importer import Importer
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal

POSTED: Sequence[NewPayment | NewReversal] = (
    pay("k-1", 500_00, ("F2", 500_00)),
    pay("k-2", 400_00, ("F2", 400_00)),
    take_back("r-1", "portal-000001", 20_00),
)
"""What it posts, one after the other."""
KILLED = 137


def run(target: Callable[..., None], *args: Any) -> int:
    """Run `target` in a process of its own; how it ended."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    process = processes.Process(target=target, args=args)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def run_beside(target: Callable[..., None], *args: Any, times: int) -> list[int]:
    """Run `target` in several processes at once; how they ended."""
    with ThreadPoolExecutor(times) as threads:
        running = [threads.submit(run, target, *args) for _ in range(times)]
        return [each.result() for each in running]


def post_until(folder: Path, last: int) -> None:
    """Post all of `POSTED`; die just before or after the `last` time that the disk is told something, 0 for never."""
    if last:
        _die_at(last)
    asyncio.run(_post(folder, POSTED))


def attend_until(folder: Path, last: int) -> None:
    """Read what the program answered and exported; die as above."""
    own = setting(folder)
    importer = Importer(own, own.configuration, adapter.manifest.version)
    _die_at(last)
    importer.start()
    for now in (0.0, 10.0, 20.0):
        importer.look(now)


def post_on_a_full_disk(folder: Path, room: int) -> None:
    """Post the first of `POSTED` where no file can grow beyond `room` bytes; afterwards all of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    asyncio.run(_post(folder, POSTED[:1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    asyncio.run(_post(folder, POSTED))


async def _post(folder: Path, items: Sequence[NewPayment | NewReversal]) -> None:
    office = adapter.office(setting(folder, settle_s=30))
    await office.open()
    with (folder / "answers.txt").open("a", encoding="utf-8") as told:
        for item in items:
            method = office.post_payments if isinstance(item, NewPayment) else office.reverse_payments
            (hit,) = await method(CALL, [item])  # type: ignore[list-item]  # each method gets its own kind
            print(item.key, hit.code if isinstance(hit, Fault) else "POSTED", file=told, flush=True)
    await office.close()


def _die_at(last: int) -> None:
    steps = iter(range(1, last))

    def step() -> None:
        if next(steps, None) is None:
            os._exit(KILLED)

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            step()
            answer = real(*args, **options)
            step()
            return answer

        return call

    os.write, os.fsync = counted(os.write), counted(os.fsync)
    Path.replace = counted(Path.replace)
    setattr(database_sqlite, "_commit", counted(getattr(database_sqlite, "_commit")))  # noqa: B009, B010  private
