"""The embedded adapter: found by its entry point, migrated when it opens, sharing what it can."""

import asyncio
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.script import ScriptDirectory

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.sample import NOW, TODAY
from ventanilla.backoffice_adapters.book import Fillable
from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    GROUP,
    PROTOCOLS,
    AccountFilter,
    Adapter,
    Call,
    ChangeMark,
    Changes,
    ChangeWindow,
    CommunityOffice,
    FaultCode,
    InvoiceFilter,
    InvoiceOrder,
    MaintenanceOffice,
    OfficeError,
    PartyFilter,
    RentOffice,
    Setting,
    Support,
    UtilityOffice,
    Window,
    capabilities_of,
)
from ventanilla.backoffice_adapters.database import Database, Dialect
from ventanilla.backoffice_adapters.embedded.migrating import FOLDER
from ventanilla.backoffice_adapters.embedded.office import EmbeddedAdapter, EmbeddedConfiguration, EmbeddedOffice
from ventanilla.backoffice_adapters.embedded.schema import HEAD
from ventanilla.backoffice_adapters.ledger.tables import create_tables
from ventanilla.backoffice_adapters.records import Licence, PartyRole, Slice

pytestmark = pytest.mark.anyio
CALL = Call(manager="osiedle", request_id="r", locale="pl-PL", now=NOW, today=TODAY, deadline=0)
STRUCTURE = {
    Dialect.SQLITE: (
        """SELECT m.name, c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master m
        JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'embedded_version' ORDER BY 1, 2""",
        """SELECT m.tbl_name, i.seqno, i.name, i."desc", i.coll, CASE WHEN m.sql IS NULL THEN 'key' ELSE m.name END
        FROM sqlite_master m JOIN pragma_index_xinfo(m.name) i
        WHERE m.type = 'index' AND m.tbl_name <> 'embedded_version' ORDER BY 1, 6, 2""",
    ),
    Dialect.POSTGRESQL: (
        """SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default, collation_name
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'embedded_version'
        ORDER BY 1, 2""",
        """SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'embedded_version'
        ORDER BY 1, 2""",
    ),
}

NEW_TABLES = (
    "accrual", "payment_plan", "instalment", "interest_rate", "enrolment", "meter", "meter_reading",
    "utility_settlement", "community", "building", "ownership_share", "notice", "notice_audience",
    "supplier_invoice", "standing", "posting", "removal",
)  # fmt: skip
NUMBERED = ("account", "invoice", "charge", "payment")
NEW_INDEXES = ("unit_by_building", "account_by_unit", "party_by_name", *(f"{table}_by_change" for table in NUMBERED))
NEW_COLUMNS = (
    *((table, "change_number") for table in NUMBERED),
    ("book", "journal"),
    ("book", "last_number"),
    ("unit", "building_key"),
    ("party", "folded_name"),
    ("party", "plain_document"),
    ("payment", "taken_back_minor"),
)
"""What the first release had not."""


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def setting(folder: Path, database: str | None = None, *, manager: str = "osiedle", office: str = "main") -> Setting:
    return Setting(
        manager=manager,
        office=office,
        licences=frozenset({Licence.RENT}),
        currency="PLN",
        time_zone="Europe/Warsaw",
        configuration=EmbeddedConfiguration(database=database),
        folder=folder,
        clock=lambda: NOW,
    )


async def structure(url: str) -> list[list[tuple[object, ...]]]:
    database = Database(url)
    await database.open()
    found = [[tuple(row) for row in await database.rows(sql)] for sql in STRUCTURE[database.dialect]]
    await database.close()
    return found


def test_the_entry_point_names_an_adapter_that_can_do_everything() -> None:
    [point] = entry_points(group=GROUP, name="embedded")
    adapter: Adapter = point.load()
    manifest = adapter.manifest
    assert (manifest.name, manifest.contract, manifest.licences) == ("embedded", CONTRACT, frozenset(Licence))
    assert set(manifest.capabilities) == {
        name for protocol in PROTOCOLS.values() for name in capabilities_of(protocol).values()
    }
    assert set(manifest.capabilities.values()) == {Support.YES}
    assert "writeOnly" in str(msgspec.json.schema(manifest.configuration))


def test_an_office_has_every_method_of_its_protocol(tmp_path: Path) -> None:
    office = EmbeddedAdapter().office(setting(tmp_path))
    every: tuple[RentOffice, CommunityOffice, UtilityOffice, MaintenanceOffice] = (office, office, office, office)
    assert isinstance(office, Fillable)
    for protocol in PROTOCOLS.values():
        assert all(callable(getattr(every[0], method)) for method in capabilities_of(protocol))


async def test_it_keeps_its_books_in_its_folder(tmp_path: Path) -> None:
    office = EmbeddedAdapter().office(setting(tmp_path))
    await office.open()
    await office.fill(sample.book())
    await office.close()
    assert names_in(tmp_path) == ["ledger.sqlite"]
    again = EmbeddedAdapter().office(setting(tmp_path))
    await again.open()
    assert (await again.health()).ok
    [flat] = await again.accounts(CALL, ["flat"])
    assert flat.ref.office == flat.origin.source == "main"
    [page] = await again.invoices(CALL, [flat.ref], InvoiceFilter(), InvoiceOrder.DUE_ON_ASC, Window(limit=1))
    assert len(page.items) == 1
    await again.close()


def test_the_head_is_the_last_migration() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [HEAD]


async def test_migrations_make_what_create_tables_makes(database_url: str, tmp_path: Path) -> None:
    office = EmbeddedAdapter().office(setting(tmp_path, database_url))
    await office.open()
    await office.close()
    migrated = await structure(database_url)
    database = Database(database_url)
    await database.open()
    async with database.write() as work:
        for table in sorted({str(row[0]) for row in migrated[0]}):
            await work.execute(f"DROP TABLE {table}")
    await create_tables(database)
    await database.close()
    assert await structure(database_url) == migrated
    assert len(migrated[0]) > 180


async def test_books_of_the_first_release_are_brought_on_whole(database_url: str, tmp_path: Path) -> None:
    adapter = EmbeddedAdapter()
    office = adapter.office(setting(tmp_path, database_url))
    await office.open()
    await office.fill(sample.book())
    before = await office.accounts(CALL, sample.account_keys())
    async with office._database.write() as work:
        for table in NEW_TABLES:
            await work.execute(f"DROP TABLE {table}")
        for index in NEW_INDEXES:
            await work.execute(f"DROP INDEX {index}")
        for table, column in NEW_COLUMNS:
            await work.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        await work.execute("UPDATE embedded_version SET version_num = '0001'")
    await office.close()
    await office.open()
    after = await office.accounts(CALL, sample.account_keys())
    assert [without_building(account) for account in after] == [without_building(account) for account in before]
    [flat] = await office.accounts(CALL, ["flat"])
    assert flat is not None
    assert await office.buildings(CALL, [flat.ref]) == [None]
    await assert_holders_are_known(office)
    mark = await assert_everything_is_told_once(office)
    await office.fill(sample.book())
    assert await office.accounts(CALL, sample.account_keys()) == before
    [since] = await office.changed_invoices(CALL, [InvoiceFilter()], ChangeWindow(limit=1_000, after=mark))
    assert isinstance(since, Changes)
    assert (since.items, since.removed, since.mark.journal) == ((), (), mark.journal)
    await office.close()


async def assert_everything_is_told_once(office: EmbeddedOffice) -> ChangeMark:
    """What was there before there was a journal stands in it; the mark behind the last invoice."""
    [accounts] = await office.changed_accounts(CALL, [AccountFilter()], ChangeWindow(limit=1_000))
    [invoices] = await office.changed_invoices(CALL, [InvoiceFilter()], ChangeWindow(limit=1_000))
    assert isinstance(accounts, Changes)
    assert isinstance(invoices, Changes)
    assert [row.key for row in accounts.items] == sorted(sample.account_keys())
    shown = [entry.key for entry in sample.book().invoices if entry.status != "DRAFT"]
    assert [row.key for row in invoices.items] == sorted(shown)
    return invoices.mark


async def assert_holders_are_known(office: EmbeddedOffice) -> None:
    """What the first release knew of people, is found as this one finds it."""
    filters = [
        PartyFilter(),
        PartyFilter(text="WIŚNIEW"),
        PartyFilter(text="850-101-123-45", roles=(PartyRole.HOLDER,)),
    ]
    everybody, *named = await office.parties(CALL, filters, Window(limit=9))
    assert isinstance(everybody, Slice)
    assert [row.key for row in everybody.items] == ["anna", "sklep"]
    for part in named:
        assert isinstance(part, Slice)
        assert [row.key for row in part.items] == ["anna"]
    for row in everybody.items:
        entries = [entry for entry in sample.book().accounts if entry.holder == row.key and entry.status != "CLOSED"]
        assert [(one.role, one.account_key, one.starts_on) for one in row.standings] == [
            (PartyRole.HOLDER, entry.key, entry.opened_on) for entry in sorted(entries, key=lambda entry: entry.key)
        ]


def without_building(account: Any) -> Any:
    replace = msgspec.structs.replace
    return replace(account, unit=account.unit and replace(account.unit, building_key=None))


async def test_a_current_database_opens_with_two_look_ups(database_url: str, tmp_path: Path) -> None:
    adapter = EmbeddedAdapter()
    first, second = (adapter.office(setting(tmp_path, database_url, manager=name)) for name in ("a", "b"))
    await first.open()
    before = first._database.statements
    await second.open()
    assert second._database.statements - before == 2
    await first.close()
    await second.close()


def test_a_current_database_needs_no_migration_tool(tmp_path: Path) -> None:
    async def visit() -> None:
        office = EmbeddedAdapter().office(setting(tmp_path))
        await office.open()
        await office.close()

    asyncio.run(visit())
    program = f"""
import asyncio, pathlib, sys
from datetime import UTC, datetime
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.embedded.office import EmbeddedAdapter, EmbeddedConfiguration
office = EmbeddedAdapter().office(Setting(
    manager="osiedle", office="main", licences=frozenset(), currency="PLN", time_zone="Europe/Warsaw",
    configuration=EmbeddedConfiguration(), folder=pathlib.Path({str(tmp_path)!r}), clock=lambda: datetime.now(UTC)))
async def visit():
    await office.open()
    assert (await office.health()).ok
    await office.close()
asyncio.run(visit())
assert not {{"alembic", "sqlalchemy"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=60)


async def test_offices_that_open_at_once_migrate_once(database_url: str, tmp_path: Path) -> None:
    apart = [EmbeddedAdapter().office(setting(tmp_path, database_url, manager=f"m{n}")) for n in range(4)]
    shared = EmbeddedAdapter()
    offices = [*apart, *(shared.office(setting(tmp_path, database_url, manager=f"s{n}")) for n in range(4))]
    await asyncio.gather(*(office.open() for office in offices))
    assert all([(await office.health()).ok for office in offices])
    await asyncio.gather(*(office.close() for office in offices))


async def test_managers_of_one_database_share_it_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    adapter = EmbeddedAdapter()
    offices = [adapter.office(setting(tmp_path, database_url, manager=name)) for name in ("a", "b", "c")]
    one, other, third = offices
    assert one._database is other._database
    await asyncio.gather(*(office.open() for office in offices))
    await one.fill(sample.book())
    assert await other.accounts(CALL, ["flat"]) == [None]
    await other.close()
    assert (await one.accounts(CALL, ["flat"]))[0] is not None
    await one.close()
    assert (await third.health()).ok
    await third.close()
    assert not (await third.health()).ok


async def test_an_office_that_cannot_open_says_so_and_closes(tmp_path: Path) -> None:
    async def refused(office: EmbeddedOffice) -> FaultCode:
        with pytest.raises(OfficeError) as caught:
            await office.open()
        health = await office.health()
        assert not health.ok
        assert health.detail
        await office.close()
        return caught.value.fault.code

    adapter = EmbeddedAdapter()
    nowhere = "postgresql://postgres:secret@127.0.0.1:1/nowhere"
    assert await refused(adapter.office(setting(tmp_path, nowhere))) is FaultCode.UNAVAILABLE
    assert await refused(adapter.office(setting(tmp_path / "missing"))) is FaultCode.UNAVAILABLE
    with pytest.raises(OfficeError, match="setting `database`") as caught:
        adapter.office(setting(tmp_path, "mysql://root@localhost"))
    assert caught.value.fault.code is FaultCode.INVALID


async def test_a_database_of_a_newer_program_is_left_alone(database_url: str, tmp_path: Path) -> None:
    office = EmbeddedAdapter().office(setting(tmp_path, database_url))
    await office.open()
    async with office._database.write() as work:
        await work.execute("UPDATE embedded_version SET version_num = '9999'")
    await office.close()
    with pytest.raises(OfficeError, match="newer version") as caught:
        await office.open()
    assert caught.value.fault.code is FaultCode.INVALID
    await office.close()


async def test_a_private_database_serves_a_test(tmp_path: Path) -> None:
    office = EmbeddedAdapter().office(setting(tmp_path, "sqlite://"))
    await office.open()
    await office.fill(sample.book())
    assert (await office.accounts(CALL, ["flat"]))[0] is not None
    await office.close()
    assert names_in(tmp_path) == []


async def test_a_broken_migration_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    await database.open()
    async with database.write() as work:
        await work.execute("CREATE TABLE payment (in_the_way BIGINT)")
    office = EmbeddedAdapter().office(setting(tmp_path, database_url))
    with pytest.raises(OfficeError) as caught:
        await office.open()
    assert caught.value.fault.code is FaultCode.UNAVAILABLE
    await office.close()
    assert {row[0] for row in (await structure(database_url))[0]} == {"payment"}
    await database.close()
