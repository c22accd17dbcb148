"""Work that has had its first turn: what is done by then needs no timer."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Begun(Generic[T]):
    """A coroutine that runs at once, up to where it first waits; if it `is_done` its `value` is there, else await it.

    It is the task that makes it who runs it, so that task has to await it, and once. What the first turn raises is
    raised by making it.
    """

    value: T

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self._awaited: Any = None
        self.is_done = False
        try:
            self._awaited = work.send(None)
        except StopIteration as end:
            self.is_done, self.value = True, end.value

    def __await__(self) -> Generator[Any, Any, T]:
        """Go on, as `await` does: what is awaited is handed to the task, and what the task says to the coroutine."""
        try:
            while True:
                try:
                    told = yield self._awaited
                except BaseException as error:  # noqa: BLE001  a cancellation too is for the coroutine to hear
                    self._awaited = self._work.throw(error)
                else:
                    self._awaited = self._work.send(told)
        except StopIteration as end:
            return end.value
