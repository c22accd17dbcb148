"""An identity provider's process for all tests of this folder, and portals on sockets."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import provider
from tests.gateway.browsers import SECRET_VARIABLE, Portals, portals_in
from tests.provider import SECRET, Provider


@pytest.fixture(scope="session")
def process() -> Iterator[Provider]:
    with provider.running() as running:
        yield running


class Acme:
    """A provider of the test's own: a realm of the process."""

    def __init__(self, process: Provider) -> None:
        self._process = process
        self.realm = uuid4().hex
        self.issuer = process.issuer(self.realm)

    def set(self, **mind: object) -> None:
        self._process.set(self.realm, **mind)

    def asked(self, place: str) -> int:
        return self._process.asked(self.realm).get(place, 0)


@pytest.fixture
def acme(process: Provider) -> Acme:
    found = Acme(process)
    found.set(user={"sub": "alice", "email": "alice@example.com", "email_verified": True})
    return found


@pytest.fixture
async def portals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Portals]:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    async with portals_in(tmp_path) as found:
        yield found


@pytest.fixture
async def portals_on_each(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Portals]:
    """Portals over a database of each kind in turn."""
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    async with portals_in(tmp_path, database_url=database_url) as found:
        yield found
