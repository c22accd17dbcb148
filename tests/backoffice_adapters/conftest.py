"""A ledger filled with the sample, on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.sample import NOW, ZONE
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.tables import create_tables


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.open()
    await create_tables(database)
    yield database
    await database.close()


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, "osiedle/own", "own", lambda: NOW, ZONE)
    await ledger.fill(sample.book())
    return ledger
