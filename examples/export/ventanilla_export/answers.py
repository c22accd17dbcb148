"""What errors of GraphQL mean to an export."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ventanilla_export.nouns import Noun
from ventanilla_export.troubles import (
    CursorRefusedError,
    FaultError,
    LimitedError,
    NotLicensedError,
    NotSupportedError,
    RefusedError,
    SignedOutError,
    UnavailableError,
)

_PASSING = frozenset({"OVERLOADED", "BACK_OFFICE_UNAVAILABLE", "BACK_OFFICE_TIMEOUT"})
_FIRST = ("RATE_LIMITED", "UNAUTHENTICATED", "FORBIDDEN", "INVALID_ARGUMENT", "NOT_LICENSED", "NOT_SUPPORTED")
"""What counts if several things went wrong, most telling first."""
_OF_PAGE = 2
"""How long the path of a whole page is: ``export``, ``invoices``."""


def checked_answer(body: bytes) -> dict[str, Any]:
    """An answer as GraphQL has it: an object with data, or with errors. `ValueError` for anything else."""
    answer: Any = json.loads(body)
    if not isinstance(answer, dict) or not (answer.get("data") or answer.get("errors")):  # pyright: ignore[reportUnknownMemberType]  JSON has no types
        raise ValueError("no answer of GraphQL")
    return answer  # pyright: ignore[reportUnknownVariableType]  JSON has no types


def refusal_of(errors: Sequence[Mapping[str, Any]], noun: Noun, *, began: bool) -> Exception:
    """Why a page of `noun` was not answered. `began`: no cursor was sent, so that none can be at fault."""
    error = min(errors, key=_rank)
    told: Mapping[str, Any] = error.get("extensions") or {}
    code, message = str(told.get("code", "")), str(error.get("message", ""))
    if code == "RATE_LIMITED":
        return LimitedError(float(told.get("retryAfter") or 60))
    if code == "UNAUTHENTICATED":
        return SignedOutError(message)
    if code in _PASSING or told.get("retryable"):
        return FaultError(f"{code}: {message}", told.get("retryAfter"))
    if code == "INTERNAL":
        return UnavailableError(f"The portal is at fault: {message} (errorId {told.get('errorId')})")
    if code == "NOT_SUPPORTED" and len(error.get("path") or ()) > _OF_PAGE:
        parts = " and ".join(part.each or "" for part in noun.parts)
        return NotSupportedError(f"An office cannot tell {parts} of {noun.name}: leave those out (--without-parts)")
    return _final(code, message, noun, began=began)


def _final(code: str, message: str, noun: Noun, *, began: bool) -> Exception:
    """What asking again does not mend."""
    if code == "FORBIDDEN":
        return RefusedError(
            f"The portal does not let this program export {noun.name}: {message}"
            f" The program has to be one of the manager's own, registered with the scope {noun.scope}"
        )
    if code == "NOT_LICENSED":
        return NotLicensedError(f"This manager has no {noun.name}: {message}")
    if code == "NOT_SUPPORTED":
        return NotSupportedError(f"Not all {noun.name} can be exported: {message} Name those that can by --office")
    if code == "INVALID_ARGUMENT" and not began:
        return CursorRefusedError(f"The portal cannot go on from this cursor: {message}")
    if code.startswith("BACK_OFFICE"):
        return UnavailableError(f"The manager's back office failed ({code}): {message}")
    return RefusedError(f"The portal refuses the question ({code}): {message}")


def _rank(error: Mapping[str, Any]) -> int:
    told: Mapping[str, Any] = error.get("extensions") or {}
    code = told.get("code")
    return _FIRST.index(code) if code in _FIRST else len(_FIRST)
