import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.store.migrations import VERSION_TABLE

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_answers_at_any_host(gateway, path: str) -> None:
    async with gateway.client("nobody.example") as client:
        response = await client.get(path)

    assert response.status_code == 200


async def test_a_process_without_adapters_is_not_ready(start) -> None:
    async with start(adapters="none") as gateway, gateway.client() as client:
        response = await client.get("/readyz")

    assert response.status_code == 503
    assert "adapter" in response.json()["reasons"][0]


async def test_a_database_of_another_release_is_not_ready(gateway, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "gateway.sqlite")) as database, database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = 'other'")
    async with gateway.client() as client:
        response = await client.get("/readyz")

    assert response.status_code == 503
    assert "ventanilla migrate" in response.json()["reasons"][0]


async def test_a_database_that_is_gone_is_told_and_stops_nothing_else(gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise DatabaseUnavailableError

    # An open SQLite file cannot be pulled out from under a process, so its one reading method fails here.
    monkeypatch.setattr("ventanilla.store.store.Store.rows", gone)
    async with gateway.client() as client:
        healthy = await client.get("/healthz")
    asked = await gateway.ask("{hello}")

    assert (healthy.status_code, asked.status_code) == (200, 503)
    assert asked.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    assert asked.headers["retry-after"] == "2"
