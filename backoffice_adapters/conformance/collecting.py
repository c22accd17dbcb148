"""What pytest collects of a trial file: the file opens the offices, and each promise is an item of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ventanilla.backoffice_adapters.conformance.bench import Bench, FillError, open_bench
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, Promise
from ventanilla.backoffice_adapters.conformance.trial import TrialError, read_trial
from ventanilla.backoffice_adapters.conformance.verdict import PROMISES, ask, told
from ventanilla.backoffice_adapters.contract import OfficeError
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.backoffice_adapters.secrets import SecretError


class TrialFile(pytest.File):
    """A trial file. Its offices are open from its first test to its last."""

    bench: Bench
    runner: asyncio.Runner

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each promise; a file that cannot be read fails here."""
        try:
            trial = read_trial(self.path)
            self._harness = trial.harness(Registry.discover())
        except (TrialError, RegistryError, SecretError) as error:
            raise self.CollectError(str(error)) from error
        self._filled = trial.scratch
        for promise in PROMISES:
            yield PromiseItem.from_parent(  # pyright: ignore[reportUnknownMemberType]  pytest leaves **kw bare
                self, name=promise.name, promise=promise
            )

    def setup(self) -> None:
        """Open both offices, and fill them where the file says that they may be overwritten."""
        self.runner, self._stack = asyncio.Runner(), AsyncExitStack()
        try:
            self.runner.run(self._open())
        except (OfficeError, FillError, SecretError) as error:
            told = f"{self.path.name}: the office cannot be opened and filled: {error}"
            raise pytest.fail.Exception(told, pytrace=False) from None

    def teardown(self) -> None:
        """Close what `setup` opened."""
        self.runner.run(self._stack.aclose())
        self.runner.close()

    async def _open(self) -> None:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        self.bench = await self._stack.enter_async_context(open_bench(self._harness, folder, filled=self._filled))


class PromiseItem(pytest.Item):
    """One promise as a test."""

    def __init__(self, *, promise: Promise, **more: Any) -> None:
        super().__init__(**more)  # pyright: ignore[reportUnknownMemberType]  pytest leaves **kw bare
        self._promise = promise
        self._file: TrialFile = more["parent"]

    def runtest(self) -> None:
        """Ask for it, unless the manifest makes no such promise."""
        if reason := self._promise.not_asked(self._file.bench):
            pytest.skip(reason)
        self._file.runner.run(self._ask())

    async def _ask(self) -> None:
        await ask(self._promise, self._file.bench)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell a broken promise in words, and what an office raised with its traceback."""
        if isinstance(excinfo.value, BrokenPromiseError):
            return told(self._promise, excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where pytest says that the test stands."""
        return self.path, None, self.name
