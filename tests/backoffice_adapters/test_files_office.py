# ruff: noqa: ASYNC240  the tests are the operator, who works with plain files
"""What is filled in comes back, and what is dropped later is shown."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from tests.backoffice_adapters.osiedle import (
    BOOK,
    CALL,
    MAPPING,
    PLACE,
    REF,
    balance,
    change,
    setting,
    sure,
    until,
    zl,
)
from ventanilla.backoffice_adapters.book import Fillable
from ventanilla.backoffice_adapters.contract import (
    ChargeFilter,
    ChargeOrder,
    InvoiceFilter,
    InvoiceOrder,
    OfficeError,
    PaymentFilter,
    PaymentOrder,
    Support,
    Window,
)
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.records import AccountRef, AccountStatus, SettlementOutcome, TitleKind

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


# -- the round trip ----------------------------------------------------------------------------------------------


async def test_everything_comes_back_to_the_grosz(office: FilesOffice, export: Path) -> None:
    assert isinstance(office, Fillable)
    assert (await office.health()).ok
    first, second, third = sure(await office.accounts(CALL, ["K-1", "K-2", "K-3"]))
    assert (first.holder, first.unit, first.place) == (BOOK.parties[0], BOOK.units[0], PLACE)
    assert (second.status, second.closed_on) == (AccountStatus.CLOSED, date(2026, 1, 31))
    assert second.holder == third.holder == BOOK.parties[1]
    assert (third.unit, third.place) == (None, None)
    assert await balance(office) == zl(1_234_56)
    (paid,) = sure(await office.invoices_by_key(CALL, ["F1"]))
    assert (paid.total, paid.paid, paid.paid_at) == (zl(1_234_567_89), zl(1_234_567_89), BOOK.invoices[0].paid_at)
    assert paid.official_reference == BOOK.invoices[0].official_reference
    assert (paid.period_from, paid.period_to) == (date(2026, 10, 1), date(2026, 10, 31))
    (surcharged,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert [due.amount for due in surcharged.due_dates] == [zl(900_00), zl(910_01)]
    assert await office.invoice_lines(CALL, ["F1"]) == [BOOK.invoices[0].lines]
    assert await office.invoice_allocations(CALL, ["F2"]) == [BOOK.allocations[1:]]
    (payment,) = sure(await office.payments_by_key(CALL, ["W1"]))
    assert (payment.paid_at, payment.reference) == (BOOK.payments[0].paid_at, "czynsz\nza październik")
    assert payment.unallocated == zl(0)
    (charge,) = sure(await office.charges_by_key(CALL, ["O1"]))
    assert charge.description == "Woda, wodomierz nr 5"


async def test_what_is_agreed_and_charged_comes_back(office: FilesOffice) -> None:
    (accrual,) = sure(await office.accruals_by_key(CALL, ["S1"]))
    assert (accrual.month, accrual.title, accrual.unit_price) == ("2026-11", TitleKind.RENT, "12.3456")
    (plan,) = sure(await office.payment_plans_by_key(CALL, ["U1"]))
    assert (plan.total, plan.paid, plan.interest) == (zl(312_34), zl(156_17), zl(12_34))
    assert (plan.invoice_keys, plan.instalment_count) == (("F4",), 2)
    (instalments,) = sure(await office.plan_instalments(CALL, ["U1"]))
    assert [(each.key, each.paid_at) for each in instalments] == [("R1", BOOK.instalments[0].paid_at), ("R2", None)]
    (interest,) = sure(await office.late_interest(CALL, ["F2"]))
    assert [(part.annual_rate, part.days, part.base) for part in interest.segments] == [("10.5", 11, zl(800_00))]
    assert interest.total == zl(2_53)
    (enrolments,) = sure(await office.enrolments(CALL, [REF]))
    assert [(each.kind, each.active) for each in enrolments] == [("E_INVOICE", True), ("DIRECT_DEBIT", False)]


async def test_houses_meters_and_settlements_come_back(office: FilesOffice) -> None:
    (building,) = sure(await office.buildings(CALL, [REF]))
    assert (building.address, building.built_in, building.unit_count) == (PLACE.address, 1936, 24)
    (meter,) = sure(await office.meters_by_key(CALL, ["M2"]))
    assert (meter.registers, meter.remote, meter.replaces_key) == (BOOK.meters[1].registers, True, "M1")
    assert meter.reading_window == BOOK.meters[1].reading_window
    (reading,) = sure(await office.meter_readings_by_key(CALL, ["L2"]))
    assert (reading.values, reading.account_key) == (BOOK.meter_readings[1].values, "K-1")
    (settlement,) = sure(await office.utility_settlements_by_key(CALL, ["Z1"]))
    assert settlement.lines == BOOK.utility_settlements[0].lines
    assert (settlement.outcome, settlement.difference) == (SettlementOutcome.SURPLUS, zl(1))


def test_the_office_answers_what_its_manifest_says_and_nothing_else() -> None:
    for name, method in METHODS.items():
        says = adapter.manifest.capabilities.get(method.capability, Support.NO)
        assert hasattr(FilesOffice, name) == (says is Support.YES), name


async def test_the_files_are_as_the_program_writes_them(office: FilesOffice, export: Path) -> None:
    accounts = (export / "konta.csv").read_bytes().decode("cp1250")
    assert accounts.startswith("Id konta;Nr konta;Stan konta;")
    assert '"Żaneta ""Ziuta"" Gęś; wdowa"' in accounts
    assert ";-1 234,56;" in accounts
    assert ";1 000,05;" in accounts
    assert accounts.endswith("\r\n")
    invoices = (export / "naliczenia.csv").read_bytes().decode("cp1250")
    assert ";01.10.2026;10.10.2026;;;1 234 567,89;" in invoices
    assert ";09.10.2026 10:15:01;" in invoices
    assert not list(export.glob("*.part"))


async def test_lists_page_and_unknown_accounts_are_absent(office: FilesOffice) -> None:
    page = Window(limit=1)
    refs = [REF, AccountRef(office="czynsze", key="nobody", number="")]
    found, unknown = await office.invoices(CALL, refs, InvoiceFilter(), InvoiceOrder.ISSUED_ON_DESC, page)
    (known,) = sure([found])
    assert [item.key for item in known.items] == ["F2"]
    assert (known.more, unknown) == (True, None)
    (payments,) = sure(await office.payments(CALL, [REF], PaymentFilter(), PaymentOrder.PAID_AT_DESC, page))
    assert [item.key for item in payments.items] == ["W1"]
    assert [found.key for found in sure(await office.find_accounts(CALL, ["00012019"]))] == ["K-1"]
    assert await office.payment_allocations(CALL, ["W1"]) == [BOOK.allocations]


async def test_a_program_without_charges_has_none(tmp_path: Path) -> None:
    tables = {**MAPPING["offices"]["czynsze"]["configuration"]["tables"]}
    del tables["charges"]
    office = adapter.office(setting(tmp_path, tables=tables))
    await office.open()
    await office.fill(msgspec.structs.replace(BOOK, charges=()))
    page = Window(limit=5, count=True)
    (charges,) = sure(await office.charges(CALL, [REF], ChargeFilter(), ChargeOrder.CHARGED_ON_DESC, page))
    assert (charges.items, charges.count) == ((), 0)
    with pytest.raises(BookError, match="charges 'O1': the mapping does not carry"):
        await office.fill(BOOK)
    await office.close()


# -- filling -----------------------------------------------------------------------------------------------------


async def test_a_book_that_contradicts_itself_changes_no_file(office: FilesOffice, export: Path) -> None:
    before = {path.name: path.read_bytes() for path in export.iterdir()}
    wrong = msgspec.structs.replace(BOOK, payments=())
    with pytest.raises(BookError, match="W1"):
        await office.fill(wrong)
    assert {path.name: path.read_bytes() for path in export.iterdir()} == before
    assert await balance(office) == zl(1_234_56)


async def test_what_the_encoding_cannot_write_is_refused(office: FilesOffice) -> None:
    party = msgspec.structs.replace(BOOK.parties[0], name="Begoña Núñez")
    with pytest.raises(BookError, match="cp1250 cannot write “ñ”"):
        await office.fill(msgspec.structs.replace(BOOK, parties=(party, BOOK.parties[1])))


async def test_what_would_not_come_back_exactly_is_refused(office: FilesOffice) -> None:
    payment = msgspec.structs.replace(BOOK.payments[0], paid_at=datetime(2026, 10, 9, 8, 15, 1, 5, tzinfo=UTC))
    with pytest.raises(BookError, match="payments 'W1': the mapping does not carry paid_at exactly"):
        await office.fill(msgspec.structs.replace(BOOK, payments=(payment,)))


# -- new files ---------------------------------------------------------------------------------------------------


async def test_replaced_files_show_new_balances_with_their_age(office: FilesOffice, export: Path) -> None:
    change(export / "konta.csv", "-1 234,56", "-7,00")
    stamp = datetime(2026, 11, 21, 4, 30, tzinfo=UTC).timestamp()
    for path in export.iterdir():
        os.utime(path, (stamp, stamp))

    async def new() -> bool:
        return await balance(office) == zl(7_00)

    await until(new)
    (account,) = sure(await office.accounts(CALL, ["K-1"]))
    assert account.origin.as_of == datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
    health = await office.health()
    assert (health.ok, health.as_of) == (True, account.origin.as_of)


async def test_a_call_under_way_finishes_on_the_snapshot_it_began_with(office: FilesOffice, export: Path) -> None:
    former = office.current()
    async with former.use() as ledger:
        await office.fill(msgspec.structs.replace(BOOK, accounts=BOOK.accounts[:2]))
        assert office.current() is not former
        assert [found.key for found in sure(await ledger.accounts(CALL, ["K-3"]))] == ["K-3"]
    with pytest.raises(OfficeError):
        await ledger.accounts(CALL, ["K-3"])
    assert await office.accounts(CALL, ["K-3"]) == [None]


async def test_the_same_files_are_not_imported_twice(office: FilesOffice, tmp_path: Path, export: Path) -> None:
    before = sorted(path.name for path in (tmp_path / "snapshots").glob("*.sqlite"))
    later = time.time() + 60
    os.utime(export / "konta.csv", (later, later))

    async def newer() -> bool:
        return (await office.health()).as_of != former

    former = (await office.health()).as_of
    await until(newer)
    assert sorted(path.name for path in (tmp_path / "snapshots").glob("*.sqlite")) == before


async def test_only_the_former_three_snapshots_are_kept(office: FilesOffice, tmp_path: Path) -> None:
    for count in range(6):
        account = msgspec.structs.replace(BOOK.accounts[0], stated_balance=zl(count))
        await office.fill(msgspec.structs.replace(BOOK, accounts=(account, *BOOK.accounts[1:])))
    assert len(list((tmp_path / "snapshots").glob("*.sqlite*"))) == 4 + 2
    assert await balance(office) == zl(5)
