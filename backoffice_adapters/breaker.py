"""A circuit breaker: after failures in a row, leave an office alone for a while, then let one call try it."""

from __future__ import annotations

import time

LONGEST_REST_S = 30.0


class Breaker:
    """Counts failures in a row. `trip` of them start a rest of `rest_s` seconds, doubled up to `longest_s`."""

    def __init__(self, trip: int, rest_s: float, longest_s: float) -> None:
        self._trip = trip
        self._first_rest_s = self._rest_s = rest_s
        self._longest_s = longest_s
        self._failures = 0
        self._until = 0.0

    def rest(self) -> float:
        """Seconds for which to ask nothing; 0 lets the caller through, and after a rest only this one caller."""
        if self._failures < self._trip:
            return 0.0
        now = time.monotonic()
        if now < self._until:
            return self._until - now
        self._until = now + self._rest_s
        return 0.0

    def failed(self, retry_after: float | None = None) -> None:
        """Count a failure; an office that says when to come back is left alone until then, but not for minutes."""
        self._failures += 1
        if retry_after:
            self._failures = max(self._failures, self._trip)
        if self._failures >= self._trip:
            self._until = time.monotonic() + min(retry_after or self._rest_s, LONGEST_REST_S)
            self._rest_s = min(self._rest_s * 2, self._longest_s)

    def worked(self) -> None:
        """Forget the failures: the office answers."""
        if self._failures:
            self._failures = 0
            self._rest_s = self._first_rest_s
