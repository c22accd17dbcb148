"""Why a simulated platform does not do something."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The closed set of reasons; each platform has words of its own for them."""

    UNKNOWN = "UNKNOWN"
    """There is no such order, payment or refund."""
    ANOTHER = "ANOTHER"
    """What has that name already is something else."""
    CLOSED = "CLOSED"
    """The order has run out, or was taken back."""
    TOO_MUCH = "TOO_MUCH"
    """More would go back than is left of the payment."""
    WHOLE_ONLY = "WHOLE_ONLY"
    """The platform gives back the whole, or nothing."""
    NO_SUCH_THING = "NO_SUCH_THING"
    """The platform has no word for it."""


class RefusedError(Exception):
    """A simulated platform does not do it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
