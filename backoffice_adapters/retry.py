"""When to ask an office again: a safe method only, a few times, ever more patiently, and never in lockstep.

What an office refuses, answers wrongly or does not answer in time is not asked for again: it would fail alike, or the
office has enough to do. How often and how long is the guard's own rule and no library's: whether there is time left,
whether the breaker rests and what the office said of it decide every pause.
"""

from __future__ import annotations

from random import SystemRandom
from typing import Final

from ventanilla.backoffice_adapters.contract import Fault, FaultCode

TRIES: Final = 3
"""How often a safe method is called at most."""
FIRST_S: Final = 0.1
"""The first pause on average; each further one is twice as long."""
AGAIN: Final = frozenset({FaultCode.UNAVAILABLE, FaultCode.THROTTLED})
"""Faults of a whole call that may be gone a moment later."""
_CHANCE = SystemRandom()


def pause_s(fault: Fault, tried: int) -> float | None:
    """Seconds to wait after the try number `tried` ended with `fault`; None to leave it there.

    An office that says when to come back is not asked before.
    """
    if fault.code not in AGAIN or tried >= TRIES:
        return None
    spread = _CHANCE.uniform(0.5, 1.5)
    if fault.retry_after is not None:
        return fault.retry_after + FIRST_S * spread
    return FIRST_S * 2 ** (tried - 1) * spread
