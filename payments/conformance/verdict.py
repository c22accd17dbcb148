"""What became of a promise: kept, broken or not asked for. Needs no pytest."""

from __future__ import annotations

import traceback
from enum import StrEnum
from pathlib import Path

from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.conformance import answering, giving_back, honesty, starting, telling
from ventanilla.payments.conformance.harness import Bench, Harness
from ventanilla.payments.conformance.promises import PROMISES, Promise

CHAPTERS = (honesty, starting, telling, answering, giving_back)
"""The modules that hold the promises; reading them is reading the contract's second half."""
_NAMES = [chapter.__name__ for chapter in CHAPTERS]
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


def judge(harness: Harness) -> list[Verdict]:
    """Ask for every promise in turn, each at a bench of its own."""
    return [judge_one(promise, harness) for promise in PROMISES]


def judge_one(promise: Promise, harness: Harness) -> Verdict:
    """Ask for one promise."""
    bench = Bench(harness)
    if reason := promise.not_asked(bench):
        return Verdict(promise=promise, outcome=Outcome.NOT_APPLICABLE, reason=reason)
    try:
        promise.check(bench)
    except Exception as error:  # noqa: BLE001  whatever a platform raises breaks the promise
        return Verdict(promise=promise, outcome=Outcome.FAILED, reason=_told(promise, error))
    return Verdict(promise=promise, outcome=Outcome.PASSED)


def _told(promise: Promise, error: Exception) -> str:
    """The promise in its own words, what was found instead, and where to read on."""
    found = str(error) if isinstance(error, BrokenPromiseError) else _raised(error)
    return f"Promised: {promise.text}\nFound:    {found}\nAsked by: {promise.place}"


def _raised(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} (raised at {Path(last.filename).name}:{last.lineno}, in {last.name})"
