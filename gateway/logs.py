"""Logs: one line a request and one an event, as JSON or for a console; never what a client wrote or a person is.

What may stand in a line: manager, operation name, document hash, codes, ids of errors and requests, durations and
statuses. Documents, variables, bodies, query strings and addresses of people never do.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Final

import structlog
from structlog.typing import ExcInfo, Processor

_SILENT: Final = ("strawberry", "strawberry.execution", "graphql", "uvicorn.access")
"""Loggers that write documents or query strings."""
_QUIET: Final = ("uvicorn", "uvicorn.error", "asyncio", "aiosqlite", "sqlalchemy", "alembic")


def configure(*, as_json: bool, level: int = logging.INFO, messages: bool = False) -> None:
    """Send everything, the libraries' warnings included, through one formatter to stderr.

    `messages` shows what exceptions say, for development only: they quote rows, arguments and addresses.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(as_json, messages))
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _hush(level)


def _rendering(as_json: bool, messages: bool) -> list[Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    stacks = structlog.processors.format_exc_info if messages else structlog.processors.ExceptionRenderer(_stack)
    if as_json:
        return [strip, stacks, structlog.processors.JSONRenderer()]
    # The console's own tracebacks would show local variables, which hold what people sent.
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [strip, *(() if messages else (stacks,)), console]


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
