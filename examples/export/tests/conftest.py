"""A twin for each test, and the program as people run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Program
from twin import SECRET, Twin, served


@pytest.fixture
def twin() -> Iterator[Twin]:
    """A portal whose journals are empty."""
    with served(Twin()) as found:
        yield found


@pytest.fixture
def program(twin: Twin, tmp_path: Path) -> Program:
    """The command line, asking the twin."""
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    return Program(twin.url, secret, tmp_path)
