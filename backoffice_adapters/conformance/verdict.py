"""What became of a promise: kept, broken or not asked for. Needs no pytest."""

from __future__ import annotations

import traceback
from enum import StrEnum
from pathlib import Path

from ventanilla.backoffice_adapters.conformance import (
    changes,
    community,
    enrolment,
    filters,
    interest,
    keys,
    life,
    lists,
    meter,
    money,
    notice,
    party,
    payment_plan,
    place,
    posting,
    reversal,
    supplier_invoice,
    utility_settlement,
    wanting,
)
from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import PROMISES, BrokenPromiseError, Promise
from ventanilla.backoffice_adapters.records import Record

CHAPTERS = (
    keys,
    wanting,
    lists,
    filters,
    changes,
    money,
    posting,
    reversal,
    interest,
    payment_plan,
    enrolment,
    place,
    community,
    supplier_invoice,
    meter,
    utility_settlement,
    notice,
    party,
    life,
)
"""The modules that hold the promises; reading them is reading the contract's second half."""
_NAMES = [chapter.__name__ for chapter in CHAPTERS]
# They were entered as the modules were imported, by the alphabet; they are asked for as they are read.
PROMISES.sort(key=lambda promise: _NAMES.index(promise.check.__module__))


class Outcome(StrEnum):
    """What became of a promise."""

    PASSED = "passed"
    FAILED = "FAILED"
    NOT_APPLICABLE = "not applicable"


class Verdict(Record):
    """One promise and what became of it."""

    promise: Promise
    outcome: Outcome
    reason: str = ""
    """Why it is not applicable, or what was found and what was expected."""


async def judge(bench: Bench) -> list[Verdict]:
    """Ask for every promise in turn, in the order in which they are written down."""
    return [await _judged(promise, bench) for promise in PROMISES]


async def _judged(promise: Promise, bench: Bench) -> Verdict:
    if reason := promise.not_asked(bench):
        return Verdict(promise=promise, outcome=Outcome.NOT_APPLICABLE, reason=reason)
    try:
        await promise.check(bench)
    except Exception as error:  # noqa: BLE001  whatever an office raises breaks the promise
        return Verdict(promise=promise, outcome=Outcome.FAILED, reason=told(promise, error))
    return Verdict(promise=promise, outcome=Outcome.PASSED)


async def ask(promise: Promise, bench: Bench) -> None:
    """Ask for one promise. What an office raises by itself is raised on, with a note of what was promised."""
    try:
        await promise.check(bench)
    except BrokenPromiseError:
        raise
    except Exception as error:
        error.add_note(f"Promised: {promise.text}\nAsked by: {promise.place}")
        raise


def told(promise: Promise, error: Exception) -> str:
    """The promise in its own words, what was found instead, and where to read on."""
    found = str(error) if isinstance(error, BrokenPromiseError) else _raised(error)
    return f"Promised: {promise.text}\nFound:    {found}\nAsked by: {promise.place}"


def _raised(error: Exception) -> str:
    """An error with the place that it came from."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} (raised at {Path(last.filename).name}:{last.lineno}, in {last.name})"
