"""Places: how many sockets and streams one caller may hold open at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from ventanilla.gateway.budget import RATE_LIMITED
from ventanilla.gateway.refusal import RefusalError

RETRY_AFTER_S: Final = 10
"""When to try again after having been refused: a caller has to close something first."""

Caller = tuple[str, str]
"""A manager's slug, and a person's id or an address of people who are not signed in."""


class Place:
    """One caller's place; `move` gives it to another once it is known who that is."""

    def __init__(self, places: Places, caller: Caller) -> None:
        self._places = places
        self.caller = caller
        places.take(caller)

    def move(self, caller: Caller) -> None:
        """Be somebody else's place; refused with 429, and nothing is changed, if they have no more."""
        if caller != self.caller:
            self._places.take(caller)
            self.leave()
            self.caller = caller

    def leave(self) -> None:
        """Give the place back."""
        self._places.give_back(self.caller)


class Places:
    """The places of this process."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._taken: Counter[Caller] = Counter()

    @contextmanager
    def held(self, caller: Caller) -> Generator[Place]:
        """Hold a place within the block; refused with 429 if the caller has no more."""
        place = Place(self, caller)
        try:
            yield place
        finally:
            place.leave()

    def take(self, caller: Caller) -> None:
        """Count one more."""
        if self._taken[caller] >= self._each:
            raise RefusalError(
                429,
                f"At most {self._each} sockets and streams may be open at once: close one first.",
                code=RATE_LIMITED,
                headers={"retry-after": str(RETRY_AFTER_S)},
                told={"retryAfter": RETRY_AFTER_S},
            )
        self._taken[caller] += 1

    def give_back(self, caller: Caller) -> None:
        """Count one less; nothing is kept of who holds none."""
        self._taken[caller] -= 1
        if not self._taken[caller]:
            del self._taken[caller]
