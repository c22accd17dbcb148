"""The kit as a pytest class.

    from ventanilla.backoffice_adapters.conformance.suite import Conformance, Harness

    class TestMyAdapter(Conformance):
        @pytest.fixture(scope="class")
        @classmethod
        def harness(cls) -> Harness:
            return Harness(adapter=my_adapter, configuration={"url": "…"})

Then ``pytest``: each promise is one test. Without a line of Python, a trial file does the same (`trial.py`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from ventanilla.backoffice_adapters.conformance.bench import Bench, Harness, open_bench
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, Promise
from ventanilla.backoffice_adapters.conformance.verdict import PROMISES, ask, told

__all__ = ["Bench", "Conformance", "Harness"]


class Conformance:
    """Every promise of the contract as a test; a subclass says which adapter is meant with a `harness` fixture."""

    @pytest.fixture(scope="class")
    @classmethod
    def anyio_backend(cls) -> str:
        """The loop that the gateway runs on."""
        return "asyncio"

    @pytest.fixture(scope="class")
    @classmethod
    async def bench(
        cls, anyio_backend: str, harness: Harness, tmp_path_factory: pytest.TempPathFactory
    ) -> AsyncGenerator[Bench]:
        """Two filled offices, open for all tests of the class."""
        async with open_bench(harness, tmp_path_factory.mktemp("offices")) as bench:
            yield bench

    @pytest.mark.anyio
    @pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
    async def test_keeps(self, promise: Promise, bench: Bench) -> None:
        """The office keeps this promise, unless its manifest makes none."""
        if reason := promise.not_asked(bench):
            pytest.skip(reason)
        broken = ""
        try:
            await ask(promise, bench)
        except BrokenPromiseError as error:
            broken = told(promise, error)
        if broken:
            pytest.fail(broken, pytrace=False)
