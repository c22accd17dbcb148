"""What an office answers beside records: a hit for each position, or why there is none."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from ventanilla.backoffice_adapters.records import Record

T = TypeVar("T")


class FaultCode(StrEnum):
    """The closed set of what may go wrong at an office."""

    UNAVAILABLE = "unavailable"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNSUPPORTED = "unsupported"
    PROTOCOL = "protocol"
    OUTCOME_UNKNOWN = "outcome_unknown"


RETRYABLE = frozenset({FaultCode.UNAVAILABLE, FaultCode.THROTTLED, FaultCode.TIMEOUT})
"""What may succeed when asked again unchanged."""


class Fault(Record):
    """Why one position, or one call, has no answer. `detail` is for the operator's log and never leaves the house."""

    code: FaultCode
    detail: str = ""
    retry_after: float | None = None
    """Seconds, where the office said so."""


Hit = T | None | Fault
"""One position of an answer: a value, an absence, or why it could not be read."""


class OfficeError(Exception):
    """The whole call failed; `fault` says how."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.detail}")
        self.fault = fault
