"""What could not be read: the closed set of codes an entry of ``errors[]`` may carry beside a null.

A business refusal of a mutation is not here; it is data (`refusals.py`).
"""

from __future__ import annotations

from enum import StrEnum

from ventanilla.backoffice_adapters.contract import RETRYABLE, Fault, FaultCode


class ProblemCode(StrEnum):
    """Codes that a field may fail with. Their meaning is their docstring in `MESSAGES`."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    NOT_LICENSED = "NOT_LICENSED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    BACK_OFFICE_UNAVAILABLE = "BACK_OFFICE_UNAVAILABLE"
    BACK_OFFICE_TIMEOUT = "BACK_OFFICE_TIMEOUT"
    BACK_OFFICE_BAD_ANSWER = "BACK_OFFICE_BAD_ANSWER"
    OVERLOADED = "OVERLOADED"


MESSAGES: dict[ProblemCode, str] = {
    ProblemCode.UNAUTHENTICATED: "Sign in first: no valid credential came with the request.",
    ProblemCode.FORBIDDEN: "Your role does not reach this.",
    ProblemCode.INVALID_ARGUMENT: "An argument has a value that no client can have got from us.",
    ProblemCode.NOT_LICENSED: "The manager holds no licence for this; `portal.capabilities` tells what it holds.",
    ProblemCode.NOT_SUPPORTED: "The manager's back office cannot do this; `portal.capabilities` tells what it can.",
    ProblemCode.BACK_OFFICE_UNAVAILABLE: "The manager's back office does not answer. Try again later.",
    ProblemCode.BACK_OFFICE_TIMEOUT: "The manager's back office did not answer in time. Try again later.",
    ProblemCode.BACK_OFFICE_BAD_ANSWER: "The manager's back office answered something that cannot be used.",
    ProblemCode.OVERLOADED: "The service cannot do this at the moment. Try again.",
}


class Problem(Exception):  # noqa: N818  it stands at one position of an answer; not every one is anybody's error
    """Why one position has no value. Its text is public: nothing that an office said ever stands in it."""

    def __init__(
        self,
        code: ProblemCode,
        message: str | None = None,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or MESSAGES[code])
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after

    @property
    def extensions(self) -> dict[str, object]:
        """What stands in ``errors[].extensions``: the code, and whether asking again may help."""
        told: dict[str, object] = {"code": self.code.value}
        if self.retryable:
            told["retryable"] = True
        if self.retry_after is not None:
            told["retryAfter"] = self.retry_after
        return told


class AccessReason(StrEnum):
    """Why something is not there for who asks."""

    SIGN_IN = "SIGN_IN"
    ROLE = "ROLE"
    SECOND_FACTOR = "SECOND_FACTOR"
    CHANGE_PASSWORD = "CHANGE_PASSWORD"  # noqa: S105  the name of a reason, not a secret
    LICENCE = "LICENCE"
    CAPABILITY = "CAPABILITY"
    SCOPE = "SCOPE"
    SEEING = "SEEING"
    NO_ACCOUNT = "NO_ACCOUNT"
    PARENT = "PARENT"
    UNKNOWN_COORDINATE = "UNKNOWN_COORDINATE"


class Closed(Problem):
    """A refusal that follows from who asks and what the manager holds; `reason` is the rule."""

    def __init__(self, reason: AccessReason, message: str | None = None, code: ProblemCode = ProblemCode.FORBIDDEN):
        super().__init__(code, message)
        self.reason = reason


def invalid_argument(message: str) -> Problem:
    """An argument that is refused, with the mend in `message`."""
    return Problem(ProblemCode.INVALID_ARGUMENT, message)


def overloaded() -> Problem:
    """What the gateway itself is too busy for, or its database does not answer to: asking again may help."""
    return Problem(ProblemCode.OVERLOADED, retryable=True, retry_after=2)


_OF_FAULT = {
    FaultCode.UNAVAILABLE: ProblemCode.BACK_OFFICE_UNAVAILABLE,
    FaultCode.THROTTLED: ProblemCode.BACK_OFFICE_UNAVAILABLE,
    FaultCode.TIMEOUT: ProblemCode.BACK_OFFICE_TIMEOUT,
    FaultCode.UNAUTHORIZED: ProblemCode.BACK_OFFICE_UNAVAILABLE,
    FaultCode.FORBIDDEN: ProblemCode.BACK_OFFICE_UNAVAILABLE,
    FaultCode.UNSUPPORTED: ProblemCode.NOT_SUPPORTED,
}


def of_fault(fault: Fault) -> Problem:
    """What a client may know of a fault: what an office refuses *us* is its being unavailable to them."""
    code = _OF_FAULT.get(fault.code, ProblemCode.BACK_OFFICE_BAD_ANSWER)
    return Problem(code, retryable=fault.code in RETRYABLE, retry_after=fault.retry_after)
