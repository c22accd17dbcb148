"""An orderly end: whatever asks a program to stop, what it started is stopped as well."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from benchmarks.progress import clear


@contextmanager
def orderly(*expected: type[Exception]) -> Generator[None]:
    """Leave the block by SIGTERM as by Ctrl-C, and tell an expected exception in a line, with status 1."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        clear()
        sys.exit(130)
    except expected as error:
        clear()
        sys.exit(str(error))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
