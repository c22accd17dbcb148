"""Whatever breaks while something is posted: it was posted once, or not at all, and who asks again learns which."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backoffice_adapters import killed
from tests.backoffice_adapters.osiedle import BOOK, CALL, balance, follows, pay, setting, sure, until, zl
from tests.backoffice_adapters.rent_program import RentProgram
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, OfficeError
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome
from ventanilla.backoffice_adapters.records import InvoiceStatus, NewReversal

LEFT = 1_234_56 - 500_00 - 400_00 + 20_00
"""The balance after all of `killed.POSTED`."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FilesOffice]:
    made = adapter.office(setting(tmp_path))
    await made.open()
    await made.fill(BOOK)
    yield made
    await made.close()


def filled(folder: Path) -> Path:
    async def fill() -> None:
        office = adapter.office(setting(folder))
        await office.open()
        await office.fill(BOOK)
        await office.close()

    asyncio.run(fill())
    return folder


def put(path: Path, content: bytes) -> None:
    """Replace a file, so that nobody sees half of it."""
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").replace(path)


def answered(folder: Path) -> list[str]:
    path = folder / "answers.txt"
    return path.read_text("utf-8").splitlines() if path.exists() else []


async def check(folder: Path) -> None:
    """Ask again for all, and find each once: in the answers, in what is shown, and in the outbox."""
    told = {line.split()[0] for line in answered(folder) if line.endswith("POSTED")}
    office = adapter.office(setting(folder))
    await office.open()
    for item in killed.POSTED:
        if isinstance(item, NewReversal):
            (again,) = sure(await office.reverse_payments(CALL, [item]))
        else:
            (again,) = sure(await office.post_payments(CALL, [item]))
        assert again.replayed or item.key not in told
    assert await balance(office) == zl(LEFT)
    (invoice,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert (invoice.status, invoice.paid) == (InvoiceStatus.PARTIALLY_PAID, zl(890_01))
    await office.close()
    program = RentProgram(folder, BOOK)
    assert program.fetch() == [item.key for item in killed.POSTED]
    assert [program.asked(item.key).minor for item in killed.POSTED] == [500_00, 400_00, -20_00]
    assert not [*(folder / "do_programu").glob("*.part")]


def test_a_process_that_is_killed_at_any_step_loses_and_doubles_nothing(tmp_path: Path) -> None:
    whole = filled(tmp_path / "whole")
    last, ended = 0, killed.KILLED
    while ended == killed.KILLED:
        last += 1
        folder = shutil.copytree(whole, tmp_path / f"{last}")
        ended = killed.run(killed.post_until, folder, last)
        asyncio.run(check(folder))
    assert ended == 0
    assert last > 30
    assert answered(tmp_path / f"{last}") == ["k-1 POSTED", "k-2 POSTED", "r-1 POSTED"]


@pytest.mark.parametrize("outcome", Outcome)
def test_a_process_that_is_killed_while_it_reads_an_answer_doubles_nothing(tmp_path: Path, outcome: Outcome) -> None:
    whole = filled(tmp_path / "whole")
    killed.run(killed.post_until, whole, 0)
    program = RentProgram(whole, BOOK)
    program.fetch()
    taken = outcome is Outcome.TAKEN
    program.answer(*((program.take(k, f"X-{k}") if taken else program.refuse(k, "nie")) for k in ("k-1", "k-2")))
    program.export()
    last, ended = 0, killed.KILLED
    while ended == killed.KILLED:
        last += 1
        folder = shutil.copytree(whole, tmp_path / f"{last}", copy_function=shutil.copy2)
        ended = killed.run(killed.attend_until, folder, last)
        assert asyncio.run(stands(folder)) == ((LEFT, "SETTLED") if taken else (1_234_56, "REVIEW"))
    assert ended == 0
    assert last > 20


async def stands(folder: Path) -> tuple[int, str]:
    """What is shown after a restart that reads whatever is still to be read: the balance, and the second payment."""
    office = adapter.office(setting(folder))
    await office.open()
    await follows(office, folder)
    (payment,) = sure(await office.payments_by_key(CALL, ["portal-000002"]))
    found = (await balance(office)).minor, payment.status.value
    await office.close()
    return found


def test_processes_that_post_the_same_at_once_post_it_once(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    assert killed.run_beside(killed.post_until, folder, 0, times=4) == [0] * 4
    assert sorted(answered(folder)) == sorted(["k-1 POSTED", "k-2 POSTED", "r-1 POSTED"] * 4)
    asyncio.run(check(folder))


@pytest.mark.parametrize("spare", [0, 1, 100])
def test_a_full_disk_keeps_a_posting_out_whole(tmp_path: Path, spare: int) -> None:
    folder = filled(tmp_path)
    # A long history makes the journal the first file that the disk has no room for.
    (folder / "posted.jsonl").write_bytes(b'{"type":"FORGOTTEN"}\n' * 25_000)
    room = (folder / "posted.jsonl").stat().st_size + spare
    assert killed.run(killed.post_on_a_full_disk, folder, room) == 0
    assert answered(folder) == ["k-1 unavailable", "k-1 POSTED", "k-2 POSTED", "r-1 POSTED"]
    asyncio.run(check(folder))


@pytest.mark.anyio
async def test_a_snapshot_that_lost_what_was_posted_shows_it_again(office: FilesOffice, tmp_path: Path) -> None:
    await office.post_payments(CALL, [pay("k-1", 100_00), pay("k-2", 50_00)])
    after = tmp_path / "after"
    shutil.copytree(tmp_path, after, ignore=shutil.ignore_patterns("after", "*.sqlite-wal", "*.sqlite-shm"))
    again = adapter.office(setting(after))
    await again.open()
    assert await balance(again) == zl(1_234_56 - 150_00)
    await again.close()


@pytest.mark.anyio
async def test_a_line_that_the_disk_may_have_is_settled_by_asking_again(
    office: FilesOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: int) -> None:
        raise OSError(5, "Input/output error")

    await office.post_payments(CALL, [pay("k-0", 34_56)])
    new = pay("k-1", 100_00)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        (hit,) = await office.post_payments(CALL, [new])
    assert isinstance(hit, Fault)
    assert hit.code is FaultCode.OUTCOME_UNKNOWN
    (posted,) = sure(await office.post_payments(CALL, [new]))
    assert posted.replayed
    assert await balance(office) == zl(1_100_00)
    assert RentProgram(tmp_path, BOOK).fetch() == ["k-0", "k-1"]


@pytest.mark.anyio
async def test_a_file_that_cannot_be_written_is_written_later(office: FilesOffice, tmp_path: Path) -> None:
    in_the_way = tmp_path / "do_programu" / "wplaty_z_portalu_000001.csv.part"
    in_the_way.mkdir(parents=True)
    await office.post_payments(CALL, [pay("k-1", 100_00)])
    assert await balance(office) == zl(1_134_56)
    assert "outbox files cannot be written" in (await office.health()).detail
    await office.post_payments(CALL, [pay("k-2", 50_00)])
    assert not [*(tmp_path / "do_programu").glob("*.csv")]
    in_the_way.rmdir()

    async def well() -> bool:
        return (await office.health()).ok

    await until(well)
    assert RentProgram(tmp_path, BOOK).fetch() == ["k-1", "k-2"]


@pytest.mark.anyio
async def test_a_number_that_was_used_is_never_written_over(office: FilesOffice, tmp_path: Path) -> None:
    used = tmp_path / "do_programu" / "wplaty_z_portalu_000001.csv"
    used.parent.mkdir()
    used.write_text("what a journal knew that is lost")
    await office.post_payments(CALL, [pay("k-1", 100_00)])
    assert "says something else; was the journal lost?" in (await office.health()).detail
    assert used.read_text() == "what a journal knew that is lost"


@pytest.mark.anyio
async def test_a_folder_that_is_not_mounted_takes_nothing(tmp_path: Path) -> None:
    share = tmp_path / "share"
    outbox = setting(tmp_path).configuration.outbox
    own = {name: getattr(outbox, name) for name in ("acknowledgements", "trailer", "rows", "answers")}
    office = adapter.office(setting(tmp_path / "own", outbox=own | {"folder": str(share)}))
    await office.open()
    await office.fill(BOOK)
    with pytest.raises(OfficeError, match="is not there; make or mount it") as raised:
        await office.post_payments(CALL, [pay("k-1", 1_00)])
    assert raised.value.fault.code is FaultCode.UNAVAILABLE
    assert await balance(office) == zl(1_234_56)
    share.mkdir()
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 1_00)]))
    assert not posted.replayed
    assert [path.name for path in share.iterdir()] == ["wplaty_z_portalu_000001.csv"]
    await office.close()


@pytest.mark.anyio
async def test_a_program_that_tidies_up_is_told_nothing_twice(office: FilesOffice, tmp_path: Path) -> None:
    program = RentProgram(tmp_path, BOOK, tidy=True)
    for key in ("k-1", "k-2"):
        await office.post_payments(CALL, [pay(key, 10_00)])
        assert program.fetch() == [key]
    await office.close()
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await balance(again) == zl(1_214_56)
    assert not [*(tmp_path / "do_programu").iterdir()]
    await again.close()


@pytest.mark.anyio
async def test_a_line_that_was_cut_off_was_never_told(office: FilesOffice, tmp_path: Path) -> None:
    await office.post_payments(CALL, [pay("k-1", 100_00)])
    journal = tmp_path / "posted.jsonl"
    good = journal.read_bytes()
    put(journal, good + good[:200])
    (posted,) = sure(await office.post_payments(CALL, [pay("k-2", 50_00)]))
    assert not posted.replayed
    assert journal.read_bytes().startswith(good + b'{"type":"SENT","sequence":2,')
    await office.close()
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await balance(again) == zl(1_084_56)
    await again.close()


@pytest.mark.anyio
async def test_a_snapshot_that_is_damaged_is_made_again_with_what_was_posted(
    office: FilesOffice, tmp_path: Path
) -> None:
    await office.post_payments(CALL, [pay("k-1", 100_00)])
    await office.close()
    for path in (tmp_path / "snapshots").glob("0*"):
        path.write_bytes(b"no database at all" * 100)
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await balance(again) == zl(1_134_56)
    await again.close()


@pytest.mark.anyio
async def test_a_damaged_journal_takes_nothing_and_reading_goes_on(office: FilesOffice, tmp_path: Path) -> None:
    await office.post_payments(CALL, [pay("k-1", 100_00)])
    journal = tmp_path / "posted.jsonl"
    good = journal.read_bytes()
    put(journal, good + b"{}\n")

    async def told() -> bool:
        return "JournalError" in (await office.health()).detail

    await until(told)
    with pytest.raises(OfficeError, match=rf"posted\.jsonl is damaged at byte {len(good)}") as raised:
        await office.post_payments(CALL, [pay("k-2", 1_00)])
    assert raised.value.fault.code is FaultCode.UNAVAILABLE
    assert await balance(office) == zl(1_134_56)
    put(journal, good)
    assert len(sure(await office.post_payments(CALL, [pay("k-2", 1_00)]))) == 1
    assert await balance(office) == zl(1_133_56)
