"""Workers as processes of their own, which tests kill."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.jobs.sending import SECRET

PROGRAM = Path(__file__).with_name("working.py")
LEASE_S = 10.0


@asynccontextmanager
async def workers(
    url: str, log: Path, count: int = 1, *, lease_s: float = LEASE_S, offices: Path | None = None
) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """Processes that send letters, and generate access where they know the offices; who lives at the end is killed."""
    arguments = [url, SECRET, str(lease_s), *([str(offices)] if offices else [])]
    with log.open("ab") as errors:
        begun = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-P", PROGRAM, *arguments, stdout=asyncio.subprocess.PIPE, stderr=errors
            )
            for _ in range(count)
        ]
    try:
        for each in begun:
            assert each.stdout
            assert await each.stdout.readline() == b"ready\n"
        yield begun
    finally:
        for each in begun:
            if each.returncode is None:
                each.kill()
            await each.wait()
