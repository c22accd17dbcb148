"""What every test may lean on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop that the gateway runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A throw-away PostgreSQL for this run; tests that write take `database_url`."""
    reason = postgres.missing_reason()
    if reason and "postgres" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the test's own, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/own.sqlite"
    return postgres.emptied(request.getfixturevalue("postgres_url"))
