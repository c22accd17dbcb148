"""Places: how many sockets and streams one caller, and all callers of one manager, may hold open at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TypeVar

from ventanilla.gateway.budget import RATE_LIMITED
from ventanilla.gateway.refusal import RefusalError

K = TypeVar("K")
RETRY_AFTER_S: Final = 10
"""When to try again after having been refused: a caller has to close something first."""

Caller = tuple[str, str]
"""A manager's slug, and a person's id or the network of people who are not signed in."""


class Place:
    """One caller's place; `move` gives it to another once it is known who that is."""

    def __init__(self, places: Places, caller: Caller) -> None:
        self._places = places
        self.caller = caller
        places.enter(caller)

    def move(self, caller: Caller) -> None:
        """Be somebody else's place; refused with 429, and nothing is changed, if they have no more."""
        if caller != self.caller:
            self._places.take(caller)
            self._places.give_back(self.caller)
            self.caller = caller

    def leave(self) -> None:
        """Give the place back."""
        self._places.leave(self.caller)


class Places:
    """The places of this process."""

    def __init__(self, each: int, together: int) -> None:
        """`each` may a caller hold, and `together` all callers of one manager: one's crowd leaves room for others'."""
        self._each, self._together = each, together
        self._taken: Counter[Caller] = Counter()
        self._crowds: Counter[str] = Counter()

    @contextmanager
    def held(self, caller: Caller) -> Generator[Place]:
        """Hold a place within the block; refused with 429 if the caller or the manager has no more."""
        place = Place(self, caller)
        try:
            yield place
        finally:
            place.leave()

    def enter(self, caller: Caller) -> None:
        """Count one more, of the caller and of the manager."""
        if self._crowds[caller[0]] >= self._together:
            raise _full(f"This portal has its {self._together} sockets and streams open: come again later.")
        self.take(caller)
        self._crowds[caller[0]] += 1

    def leave(self, caller: Caller) -> None:
        """Count one less of both."""
        self.give_back(caller)
        _less(self._crowds, caller[0])

    def take(self, caller: Caller) -> None:
        """Count one more of the caller alone."""
        if self._taken[caller] >= self._each:
            raise _full(f"At most {self._each} sockets and streams may be open at once: close one first.")
        self._taken[caller] += 1

    def give_back(self, caller: Caller) -> None:
        """Count one less of the caller alone."""
        _less(self._taken, caller)


def _less(counted: Counter[K], key: K) -> None:
    counted[key] -= 1
    if not counted[key]:
        del counted[key]  # nothing is kept of who holds none


def _full(message: str) -> RefusalError:
    return RefusalError(
        429,
        message,
        code=RATE_LIMITED,
        headers={"retry-after": str(RETRY_AFTER_S)},
        told={"retryAfter": RETRY_AFTER_S},
    )
