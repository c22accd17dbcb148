"""The kit as a pytest class.

from ventanilla.payments.conformance.suite import Harness, PlatformConformance

class TestMyPlatform(PlatformConformance):
    @pytest.fixture
    def harness(self) -> Harness:
        return Harness(plugin=my_platform, configuration={"key": "env:KEY"}, forge=MyForge)
"""

from __future__ import annotations

import pytest

from ventanilla.payments.conformance.harness import Bench, Forge, Harness
from ventanilla.payments.conformance.promises import PROMISES, Promise
from ventanilla.payments.conformance.verdict import Outcome, judge_one

__all__ = ["Bench", "Forge", "Harness", "PlatformConformance"]


class PlatformConformance:
    """Every promise of the contract as a test; a subclass says which platform is meant with a `harness` fixture."""

    @pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
    def test_keeps(self, promise: Promise, harness: Harness) -> None:
        """The platform keeps this promise, unless its manifest makes none."""
        verdict = judge_one(promise, harness)
        if verdict.outcome is Outcome.NOT_APPLICABLE:
            pytest.skip(verdict.reason)
        if verdict.outcome is Outcome.FAILED:
            pytest.fail(verdict.reason, pytrace=False)
