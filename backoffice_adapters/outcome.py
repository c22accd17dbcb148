"""What is known of a write whose answer is lost: that it may have been done. Asking again with the same key tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.fit import Method

_LOST: Final = frozenset({FaultCode.TIMEOUT, FaultCode.PROTOCOL})
"""Faults that say of the answer that it is late or wrong, and nothing of what was done."""


class Errand:
    """What an office is asked in one call, and whether that came as far as to change something there, perhaps."""

    __slots__ = ("args", "call", "method", "subjects", "wrote")

    def __init__(self, method: Method, call: Call, subjects: Sequence[Any], args: tuple[Any, ...]) -> None:
        self.method = method
        self.call = call
        self.subjects = subjects
        self.args = args
        self.wrote = False

    def told(self, answer: list[Hit[Any]] | Fault) -> list[Hit[Any]] | Fault:
        """`answer`, saying OUTCOME_UNKNOWN wherever something may have been done without a word of it."""
        if not self.wrote:
            return answer
        return _doubted(answer) if isinstance(answer, Fault) else _each_doubted(answer)


def _each_doubted(hits: Sequence[Hit[Any]]) -> list[Hit[Any]]:
    return [_doubted(hit) if type(hit) is Fault else hit for hit in hits]


def _doubted(fault: Fault) -> Fault:
    if fault.code not in _LOST:
        return fault
    return Fault(code=FaultCode.OUTCOME_UNKNOWN, detail=f"it may have been done: {fault.code}, {fault.detail}")
