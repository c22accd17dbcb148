"""A rent ledger in files: its mapping, a book full of what is hard to write, and what the tests of `files` share."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import anyio
import msgspec

from ventanilla.backoffice_adapters.book import AccountEntry, Book, ChargeEntry, InvoiceEntry, PaymentEntry
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
    Geo,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Party,
    PartyKind,
    PaymentStatus,
    Property,
    Unit,
    UnitKind,
)

T = TypeVar("T")
SETTLE_S = 0.05
CALL = Call(manager="osiedle", request_id="r1", locale="pl-PL", today=date(2026, 11, 21), deadline=float("inf"))
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
        Party(key="N2", name="Sklep Pod Lipą sp. z o.o.", kind=PartyKind.COMPANY, email="biuro@lipa.example"),
    ),
    properties=(PLACE,),
    units=(
        Unit(key="L1", label="m. 7", kind=UnitKind.FLAT, area_m2="54.30"),
        Unit(key="L2", label="lok. użytk. 2", kind=UnitKind.SHOP),
    ),
    accounts=(
        AccountEntry(
            key="K-1", number="0001/2019", licence=Licence.RENT, title="Najem lokalu mieszkalnego", holder="N1",
            unit="L1", place="B1", opened_on=date(2019, 3, 1), stated_balance=zl(1_234_56),
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
    ),
    charges=(
        ChargeEntry(
            key="O1", account="K-1", description="Woda, wodomierz nr 5", amount=zl(45_10), status=ChargeStatus.PENDING,
            charged_on=date(2026, 11, 20),
        ),
    ),
    payments=(
        PaymentEntry(
            key="W1", account="K-1", amount=zl(1_234_667_89), paid_at=datetime(2026, 10, 9, 8, 15, 1, tzinfo=UTC),
            status=PaymentStatus.SETTLED, method="przelew", reference="czynsz\nza październik",
        ),
    ),
    allocations=(
        Allocation(payment_key="W1", invoice_key="F1", amount=zl(1_234_567_89), allocated_on=date(2026, 10, 9)),
        Allocation(payment_key="W1", invoice_key="F2", amount=zl(100_00), allocated_on=date(2026, 10, 9)),
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


async def balance(office: FilesOffice) -> Money:
    (found,) = sure(await office.balances(CALL, [REF]))
    return found.amount
