"""How long is waited, and how often is asked again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from ventanilla_export.telling import Telling
from ventanilla_export.troubles import FaultError, LimitedError, UnavailableError

FIRST_S, LONGEST_S = 1.0, 60.0
"""The pause after the first of several faults, and the longest; each is twice the one before."""
MOST_REFUSALS = 10
"""How often in a row too many questions are waited for: points come anew each minute, one page needs no more."""


class Patience:
    """Waits after what went wrong, and gives up when nothing but that happened for too long."""

    def __init__(self, limit_s: float, telling: Telling, sleep: Callable[[float], None] = time.sleep) -> None:
        """`limit_s`: how many seconds of pauses in a row are borne."""
        self._limit_s = limit_s
        self._telling = telling
        self._sleep = sleep
        self.calm()

    def calm(self) -> None:
        """Something was answered."""
        self._next_s, self._waited_s, self._refusals = FIRST_S, 0.0, 0

    def fault(self, fault: FaultError) -> None:
        """Pause before asking again, twice as long as before; `UnavailableError` when the limit would be passed."""
        spread = random.uniform(0.5, 1)  # noqa: S311  many exports must not come again at one moment
        pause = max(self._next_s * spread, fault.wait or 0.0)
        if self._waited_s + pause > self._limit_s:
            raise UnavailableError(f"Given up after {self._waited_s:.0f} seconds of waiting: {fault}") from fault
        self._next_s = min(self._next_s * 2, LONGEST_S)
        self._waited_s += pause
        self._pause(pause, str(fault))

    def limited(self, limited: LimitedError) -> None:
        """Wait as long as was told."""
        self._refusals += 1
        if self._refusals > MOST_REFUSALS:
            raise UnavailableError(
                f"The portal has refused the same question {MOST_REFUSALS} times as one too many."
                " Ask for less at once (--page-size), or come again when other programs are done"
            ) from limited
        self._pause(limited.wait, "too many questions")

    def _pause(self, seconds: float, why: str) -> None:
        self._telling.waits(seconds, why)
        self._sleep(seconds)
