"""The journal of changes of a file drop: from export to export, over postings, restarts and newer versions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters.osiedle import BOOK, CALL, follows, pay, setting, sure
from tests.backoffice_adapters.rent_program import RentProgram
from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    ChangeMark,
    ChangeWindow,
    ChargeFilter,
    Fault,
    FaultCode,
    InvoiceFilter,
    MeterReadingFilter,
    PaymentFilter,
)
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice

pytestmark = pytest.mark.anyio

replace = msgspec.structs.replace
EVERY: dict[str, Any] = {
    "accounts": AccountFilter(),
    "invoices": InvoiceFilter(),
    "charges": ChargeFilter(),
    "payments": PaymentFilter(),
    "meter_readings": MeterReadingFilter(),
}
Marks = dict[str, ChangeMark]
Since = dict[str, tuple[list[str], list[str]]]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[FilesOffice]:
    office = adapter.office(setting(folder))
    await office.open()
    try:
        yield office
    finally:
        await office.close()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FilesOffice]:
    async with opened(tmp_path) as made:
        await made.fill(BOOK)
        yield made


async def page(office: FilesOffice, kind: str, after: ChangeMark | None = None) -> Any:
    (found,) = await getattr(office, f"changed_{kind}")(CALL, [EVERY[kind]], ChangeWindow(limit=1_000, after=after))
    return found


async def marks(office: FilesOffice) -> Marks:
    return {kind: (await page(office, kind)).mark for kind in EVERY}


async def since(office: FilesOffice, before: Marks) -> Since:
    """Kind → keys that came or changed, and keys that went; kinds without any are left out."""
    found = {kind: await page(office, kind, mark) for kind, mark in before.items()}
    told = {kind: (sorted(row.key for row in part.items), sorted(part.removed)) for kind, part in found.items()}
    return {kind: keys for kind, keys in told.items() if any(keys)}


async def test_an_export_of_the_same_tells_nothing_and_another_what_differs(office: FilesOffice) -> None:
    before = await marks(office)
    await office.fill(BOOK)
    assert await since(office, before) == {}
    first, *others = BOOK.charges
    await office.fill(replace(BOOK, charges=(replace(first, description="Inny"), *others[1:])))
    gone = sorted(entry.key for entry in others[:1])
    assert await since(office, before) == {"charges": ([first.key], gone)}
    await office.fill(BOOK)
    assert await since(office, before) == {"charges": (sorted([first.key, *gone]), [])}


async def test_a_posting_is_told_and_the_export_that_holds_it_tells_no_more_than_differs(
    office: FilesOffice, tmp_path: Path
) -> None:
    before = await marks(office)
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 100_00, ("F2", 100_00))]))
    own = posted.payment.key
    assert await since(office, before) == {"payments": ([own], []), "invoices": (["F2"], [])}
    middle = await marks(office)
    program = RentProgram(tmp_path, BOOK)
    program.fetch()
    program.answer(program.take("k-1", "W-77"))
    program.export()
    await follows(office, tmp_path)
    assert "W-77" not in str(await since(office, before)), "a payment keeps the key that it was told under"
    assert (await since(office, middle)).keys() <= {"payments", "invoices"}
    assert {mark.journal for mark in middle.values()} == {mark.journal for mark in (await marks(office)).values()}


async def test_what_the_program_refuses_is_told(office: FilesOffice, tmp_path: Path) -> None:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 100_00, ("F2", 100_00))]))
    before = await marks(office)
    program = RentProgram(tmp_path, BOOK)
    program.fetch()
    program.answer(program.refuse("k-1", "nie"))
    await follows(office, tmp_path)
    assert await since(office, before) == {"payments": ([posted.payment.key], []), "invoices": (["F2"], [])}


async def test_a_restart_tells_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        await office.fill(BOOK)
        await office.post_payments(CALL, [pay("k-1", 100_00)])
        before = await marks(office)
    async with opened(tmp_path) as again:
        assert await since(again, before) == {}
        assert await marks(again) == before


@pytest.mark.parametrize("refused", [False, True])
async def test_a_newer_version_goes_on_with_the_journal(tmp_path: Path, *, refused: bool) -> None:
    async with opened(tmp_path) as office:
        await office.fill(BOOK)
        before = await marks(office)
    state = tmp_path / "snapshots" / "state.json"
    state.write_bytes(msgspec.json.encode(msgspec.json.decode(state.read_bytes()) | {"version": "1.0.0"}))
    accounts = tmp_path / "export" / "konta.csv"
    content = accounts.read_bytes()
    if refused:  # the first that the newer version publishes is that it shows nothing
        accounts.write_bytes(content.replace(b"\n", b";\n", 1))
        async with opened(tmp_path) as again:
            assert not (await again.health()).ok
        accounts.write_bytes(content)
    async with opened(tmp_path) as again:
        assert await since(again, before) == {}
        assert (await marks(again))["invoices"].journal == before["invoices"].journal


async def test_without_its_folder_an_office_begins_a_new_journal(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        await office.fill(BOOK)
        before = await marks(office)
    for path in (tmp_path / "snapshots").iterdir():
        path.unlink()
    async with opened(tmp_path) as again:
        for kind, mark in before.items():
            found = await page(again, kind, mark)
            assert isinstance(found, Fault)
            assert found.code is FaultCode.INVALID
        assert len((await page(again, "invoices")).items) > 0


async def test_a_mark_of_another_process_is_known_at_once(office: FilesOffice, tmp_path: Path) -> None:
    await marks(office)
    async with opened(tmp_path) as other:
        first, *others = BOOK.charges
        await other.fill(replace(BOOK, charges=(replace(first, description="Inny"), *others)))
        mark = (await page(other, "charges")).mark
        found = await page(office, "charges", mark)
        assert (found.items, found.mark) == ((), mark)
