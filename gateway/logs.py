"""Logs: one line a request and one an event, as JSON or for a console; never what a client wrote or a person is.

What may stand in a line: manager, operation name, document hash, codes, ids of errors and requests, durations and
statuses. Documents, variables, bodies, query strings and addresses of people never do.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import sys
import traceback
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor

_SILENT: Final = ("strawberry", "strawberry.execution", "graphql", "uvicorn.access")
"""Loggers that write documents or query strings."""
_QUIET: Final = (
    "uvicorn",
    "uvicorn.error",
    "asyncio",
    "aiosqlite",
    "sqlalchemy",
    "alembic",
    "authlib",
    "httpcore2",
    "httpx2",
)


PATIENCE_S: Final = 0.05
"""How long the lines of requests wait for each other where requests are served."""


class _Sheet:
    """Where all lines end, in the order they came.

    Those of requests wait up to `patience_s` for each other and for any other line: to hand each of them to the system
    by itself costs twice as much as to write what it says. A process that is killed loses those that wait.
    """

    def __init__(self, stream: TextIO, patience_s: float) -> None:
        self._stream = stream
        self._patience_s = patience_s
        self._waiting: deque[str] = deque()
        self._due = False
        """Whether somebody will come for those that wait."""

    def gather(self, line: str) -> None:
        """Take one line that may wait, from within the loop that requests are served in."""
        self._waiting.append(line)
        if not self._patience_s:
            self.write()
        elif not self._due:
            self._due = True
            asyncio.get_running_loop().call_later(self._patience_s, self._fetch)

    def write(self, *lines: str) -> None:
        """Write what waits, then `lines`. A disk that is full, or a reader who went away, fails no request."""
        self._waiting.extend(lines)
        text: list[str] = []
        while self._waiting:  # one by one: other threads write as well
            text += (self._waiting.popleft(), "\n")
        if text:
            with suppress(OSError, ValueError):
                self._stream.write("".join(text))
                self._stream.flush()

    def _fetch(self) -> None:
        self._due = False
        self.write()


class _Libraries(logging.Handler):
    """Writes what libraries, and modules that know no more than the standard library, say."""

    def __init__(self, sheet: _Sheet) -> None:
        super().__init__()
        self._sheet = sheet

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001  what cannot be formatted is told as handlers tell it, and fails nobody
            self.handleError(record)
        else:
            self._sheet.write(line)


class _Lines:
    """What one of our own loggers writes with: its lines need no record, for nothing else is done with them."""

    def __init__(self, sheet: _Sheet, name: str) -> None:
        self._sheet = sheet
        self.name = name

    def info(self, line: str) -> None:
        """Write one line."""
        self._sheet.write(line)

    debug = warning = error = critical = info


class Requests:
    """The log of requests. Each request writes a line, so one in JSON is written past all that other lines cross."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.straight: _Sheet | None = None
        """Where lines in JSON end; None while nothing, or something else, is configured."""
        self._log = structlog.get_logger(name)

    def tell(self, told: EventDict) -> None:
        """Write the line of one request, which says what is `told`."""
        if self.straight is None:
            self._log.info("request", **told)
            return
        told["event"] = "request"
        told["level"] = "info"
        told["logger"] = self.name
        told["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self.straight.gather(_as_json(None, "info", told))


requests: Final = Requests("ventanilla.requests")


def configure(*, as_json: bool, level: int = logging.INFO, messages: bool = False, patience_s: float = 0.0) -> None:
    """Send everything, the libraries' warnings included, to stderr, in one form.

    `messages` shows what exceptions say, for development only: they quote rows, arguments and addresses. `patience_s`
    is how long the lines of requests may wait for each other.
    """
    sheet = _Sheet(sys.stderr, patience_s)
    if patience_s:
        atexit.register(sheet.write)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering = _rendering(as_json, messages)
    structlog.configure(
        processors=[*shared, *rendering],
        logger_factory=cache(partial(_Lines, sheet)),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,  # a logger is made in a microsecond, and may be configured again
    )
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = _Libraries(sheet)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[strip, *rendering]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _hush(level)
    requests.straight = sheet if as_json and level <= logging.INFO else None


def _rendering(as_json: bool, messages: bool) -> list[Processor]:
    stacks = structlog.processors.format_exc_info if messages else structlog.processors.ExceptionRenderer(_stack)
    if as_json:
        return [stacks, _as_json]
    # The console's own tracebacks would show local variables, which hold what people sent.
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [*(() if messages else (stacks,)), console]


_encode: Final = json.JSONEncoder(default=repr, separators=(",", ":")).encode
"""ASCII alone: whatever stands in a line, no terminal obeys it and nothing takes it for the end of the line."""
_AS_REPR: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def _as_json(_logger: Any, _method: str, event: EventDict) -> str:
    try:
        line = orjson.dumps(event, repr, _AS_REPR)
    except TypeError:  # half a character, a large number: the slow way writes them
        return _encode(event)
    return line.decode() if line.isascii() and b"\x7f" not in line else _encode(event)


def _stack(exc_info: ExcInfo) -> str:
    """Where an exception came from, and what it came of: types and places, nothing that it says."""
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        parts.append("".join([*traceback.format_tb(error.__traceback__), f"{kind.__module__}.{kind.__qualname__}"]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "Traceback\n" + "\ncaused by\n".join(parts)


def _hush(level: int) -> None:
    for name in _SILENT:
        silent = logging.getLogger(name)
        silent.handlers.clear()
        silent.disabled = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
