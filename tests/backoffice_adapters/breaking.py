"""What the tests of the kit do with an office that is broken on purpose."""

from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.conformance.bench import Harness, open_bench
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.conformance.verdict import PROMISES
from ventanilla.backoffice_adapters.contract import OfficeError


def named(value: object) -> str:
    """What a test is called by: the name of an office's class, or of a promise."""
    return str(getattr(value, "__name__", value))


async def assert_broken(office: type[TwinOffice], promise: str, folder: Path) -> None:
    """Ask an office of this class, filled with the reference book, for one promise, and see it broken."""
    (check,) = (entry.check for entry in PROMISES if entry.name == promise)
    async with open_bench(Harness(adapter=TwinAdapter(office)), folder) as bench:
        with pytest.raises((BrokenPromiseError, OfficeError)):
            await check(bench)
