"""Points: how much one caller, and all callers of one manager, may ask for in a minute.

Every operation costs points (`execution/cost.py`), at least one. Programs that export have more of them, of a purse of
their own, so that they take none from the people of the portal. Points are counted in this process's memory, in windows
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
MOST_POINTS_OF_EXPORTS: Final = 50_000
"""What one operation of a program of the manager's own may cost: a page of a thousand records with what hangs on them.
"""


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


def _purses(manager: str, caller: str, *, exports: bool) -> tuple[tuple[str, str], tuple[str, str]]:
    """What is counted for all callers of a kind together, and for this one. No caller is called so."""
    return (manager, " exports" if exports else ""), (manager, caller)


class Budget:
    """The points of this process's callers."""

    def __init__(
        self,
        per_caller: int,
        per_manager: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        per_export: int | None = None,
    ) -> None:
        """`per_export` is what a caller that exports may spend, if not as much as any other."""
        self._per_caller, self._per_manager = per_caller, per_manager
        self._per_export = per_caller if per_export is None else per_export
        self._clock = clock
        self._ends = 0.0
        self._spent: dict[tuple[str, str], int] = {}

    def spend(self, manager: str, caller: str, points: int, *, exports: bool = False) -> Standing:
        """Count `points` of one caller at one manager; `OverBudgetError` if either has not so many left.

        All callers that export at a manager have a purse together, apart from that of all others.
        """
        points = max(1, points)
        resets_in = self.check(manager, caller, points, exports=exports)
        whole, own = _purses(manager, caller, exports=exports)
        for key in (whole, own):
            self._spent[key] = self._spent.get(key, 0) + points
        limit = self._per_export if exports else self._per_caller
        return Standing(limit, limit - self._spent[own], resets_in)

    def check(self, manager: str, caller: str, points: int = 1, *, exports: bool = False) -> float:
        """In how many seconds the window ends; `OverBudgetError` for who has not so many points left in it."""
        resets_in = self._window()
        whole, own = _purses(manager, caller, exports=exports)
        for key, limit in ((whole, self._per_manager), (own, self._per_export if exports else self._per_caller)):
            if self._spent.get(key, 0) + points > limit:
                raise OverBudgetError(Standing(limit, max(0, limit - self._spent.get(key, 0)), resets_in))
        return resets_in

    def _window(self) -> float:
        now = self._clock()
        if now >= self._ends:
            self._spent.clear()
            self._ends = now + WINDOW_S
        return self._ends - now
