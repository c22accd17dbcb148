"""A circuit breaker: after failures in a row, leave an office alone for a while, then let one call try it."""

from __future__ import annotations

import time
from collections.abc import Callable

from ventanilla.backoffice_adapters.contract import OfficeError

LONGEST_REST_S = 30.0


class ShutError(OfficeError):
    """The office itself was not asked, because it rests: that says nothing new of it, and asking again is no use."""


class Breaker:
    """Counts failures in a row. `trip` of them start a rest of `rest_s` seconds, doubled up to `longest_s`.

    After a rest one call at a time is let through: it must be told `worked`, `failed` or `unsaid`.
    """

    def __init__(self, trip: int, rest_s: float, longest_s: float, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells monotonic seconds."""
        self._trip = trip
        self._first_rest_s = self._rest_s = rest_s
        self._longest_s = longest_s
        self._now = now
        self._failures = 0
        self._until = 0.0
        self._trying = False

    def rest(self) -> float:
        """Seconds for which to ask nothing; 0 lets the caller through, and after a rest only this one caller."""
        if self._failures < self._trip:
            return 0.0
        if rest := self.resting():
            return rest
        if self._trying:
            return self._first_rest_s
        self._trying = True
        return 0.0

    def resting(self) -> float:
        """Seconds of rest that are left, told without letting anybody through."""
        return max(0.0, self._until - self._now()) if self._failures >= self._trip else 0.0

    def failed(self, retry_after: float | None = None) -> None:
        """Count a failure; an office that says when to come back is left alone until then, but not for minutes."""
        self._trying = False
        rested = self.resting()
        self._failures += 1
        if retry_after:
            self._failures = max(self._failures, self._trip)
            self._until = max(self._until, self._now() + min(retry_after, LONGEST_REST_S))
        elif self._failures >= self._trip and not rested:  # calls that began before the rest do not lengthen it
            self._until = self._now() + self._rest_s
            self._rest_s = min(self._rest_s * 2, self._longest_s)

    def worked(self) -> None:
        """Forget the failures: the office answers."""
        if self._failures:
            self._failures = 0
            self._until = 0.0
            self._rest_s = self._first_rest_s
            self._trying = False

    def unsaid(self) -> None:
        """The call ended without telling how the office is: the next caller may try."""
        self._trying = False
