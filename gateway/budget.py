"""Points: how much one caller, and all callers of one manager, may ask for in a minute.

Every operation costs points (`execution/cost.py`), at least one. They are counted in this process's memory, in windows
of a minute that begin together: a write for every query would cost more than the queries, and a process that starts
anew forgives a minute. Nothing is kept of a window that has ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Any, Final

import msgspec

from ventanilla.gateway.refusal import RefusalError

WINDOW_S: Final = 60
RATE_LIMITED: Final = "RATE_LIMITED"


class Standing(msgspec.Struct, frozen=True):
    """What a caller may still ask for in this window."""

    limit: int
    remaining: int
    resets_in_s: float


class Bill(msgspec.Struct, frozen=True):
    """What one operation cost, and what its caller may still ask for."""

    requested: int
    limit: int
    """The most that one operation may cost."""
    standing: Standing

    def extensions(self, now: datetime) -> dict[str, Any]:
        """As every answer tells it in ``extensions.cost``."""
        return {
            "requested": self.requested,
            "limit": self.limit,
            "remaining": self.standing.remaining,
            "resetAt": _written(int(now.timestamp() + self.standing.resets_in_s)),
        }

    @property
    def headers(self) -> dict[str, str]:
        """As proxies and scripts read it: the window's policy and what is left of it."""
        return _headers(self.standing)


@lru_cache(maxsize=16)
def _written(second: int) -> str:
    """A second of the epoch as answers tell it: windows of a minute begin together, and so most tell the same."""
    return datetime.fromtimestamp(second, UTC).isoformat()


def _headers(standing: Standing) -> dict[str, str]:
    return {
        "ratelimit-policy": f'"points";q={standing.limit};w={WINDOW_S}',
        "ratelimit": f'"points";r={standing.remaining};t={ceil(standing.resets_in_s)}',
    }


class OverBudgetError(Exception):
    """The window's points are used up; `standing` says when the next one begins. Nothing was counted."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(f"over {standing.limit} points a window")
        self.standing = standing

    def refusal(self, points: int) -> RefusalError:
        """What the caller is told."""
        wait = ceil(self.standing.resets_in_s)
        return RefusalError(
            429,
            f"This operation costs {points} points, and of {self.standing.limit} in {WINDOW_S} seconds there are"
            f" {self.standing.remaining} left. Ask again in {wait} seconds, or for less at once.",
            code=RATE_LIMITED,
            headers={"retry-after": str(wait), **_headers(self.standing)},
            told={"retryAfter": wait},
        )


class Budget:
    """The points of this process's callers."""

    def __init__(self, per_caller: int, per_manager: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_caller, self._per_manager = per_caller, per_manager
        self._clock = clock
        self._ends = 0.0
        self._spent: dict[tuple[str, str], int] = {}

    def spend(self, manager: str, caller: str, points: int) -> Standing:
        """Count `points` of one caller at one manager; `OverBudgetError` if either has not so many left."""
        points = max(1, points)
        resets_in = self.check(manager, caller, points)
        whole, own = (manager, ""), (manager, caller)
        for key in (whole, own):
            self._spent[key] = self._spent.get(key, 0) + points
        return Standing(self._per_caller, self._per_caller - self._spent[own], resets_in)

    def check(self, manager: str, caller: str, points: int = 1) -> float:
        """In how many seconds the window ends; `OverBudgetError` for who has not so many points left in it."""
        resets_in = self._window()
        for key, limit in (((manager, ""), self._per_manager), ((manager, caller), self._per_caller)):
            if self._spent.get(key, 0) + points > limit:
                raise OverBudgetError(Standing(limit, max(0, limit - self._spent.get(key, 0)), resets_in))
        return resets_in

    def _window(self) -> float:
        now = self._clock()
        if now >= self._ends:
            self._spent.clear()
            self._ends = now + WINDOW_S
        return self._ends - now
