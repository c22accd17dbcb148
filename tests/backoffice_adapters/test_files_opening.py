"""Opening an office: files that wait are taken, and a restart forgets nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import anyio
import msgspec
import pytest

from tests.backoffice_adapters.osiedle import (
    BOOK,
    CALL,
    SETTLE_S,
    balance,
    change,
    refused,
    setting,
    sure,
    until,
    zl,
)
from ventanilla.backoffice_adapters.contract import FaultCode, OfficeError
from ventanilla.backoffice_adapters.files import adapter

pytestmark = pytest.mark.anyio


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export"


async def test_without_files_calls_say_so_and_the_first_drop_is_taken(tmp_path: Path, export: Path) -> None:
    source = adapter.office(setting(tmp_path / "source"))
    await source.open()
    await source.fill(BOOK)
    await source.close()
    office = adapter.office(setting(tmp_path))
    await office.open()
    assert not (await office.health()).ok
    with pytest.raises(OfficeError, match=r"konta\.csv, naliczenia\.csv.* not in export/ yet") as raised:
        await balance(office)
    assert raised.value.fault.code is FaultCode.UNAVAILABLE
    for path in (tmp_path / "source" / "export").iterdir():
        (export / path.name).write_bytes(path.read_bytes())

    async def well() -> bool:
        return (await office.health()).ok

    await until(well)
    assert await balance(office) == zl(1_234_56)
    await office.close()


async def test_open_waits_for_the_first_import(tmp_path: Path, export: Path) -> None:
    source = adapter.office(setting(tmp_path / "source"))
    await source.open()
    await source.fill(BOOK)
    await source.close()
    (tmp_path / "source" / "export").rename(export)
    office = adapter.office(setting(tmp_path))
    await office.open()
    assert await balance(office) == zl(1_234_56)
    await office.close()


async def test_a_restart_serves_the_snapshot_and_remembers_a_refusal(tmp_path: Path, export: Path) -> None:
    first = adapter.office(setting(tmp_path))
    await first.open()
    await first.fill(BOOK)
    change(export / "konta.csv", "-1 234,56", "-1 234,5x")
    await refused(first)
    await first.close()

    began = time.monotonic()
    again = adapter.office(setting(tmp_path, settle_s=30))
    await again.open()
    assert await balance(again) == zl(1_234_56)
    assert time.monotonic() - began < 30
    assert "refused" in (await again.health()).detail
    await again.close()
    third = adapter.office(setting(tmp_path))
    await third.open()
    await anyio.sleep(SETTLE_S * 5)
    assert await balance(third) == zl(1_234_56)
    await third.close()


async def test_a_damaged_snapshot_is_made_again_from_the_files(tmp_path: Path) -> None:
    first = adapter.office(setting(tmp_path))
    await first.open()
    await first.fill(BOOK)
    await first.close()
    (snapshot,) = (tmp_path / "snapshots").glob("*.sqlite")
    snapshot.write_bytes(b"no database at all" * 100)
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await balance(again) == zl(1_234_56)
    await again.close()


def outdated(folder: Path) -> None:
    """Leave the one snapshot as an older version of the adapter made it: with fewer tables."""
    state, (snapshot,) = folder / "snapshots" / "state.json", (folder / "snapshots").glob("*.sqlite")
    raw = msgspec.json.decode(state.read_bytes())
    assert raw["version"] == adapter.manifest.version
    state.write_bytes(msgspec.json.encode(raw | {"version": "1.0.0"}))
    snapshot.unlink()
    with closing(sqlite3.connect(snapshot)) as old:
        old.execute("CREATE TABLE account (book TEXT NOT NULL, key TEXT NOT NULL)")


async def test_a_snapshot_of_an_older_version_is_made_again_from_the_files(tmp_path: Path) -> None:
    first = adapter.office(setting(tmp_path))
    await first.open()
    await first.fill(BOOK)
    await first.close()
    outdated(tmp_path)
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await balance(again) == zl(1_234_56)
    assert sure(await again.accruals_by_key(CALL, ["S1"]))[0].amount == zl(670_37)
    await again.close()


async def test_a_snapshot_of_an_older_version_whose_files_are_gone_is_not_served(tmp_path: Path, export: Path) -> None:
    first = adapter.office(setting(tmp_path))
    await first.open()
    await first.fill(BOOK)
    await first.close()
    outdated(tmp_path)
    (export / "skladniki.csv").unlink()
    again = adapter.office(setting(tmp_path))
    await again.open()
    with pytest.raises(OfficeError, match=r"skladniki\.csv not in export/ yet"):
        await balance(again)
    await again.close()


async def test_a_changed_mapping_reads_the_same_files_again(tmp_path: Path) -> None:
    first = adapter.office(setting(tmp_path))
    await first.open()
    await first.fill(BOOK)
    await first.close()
    again = adapter.office(setting(tmp_path, balance_sign="debt"))
    await again.open()

    async def turned() -> bool:
        return await balance(again) == zl(-1_234_56)

    await until(turned)
    await again.close()


async def test_two_processes_share_one_import(tmp_path: Path, export: Path) -> None:
    one, two = adapter.office(setting(tmp_path)), adapter.office(setting(tmp_path))
    await one.open()
    await two.open()
    await one.fill(BOOK)

    async def shared() -> bool:
        return (await two.health()).ok

    await until(shared)
    assert await balance(two) == zl(1_234_56)
    assert len(list((tmp_path / "snapshots").glob("*.sqlite"))) == 1
    await one.close()
    await two.close()


async def test_a_closed_office_answers_nothing(tmp_path: Path) -> None:
    office = adapter.office(setting(tmp_path))
    await office.open()
    await office.fill(BOOK)
    await office.close()
    with pytest.raises(OfficeError):
        await balance(office)
