"""A rent ledger in files: its mapping, a book full of what is hard to write, and what the tests of `files` share."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import anyio
import msgspec

from ventanilla.backoffice_adapters.book import (
    AccountEntry,
    AccrualEntry,
    Book,
    BuildingEntry,
    ChargeEntry,
    EnrolmentEntry,
    InstalmentEntry,
    InterestRate,
    InvoiceEntry,
    MeterEntry,
    MeterReadingEntry,
    PaymentEntry,
    PaymentPlanEntry,
    StandingEntry,
    SupplierInvoiceEntry,
    UtilitySettlementEntry,
)
from ventanilla.backoffice_adapters.contract import (
    Call,
    Fault,
    Hit,
    Setting,
)
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    AccountStatus,
    Address,
    Allocation,
    ChargeStatus,
    EnrolmentKind,
    Geo,
    InstalmentStatus,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    Medium,
    MeterStatus,
    NewPayment,
    NewReversal,
    OfficialReference,
    Party,
    PartyKind,
    PartyRole,
    PaymentItem,
    PaymentPlanStatus,
    PaymentStatus,
    Property,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
    ReversalKind,
    SettlementLine,
    SupplierInvoiceStatus,
    TitleKind,
    Unit,
    UnitKind,
)

T = TypeVar("T")
SETTLE_S = 0.05
CALL = Call(
    manager="osiedle",
    request_id="r1",
    locale="pl-PL",
    now=datetime(2026, 11, 21, 11, tzinfo=UTC),
    today=date(2026, 11, 21),
    deadline=float("inf"),
)
REF = AccountRef(office="czynsze", key="K-1", number="0001/2019")
MAPPING = tomllib.loads((Path(__file__).parent / "osiedle_mapping.toml").read_text("utf-8"))


def zl(minor: int) -> Money:
    return Money(minor, "PLN")


PLACE = Property(
    key="B1",
    name="Klonowa 12",
    address=Address(
        lines=("ul. Klonowa 12", "klatka B"), locality="Łódź", region="łódzkie", postal_code="90-001", country="PL"
    ),
    geo=Geo(latitude=51.7592, longitude=19.456),
)
BOOK = Book(
    currency="PLN",
    parties=(
        Party(key="N1", name='Żaneta "Ziuta" Gęś; wdowa', document_type="PESEL", document_number="44051401359"),
        Party(key="N2", name="Sklep Pod Lipą sp. z o.o.", kind=PartyKind.COMPANY, phone="+48 42 555 01 02",
              email="biuro@lipa.example"),
        Party(key="N3", name="Gęś Żaneta", document_type="PESEL", document_number="44051401359"),
        Party(key="N4", name="Kominiarz Łęcki", kind=PartyKind.COMPANY, document_type="NIP", document_number="1234",
              email="kominiarz@lecki.example", phone="601 234 567"),
    ),
    properties=(PLACE,),
    units=(
        Unit(key="L1", label="m. 7", kind=UnitKind.FLAT, area_m2="54.30", building_key="D1"),
        Unit(key="L2", label="lok. użytk. 2", kind=UnitKind.SHOP),
    ),
    accounts=(
        AccountEntry(
            key="K-1", number="0001/2019", licence=Licence.RENT, title="Najem lokalu mieszkalnego", holder="N1",
            holder_as=PartyRole.TENANT, unit="L1", place="B1", opened_on=date(2019, 3, 1), stated_balance=zl(1_234_56),
        ),
        AccountEntry(
            key="K-2", number="0002/2020", licence=Licence.RENT, status=AccountStatus.CLOSED, holder="N2", unit="L2",
            title="Najem lokalu użytkowego", place="B1", closed_on=date(2026, 1, 31), stated_balance=zl(-1_000_05),
        ),
        AccountEntry(key="K-3", number="0003/2021", licence=Licence.RENT, title="Najem", holder="N2"),
    ),
    invoices=(
        InvoiceEntry(
            key="F1", account="K-1", number="CZ/1/10/2026", status=InvoiceStatus.PAID, title="Czynsz, październik",
            issued_on=date(2026, 10, 1), due_on=date(2026, 10, 10), total=zl(1_234_567_89),
            period_from=date(2026, 10, 1), period_to=date(2026, 10, 31),
            paid_at=datetime(2026, 10, 9, 8, 15, 1, tzinfo=UTC),
            official_reference=OfficialReference(scheme="KSeF", value="9999-1", url="https://ksef.example/9999-1"),
            lines=(
                InvoiceLine(position=1, description="Czynsz", amount=zl(1_234_667_89), quantity="54.300", unit="m2",
                            unit_price="12.3456", tax_rate="8"),
                InvoiceLine(position=2, description="Bonifikata", amount=zl(-100_00)),
            ),
        ),
        InvoiceEntry(
            key="F2", account="K-1", number="CZ/1/11/2026", status=InvoiceStatus.PARTIALLY_PAID, title="Czynsz",
            issued_on=date(2026, 11, 1), due_on=date(2026, 11, 10), total=zl(900_00), later_due_on=date(2026, 11, 25),
            later_total=zl(910_01),
        ),
        InvoiceEntry(
            key="F3", account="K-2", number="KOR/1", kind=InvoiceKind.CREDIT_NOTE, status=InvoiceStatus.ISSUED,
            title="Korekta", issued_on=date(2026, 11, 2), due_on=date(2026, 11, 2), total=zl(1),
        ),
        InvoiceEntry(
            key="F4", account="K-1", number="CZ/1/8/2026", status=InvoiceStatus.IN_PLAN, title="Czynsz, sierpień",
            issued_on=date(2026, 8, 1), due_on=date(2026, 8, 10), total=zl(300_00),
        ),
    ),
    charges=(
        ChargeEntry(
            key="O1", account="K-1", description="Woda, wodomierz nr 5", amount=zl(45_10), status=ChargeStatus.PENDING,
            charged_on=date(2026, 11, 20),
        ),
        ChargeEntry(
            key="O2", account="K-1", description="Klucz", amount=zl(20_00), status=ChargeStatus.INVOICED, invoice="F2",
            charged_on=date(2026, 10, 20),
        ),
    ),
    payments=(
        PaymentEntry(
            key="W1", account="K-1", amount=zl(1_234_667_89), paid_at=datetime(2026, 10, 9, 8, 15, 1, tzinfo=UTC),
            status=PaymentStatus.SETTLED, method="przelew", reference="czynsz\nza październik",
        ),
        PaymentEntry(
            key="W2", account="K-2", amount=zl(30_00), paid_at=datetime(2026, 5, 4, tzinfo=UTC), method="gotówka",
            status=PaymentStatus.PARTIALLY_REFUNDED, taken_back=zl(10_05),
        ),
    ),
    allocations=(
        Allocation(payment_key="W1", invoice_key="F1", amount=zl(1_234_567_89), allocated_on=date(2026, 10, 9)),
        Allocation(payment_key="W1", invoice_key="F2", amount=zl(100_00), allocated_on=date(2026, 10, 9)),
    ),
    accruals=(
        AccrualEntry(
            key="S1", account="K-1", month="2026-11", title=TitleKind.RENT, description="Czynsz; lokal", invoice="F2",
            amount=zl(670_37), quantity="54.30", unit="m2", unit_price="12.3456",
        ),
        AccrualEntry(key="S2", account="K-1", month="2026-12", title=TitleKind.OTHER, description="Inne", amount=zl(1)),
    ),
    payment_plans=(
        PaymentPlanEntry(
            key="U1", account="K-1", number="U/1/2026", status=PaymentPlanStatus.ACTIVE, agreed_on=date(2026, 9, 1),
            interest=zl(12_34), invoices=("F4",),
        ),
        PaymentPlanEntry(
            key="U2", account="K-2", number="U/2/2025", status=PaymentPlanStatus.CANCELLED, interest=zl(0),
            agreed_on=date(2025, 2, 3),
        ),
    ),
    instalments=(
        InstalmentEntry(
            key="R1", plan="U1", position=1, due_on=date(2026, 9, 15), amount=zl(156_17), status=InstalmentStatus.PAID,
            paid_at=datetime(2026, 9, 14, 22, 30, tzinfo=UTC),
        ),
        InstalmentEntry(
            key="R2", plan="U1", position=2, due_on=date(2026, 10, 15), amount=zl(156_17),
            status=InstalmentStatus.SCHEDULED,
        ),
        InstalmentEntry(
            key="R3", plan="U2", position=1, due_on=date(2025, 3, 15), amount=zl(50_00),
            status=InstalmentStatus.CANCELLED,
        ),
    ),
    interest_rates=(
        InterestRate(
            valid_from=date(2025, 1, 1), valid_until=date(2026, 10, 31), annual_rate="11.25", source="M.P. poz. 1",
        ),
        InterestRate(valid_from=date(2026, 11, 1), annual_rate="10.5", source="M.P. poz. 2"),
    ),
    enrolments=(
        EnrolmentEntry(
            account="K-1", kind=EnrolmentKind.E_INVOICE, active=True, since=date(2025, 5, 6), channel="telefon",
        ),
        EnrolmentEntry(
            account="K-1", kind=EnrolmentKind.DIRECT_DEBIT, active=False,
            cancelled_at=datetime(2026, 1, 2, 9, tzinfo=UTC),
        ),
    ),
    meters=(
        MeterEntry(
            key="M1", account="K-1", number="AB/77", medium=Medium.COLD_WATER, status=MeterStatus.REMOVED,
            registers=(Register(key="1", label="całość", unit="m3", digits=5, decimals=3),),
            installed_on=date(2016, 4, 1), removed_on=date(2021, 4, 1),
        ),
        MeterEntry(
            key="M2", account="K-1", number="AB/78", medium=Medium.ELECTRICITY, remote=True, location="kuchnia, szafka",
            registers=(
                Register(key="1", label="strefa dzienna", unit="kWh", digits=6, decimals=1),
                Register(key="2", label="strefa nocna", unit="kWh", digits=6, decimals=1),
            ),
            installed_on=date(2021, 4, 1), verified_until=date(2029, 12, 31), replaces="M1",
            reading_window=ReadingWindow(opens_on=date(2026, 12, 27), closes_on=date(2027, 1, 5)),
        ),
    ),
    meter_readings=(
        MeterReadingEntry(
            key="L1", meter="M1", read_on=date(2021, 4, 1), quality=ReadingQuality.STAFF, status=ReadingStatus.BILLED,
            values=(RegisterValue(register_key="1", value="12345.678"),),
        ),
        MeterReadingEntry(
            key="L2", meter="M2", read_on=date(2026, 10, 31), quality=ReadingQuality.REMOTE,
            status=ReadingStatus.ACCEPTED, values=(
                RegisterValue(register_key="1", value="1234.5", consumption="100.5"),
                RegisterValue(register_key="2", value="999.0", consumption="0.0"),
            ),
        ),
    ),
    utility_settlements=(
        UtilitySettlementEntry(
            key="Z1", account="K-2", number="RM/2025/2", settled_on=date(2026, 3, 1), period_from=date(2025, 1, 1),
            period_to=date(2025, 12, 31), invoice="F3", lines=(
                SettlementLine(
                    medium=Medium.HEAT, description="Ogrzewanie", cost=zl(1_000_00), advances=zl(1_000_00),
                    quantity="12.5", unit="GJ",
                ),
                SettlementLine(medium=Medium.COLD_WATER, description="Woda", cost=zl(50_00), advances=zl(50_01)),
            ),
        ),
    ),
    buildings=(
        BuildingEntry(
            key="D1", name="Klonowa 12", address=PLACE.address, geo=PLACE.geo, built_in=1936, unit_count=24,
        ),
        BuildingEntry(key="D2", name="Lipowa 1", address=Address(lines=("Lipowa 1",), locality="Łódź", country="PL")),
    ),
    standings=(
        StandingEntry(party="N3", role=PartyRole.RESIDENT, account="K-1", starts_on=date(2020, 2, 29),
                      ends_on=date(2026, 10, 31)),
        StandingEntry(party="N4", role=PartyRole.SUPPLIER),
    ),
    supplier_invoices=(
        SupplierInvoiceEntry(
            key="KF-1", number="12/2026; duplikat", supplier="N4", title="Przegląd kominów – „ul. Długa”",
            amount=zl(1_230_05), issued_on=date(2026, 10, 1), due_on=date(2026, 10, 15),
            status=SupplierInvoiceStatus.PAID, paid_on=date(2026, 10, 14),
        ),
        SupplierInvoiceEntry(
            key="KF-2", number="13/2026", supplier="N4", title="Żarówki", amount=zl(49_90), issued_on=date(2026, 11, 2),
            due_on=date(2026, 11, 2), status=SupplierInvoiceStatus.TO_APPROVE,
        ),
    ),
)  # fmt: skip


def setting(folder: Path, **changes: object) -> Setting:
    raw = MAPPING["offices"]["czynsze"]["configuration"] | {"settle_s": SETTLE_S} | changes
    return Setting(
        manager="osiedle",
        office="czynsze",
        licences=frozenset({Licence.RENT}),
        currency="PLN",
        time_zone="Europe/Warsaw",
        configuration=msgspec.convert(raw, FilesConfiguration),
        folder=folder,
        clock=lambda: datetime.now(UTC),
    )


def sure(hits: list[Hit[T]]) -> list[T]:
    """The values of an answer in which nothing is absent or failed."""
    values = [hit for hit in hits if hit is not None and not isinstance(hit, Fault)]
    assert len(values) == len(hits), hits
    return values


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds; the deadline is only for a broken test."""
    with anyio.fail_after(10):
        while not await holds():  # noqa: ASYNC110  what is waited for happens in files
            await anyio.sleep(SETTLE_S / 5)


async def follows(office: FilesOffice, folder: Path) -> None:
    """Wait until the office shows all that lies there: the newest export, and what was answered."""
    written = (folder / "export" / "wplaty.csv").stat().st_mtime_ns

    async def read() -> bool:
        lying = [*(folder / "z_programu").glob("*.csv")]  # looked at first: they go once the state is written
        state = msgspec.json.decode((folder / "snapshots" / "state.json").read_bytes())
        shown = office.current().snapshot
        return not lying and shown.name == state["snapshot"]["name"] and shown.payments_at == written

    await until(read)


async def refused(office: FilesOffice) -> str:
    """Wait for the refusal of what lies there; tell it as health does."""

    async def told() -> bool:
        return "refused" in (await office.health()).detail

    await until(told)
    return (await office.health()).detail


def reason(folder: Path) -> str:
    return max((folder / "quarantine").iterdir()).joinpath("REASON.txt").read_text("utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode("cp1250")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("cp1250"))


def pay(key: str, minor: int, *items: tuple[str, int], account: AccountRef = REF) -> NewPayment:
    """A payment of the day before `CALL`, meant for these invoices."""
    return NewPayment(
        key=key,
        account=account,
        amount=zl(minor),
        paid_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        method="BLIK",
        reference="czynsz",
        items=tuple(PaymentItem(invoice_key=invoice, amount=zl(part)) for invoice, part in items),
    )


def take_back(key: str, payment: str, minor: int, kind: ReversalKind = ReversalKind.REFUND) -> NewReversal:
    """What is taken back of a payment on the day of `CALL`."""
    at = datetime(2026, 11, 21, 7, tzinfo=UTC)
    return NewReversal(key=key, payment_key=payment, amount=zl(minor), at=at, kind=kind)


async def balance(office: FilesOffice) -> Money:
    (found,) = sure(await office.balances(CALL, [REF]))
    return found.amount
