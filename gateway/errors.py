"""Errors as clients see them: the closed set of codes, and nothing else of the inside."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

import structlog
from graphql import GraphQLError, ValueNode

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.execution.deadline import LateError
from ventanilla.execution.engine import Outcome, Stage
from ventanilla.resolvers.problems import Problem, overloaded

INTERNAL: Final = "INTERNAL"
MASKED: Final = "Something went wrong on our side. Quote the errorId when you report it."
MOST_ERRORS: Final = 100
"""How many errors one answer lists; a page of failed positions says no more with ten times as many."""
_LONGEST_MESSAGE: Final = 1_000
"""Messages quote what the client wrote, which it knows already."""

_CODE_OF_STAGE: Final = {
    Stage.PARSE: "PARSE_FAILED",
    Stage.LIMIT: "COST_LIMIT",
    Stage.VALIDATE: "VALIDATION_FAILED",
    Stage.REQUEST: "BAD_REQUEST",
}
_LATE: Final[dict[str, Any]] = {"code": "OVERLOADED"}
_log = structlog.get_logger("ventanilla.errors")


def told(outcome: Outcome) -> list[dict[str, Any]]:
    """Format the errors of `outcome`; what is nobody's business is masked, logged and given an id."""
    code = _CODE_OF_STAGE.get(outcome.stage)
    if code is None:
        return told_executed(outcome.errors)
    return [_shaped(error, error.message, {"code": code}) for error in outcome.errors[:MOST_ERRORS]]


def told_executed(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Format errors that came up while an operation was executed."""
    return [_executed(error) for error in errors[:MOST_ERRORS]]


def codes_of(errors: Sequence[dict[str, Any]]) -> list[str]:
    """The distinct codes of formatted errors, for the log."""
    return sorted({error["extensions"]["code"] for error in errors})


def masked(error: BaseException | None, message: str = "") -> dict[str, str]:
    """Log a bug with its stack and answer the extensions that a client may know of it."""
    error_id = secrets.token_hex(8)
    # A GraphQLError prints the client's document; what stands behind it does not.
    _log.error("unexpected", error_id=error_id, detail=message, exc_info=error)
    return {"code": INTERNAL, "errorId": error_id}


def _executed(error: GraphQLError) -> dict[str, Any]:
    original = _innermost(error)
    if isinstance(original, DatabaseUnavailableError):
        _log.warning("database unavailable", reason=type(original.__cause__).__name__)
        original = overloaded()
    if isinstance(original, LateError):
        return _shaped(error, str(original), _LATE | ({"retryable": True} if original.repeatable else {}))
    if isinstance(original, Problem):
        return _shaped(error, str(original), original.extensions)
    if isinstance(original, GraphQLError) and isinstance(next(iter(original.nodes or ()), None), ValueNode):
        # graphql-core points at a value of the document only where the client's own argument is at fault.
        return _shaped(error, original.message, {"code": "INVALID_ARGUMENT"})
    hidden = None if isinstance(original, GraphQLError) else original
    return _shaped(error, MASKED, masked(hidden, "" if hidden else type(original).__name__))


def _innermost(error: GraphQLError) -> Exception:
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    return original or error


def _shaped(error: GraphQLError, message: str, extensions: dict[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"message": _clipped(message)}
    if error.locations:
        shaped["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shaped["path"] = list(error.path)
    shaped["extensions"] = extensions
    return shaped


def _clipped(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "…"
