"""The end of the process, told ahead to what would otherwise go on for hours: sockets and streams."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from starlette.types import Scope

from ventanilla.gateway.refusal import RefusalError

STATE: Final = "leaving"
"""The key under which the server puts its `Leaving` into the state of every scope."""


class Leaving:
    """Whether a process is about to go, and who is to be told."""

    def __init__(self) -> None:
        self.begun = False
        self._told: set[Callable[[], object]] = set()

    @contextmanager
    def told(self, callback: Callable[[], object]) -> Generator[None]:
        """Call `callback` once, if the process begins to leave within the block, or did while it was being opened."""
        self._told.add(callback)
        if self.begun:
            asyncio.get_running_loop().call_soon(self._tell)
        try:
            yield
        finally:
            self._told.discard(callback)

    def begin(self) -> None:
        """Tell everybody, once. It may be a signal that says so, and come amidst anything: telling takes its turn."""
        self.begun = True
        if self._told:
            asyncio.get_running_loop().call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        while self._told:
            self._told.pop()()

    def refuse_new(self) -> None:
        """Refuse with 503 what would go on for long, once the process has begun to leave."""
        if self.begun:
            raise stopping()


def leaving_of(scope: Scope) -> Leaving:
    """What the server of this request says of its end; outside of ours, one that never comes."""
    return scope.get("state", {}).get(STATE) or Leaving()


def stopping() -> RefusalError:
    """The refusal of what cannot be finished any more; another process may serve it already."""
    return RefusalError(503, "The service is being restarted. Try again.", code="OVERLOADED", close=True)
