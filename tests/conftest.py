"""What every test may lean on."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres
from tests.turns import Turns

settings.register_profile("house", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("house")

TURNS = pytest.StashKey[Turns]()


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes of one run take turns; xdist gives them neighbouring folders."""
    if hasattr(config, "workerinput"):
        config.stash[TURNS] = Turns(Path(config.option.basetemp).parent / "turns")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests that run alone last, where nobody waits for them."""
    items.sort(key=_is_alone)


def pytest_collection_finish() -> None:
    """Let the collector leave alone what is imported by now: a sixth of what the tests took was looking through it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test begin when it is its turn."""
    turns = item.config.stash.get(TURNS, None)
    if turns is None:
        return (yield)
    with turns.taken(alone=_is_alone(item)):
        return (yield)


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop that the gateway runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run know."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if TURNS in request.config.stash else own


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
