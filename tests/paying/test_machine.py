"""People, bank, office, staff and worker in any order, with anything failing: money is neither lost nor doubled."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.paying.bench import furnished
from tests.paying.machine import Paying

LONG = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 0
"""How many runs a long search makes, each of another kind. Without it few are made, always the same."""
STEPS = 30


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


def paid(runner: asyncio.Runner, folder: Path, server: str | None, examples: int) -> None:
    """Run the machine so often."""
    template = runner.run(furnished(folder / "template", server))
    kind = type("Machine", (Paying,), {"runner": runner, "template": template, "folder": folder})
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=LONG or examples,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]  its enum has a metaclass of its own
        ),
    )


def test_money_arrives_on_sqlite(runner: asyncio.Runner, tmp_path: Path) -> None:
    paid(runner, tmp_path, None, 30)


def test_money_arrives_on_postgresql(runner: asyncio.Runner, tmp_path: Path, postgres_url: str) -> None:
    paid(runner, tmp_path, postgres_url, 8)
