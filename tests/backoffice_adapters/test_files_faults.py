# ruff: noqa: ASYNC240  the tests are the operator, who works with plain files
"""Broken, half-written and missing files harm nobody."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from tests.backoffice_adapters.osiedle import (
    BOOK,
    CALL,
    SETTLE_S,
    balance,
    change,
    reason,
    refused,
    setting,
    sure,
    until,
    zl,
)
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.files.snapshots import Snapshots

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FilesOffice]:
    made = adapter.office(setting(tmp_path))
    await made.open()
    await made.fill(BOOK)
    yield made
    await made.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export"


# -- bad files ---------------------------------------------------------------------------------------------------


async def test_a_bad_set_harms_nobody_and_a_corrected_one_is_taken(
    office: FilesOffice, tmp_path: Path, export: Path
) -> None:
    good = (await office.health()).as_of
    change(export / "konta.csv", "-1 234,56", "-1 234,5x")
    detail = await refused(office)
    health = await office.health()
    assert not health.ok
    assert "konta.csv, row 2, column “Saldo”" in detail
    assert "5x" not in detail
    assert await balance(office) == zl(1_234_56)
    (account,) = sure(await office.accounts(CALL, ["K-1"]))
    assert account.origin.as_of == health.as_of == good
    told = reason(tmp_path)
    assert "found “-1 234,5x”, expected an amount in PLN such as 1 234,56. Correct it in the program" in told
    assert f"The export of {good:%Y-%m-%d %H:%M:%S} UTC is shown instead." in told
    (folder,) = (tmp_path / "quarantine").iterdir()
    assert {path.name for path in folder.iterdir()} == {*(path.name for path in export.iterdir()), "REASON.txt"}

    change(export / "konta.csv", "-1 234,5x", "-8,00")

    async def mended() -> bool:
        return await balance(office) == zl(8_00)

    await until(mended)
    assert (await office.health()).ok


async def test_rows_that_contradict_each_other_are_refused(office: FilesOffice, tmp_path: Path, export: Path) -> None:
    change(export / "pozycje.csv", "-100,00", "-100,01")
    assert "the rows do not agree with each other" in await refused(office)
    assert "the lines of invoice 'F1' add up to 123456788, its total is 123456789" in reason(tmp_path)


async def test_a_set_that_is_cut_off_at_a_row_is_refused(office: FilesOffice, tmp_path: Path, export: Path) -> None:
    for path in export.iterdir():
        lines = path.read_bytes().splitlines(keepends=True)
        rows = {"konta.csv": 3, "budynki.csv": len(lines)}.get(path.name, 1)
        path.write_bytes(b"".join(lines[:rows]))
    await refused(office)
    assert "found “1 accounts”, expected at least 50% of the 3 accounts of the last good import" in reason(tmp_path)
    assert await balance(office) == zl(1_234_56)


async def test_a_set_that_is_still_written_is_not_read(office: FilesOffice, tmp_path: Path, export: Path) -> None:
    whole = (export / "konta.csv").read_bytes().replace(b"-1 234,56", b"-9,00")
    with (export / "konta.csv").open("wb") as file:
        for part in (whole[:300], whole[300:400], whole[400:]):
            file.write(part)
            file.flush()
            await anyio.sleep(SETTLE_S / 2)

    async def new() -> bool:
        return await balance(office) == zl(9_00)

    await until(new)
    assert not (tmp_path / "quarantine").exists()


async def test_a_missing_file_is_waited_for(office: FilesOffice, export: Path) -> None:
    (export / "wplaty.csv").rename(export / "wplaty.old")

    async def waits() -> bool:
        return "wplaty.csv not in export/ yet" in (await office.health()).detail

    await until(waits)
    assert await balance(office) == zl(1_234_56)
    (export / "wplaty.old").rename(export / "wplaty.csv")

    async def well() -> bool:
        return (await office.health()).ok

    await until(well)


async def test_a_control_file_says_when_the_set_is_whole(tmp_path: Path, export: Path) -> None:
    office = adapter.office(setting(tmp_path, control="kontrola.csv"))
    await office.open()
    await office.fill(BOOK)
    control = (export / "kontrola.csv").read_text()
    assert "konta.csv;3;" in control
    change(export / "konta.csv", "-1 234,56", "-7,00")

    async def waits() -> bool:
        return "kontrola.csv tells another sha256 of konta.csv" in (await office.health()).detail

    await until(waits)
    assert await balance(office) == zl(1_234_56)
    (export / "kontrola.csv").write_text(control.replace("konta.csv;3", "konta.csv;4"))

    async def counts() -> bool:
        return "tells 4 rows of konta.csv, which has 3 rows" in (await office.health()).detail

    await until(counts)
    (export / "kontrola.csv").unlink()
    change(export / "konta.csv", "-7,00", "-1 234,56")
    (export / "kontrola.csv").write_text(control)

    async def well() -> bool:
        return (await office.health()).ok

    await until(well)
    assert not (tmp_path / "quarantine").exists()
    await office.close()


async def test_a_folder_that_cannot_be_read_harms_nobody(office: FilesOffice, export: Path) -> None:
    export.rename(export.with_name("away"))
    export.write_text("a file where the folder was")

    async def fails() -> bool:
        return "files cannot be imported: NotADirectoryError" in (await office.health()).detail

    await until(fails)
    assert await balance(office) == zl(1_234_56)
    export.unlink()
    export.with_name("away").rename(export)

    async def well() -> bool:
        return (await office.health()).ok

    await until(well)


async def test_a_trouble_that_lasts_is_logged_once(
    office: FilesOffice, export: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.backoffice_adapters.files.office._REST", 0)
    export.rename(export.with_name("away"))
    export.write_text("a file where the folder was")
    await anyio.sleep(SETTLE_S * 4)
    assert len([record for record in caplog.records if record.exc_info]) == 1


async def test_what_people_leave_in_the_quarantine_is_not_in_the_way(
    office: FilesOffice, tmp_path: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.backoffice_adapters.files.snapshots._QUARANTINED", 1)
    quarantine = tmp_path / "quarantine"
    (quarantine / "2020-01-01T00-00-00Z" / "looked at").mkdir(parents=True)
    (quarantine / ".list").write_text("notes")
    change(export / "konta.csv", "-1 234,56", "-1 234,5x")
    await refused(office)
    assert len([*quarantine.iterdir()]) == 2
    assert "konta.csv" in reason(tmp_path)


async def test_a_refused_set_that_cannot_be_kept_leaves_nothing_half_written(tmp_path: Path) -> None:
    snapshots = Snapshots(setting(tmp_path), "1")
    with pytest.raises(OSError, match="too long"):
        snapshots.quarantine({"konta.csv": b"whole", "x" * 300: b"no file system takes this name"}, "because")
    assert not [*(tmp_path / "quarantine").iterdir()]


async def test_nothing_stays_of_an_import_whose_process_was_killed(office: FilesOffice, tmp_path: Path) -> None:
    home = tmp_path / "snapshots"
    for tail in ("", "-journal", "-wal", "-shm"):
        (home / f"000000.sqlite{tail}").write_bytes(b"half")
    for _ in range(4):
        await office.fill(BOOK)
    assert not [*home.glob("000000*")]


async def test_a_file_from_a_clock_that_is_ahead_is_not_from_the_future(office: FilesOffice, export: Path) -> None:
    for ahead in (time.time() + 86_400, 300_000_000_000):
        before = (await office.health()).as_of
        os.utime(export / "konta.csv", (ahead, ahead))

        async def taken(before: datetime | None = before) -> bool:
            return (await office.health()).as_of != before

        await until(taken)
        told = await office.health()
        assert told.ok
        assert told.as_of is not None
        assert told.as_of <= datetime.now(UTC)
