"""Sides as processes: started, found ready, stopped; what they write goes to a file each."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from benchmarks.sides import Side

START_S: Final = 60.0
_STOP_S = 15.0
_TURN_S = 0.05


class SideError(Exception):
    """A side cannot be used as it is; the message says what to do."""


@contextmanager
def started(side: Side, logs: Path) -> Generator[int]:
    """Start a side, wait until it listens, and stop it at the end; its process id. It logs into the folder `logs`."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{side.name}.log"
    if _listens(side.port):
        msg = f"something listens at port {side.port} already, which {side.name} needs: stop it and repeat"
        raise SideError(msg)
    with log.open("wb") as output:
        environment = {**os.environ, **side.environment}
        process = subprocess.Popen(  # noqa: S603  our own sides
            side.command, cwd=side.folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            _wait(side, process, log)
            yield process.pid
        finally:
            _stop(process)


@contextmanager
def all_started(sides: Iterable[Side], logs: Path) -> Generator[dict[str, int]]:
    """Start several sides; name → process id."""
    with ExitStack() as stack:
        yield {side.name: stack.enter_context(started(side, logs)) for side in sides}


def _wait(side: Side, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_S
    while not _listens(side.port):
        if process.poll() is not None or time.monotonic() > ends:
            last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-12:])
            msg = f"{side.name} does not start; its log {log} ends with:\n{last}"
            raise SideError(msg)
        time.sleep(_TURN_S)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
