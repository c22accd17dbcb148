"""Errors as clients see them."""

from __future__ import annotations

from graphql import OperationType

from ventanilla.execution.deadline import LateError
from ventanilla.execution.deadline import told as late
from ventanilla.execution.engine import Outcome, Stage
from ventanilla.gateway.errors import told


def test_what_is_late_may_be_repeated_unless_it_changes_something() -> None:
    outcome = Outcome(
        Stage.EXECUTE, errors=[late(LateError(20, OperationType.QUERY)), late(LateError(0.5, OperationType.MUTATION))]
    )
    assert told(outcome) == [
        {
            "message": "This took longer than the 20 seconds that one operation may take."
            " Ask for less at once, or try again.",
            "extensions": {"code": "OVERLOADED", "retryable": True},
        },
        {
            "message": "This took longer than the 0.5 seconds that one operation may take."
            " Whether the change was made is not known: read it again before you repeat it.",
            "extensions": {"code": "OVERLOADED"},
        },
    ]
