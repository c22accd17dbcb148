"""A book: the whole content of an office, as plain records.

A demo or a test writes a book once and hands it to whatever can be filled: `embedded` takes it as it is, a file drop is
written from it. Keys are unique in the book for each kind of record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol, runtime_checkable

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRole,
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
    OfficialReference,
    OwnershipShare,
    Party,
    PartyRole,
    PaymentPlanStatus,
    PaymentStatus,
    Property,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Record,
    Register,
    RegisterValue,
    SettlementLine,
    SupplierInvoiceStatus,
    TitleKind,
    Unit,
)


class AccountEntry(Record):
    """An account; parties, properties and units are named by key."""

    key: str
    number: str
    licence: Licence
    status: AccountStatus = AccountStatus.ACTIVE
    title: str
    holder: str
    holder_as: PartyRole = PartyRole.HOLDER
    """What the holder is: TENANT of a lease, OWNER of premises. No SUPPLIER and no BOARD_MEMBER."""
    unit: str | None = None
    place: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    stated_balance: Money | None = None
    """The office's own figure where it keeps one; else the balance is what the documents and payments add up to."""


class StandingEntry(Record):
    """What a party is to the manager beside holding accounts: a co-owner, a resident, a supplier, a board member.

    TENANT, OWNER, RESIDENT and HOLDER name an account, BOARD_MEMBER a community, SUPPLIER a community or nothing.
    """

    party: str
    role: PartyRole
    account: str | None = None
    community: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day."""


class InvoiceEntry(Record):
    """An invoice with its lines. What is paid follows from the book's allocations."""

    key: str
    account: str
    number: str
    kind: InvoiceKind = InvoiceKind.INVOICE
    status: InvoiceStatus
    title: str
    issued_on: date
    due_on: date
    later_due_on: date | None = None
    later_total: Money | None = None
    """What settles it after `due_on`: the total with its surcharge. Given together with `later_due_on`."""
    total: Money
    period_from: date | None = None
    period_to: date | None = None
    paid_at: datetime | None = None
    official_reference: OfficialReference | None = None
    lines: tuple[InvoiceLine, ...] = ()


class ChargeEntry(Record):
    """A charge."""

    key: str
    account: str
    description: str
    amount: Money
    charged_on: date
    status: ChargeStatus
    invoice: str | None = None


class PaymentEntry(Record):
    """A payment; what is unallocated follows from the book's allocations and from what was taken back."""

    key: str
    account: str
    amount: Money
    paid_at: datetime
    status: PaymentStatus
    method: str
    reference: str | None = None
    taken_back: Money | None = None
    """How much of it went back; None for nothing, or, if it is PARTIALLY_REFUNDED, for all that is not allocated."""


class AccrualEntry(Record):
    """An accrual."""

    key: str
    account: str
    month: str
    """``"2026-11"``."""
    title: TitleKind
    description: str
    amount: Money
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    invoice: str | None = None


class PaymentPlanEntry(Record):
    """A payment plan. Its total, what is paid and how many instalments it has follow from the book's instalments."""

    key: str
    account: str
    number: str
    status: PaymentPlanStatus
    agreed_on: date
    interest: Money
    invoices: tuple[str, ...] = ()


class InstalmentEntry(Record):
    """An instalment of a plan."""

    key: str
    plan: str
    position: int
    due_on: date
    amount: Money
    status: InstalmentStatus
    paid_at: datetime | None = None


class InterestRate(Record):
    """A row of the table of late interest, which is data of its own: rates change by decree."""

    valid_from: date
    valid_until: date | None = None
    """The last day; None while no end is known. Beyond the last row nothing is reckoned."""
    annual_rate: str
    """Percent a year, a plain decimal: ``"11.50"``."""
    source: str
    """Who says so, for whoever checks it."""


class EnrolmentEntry(Record):
    """An account's enrolment; kinds that the book does not tell are not active."""

    account: str
    kind: EnrolmentKind
    active: bool
    since: date | None = None
    cancelled_at: datetime | None = None
    channel: str | None = None


class MeterEntry(Record):
    """A meter."""

    key: str
    account: str
    number: str
    medium: Medium
    status: MeterStatus = MeterStatus.ACTIVE
    remote: bool = False
    registers: tuple[Register, ...]
    location: str | None = None
    installed_on: date
    removed_on: date | None = None
    verified_until: date | None = None
    replaces: str | None = None
    reading_window: ReadingWindow | None = None


class MeterReadingEntry(Record):
    """A reading; its account is that of its meter."""

    key: str
    meter: str
    read_on: date
    quality: ReadingQuality
    status: ReadingStatus
    values: tuple[RegisterValue, ...]


class UtilitySettlementEntry(Record):
    """A settlement; cost and advances follow from its lines."""

    key: str
    account: str
    number: str
    settled_on: date
    period_from: date
    period_to: date
    lines: tuple[SettlementLine, ...]
    invoice: str | None = None


class CommunityEntry(Record):
    """A community."""

    key: str
    name: str
    address: Address
    number: str | None = None


class BuildingEntry(Record):
    """A building."""

    key: str
    name: str
    address: Address
    geo: Geo | None = None
    built_in: int | None = None
    unit_count: int | None = None
    community: str | None = None


class SupplierInvoiceEntry(Record):
    """A supplier's invoice; `supplier` is a party, `community` the one that is billed."""

    key: str
    number: str
    supplier: str
    community: str | None = None
    title: str
    amount: Money
    issued_on: date
    due_on: date
    status: SupplierInvoiceStatus
    paid_on: date | None = None


class NoticeEntry(Record):
    """A notice with its audience: whoever has an account that meets all of what is given; nothing given is everybody.

    `accounts`, `buildings` and `communities` are met by an account that is one of them or is in any of them; a notice
    with neither is met by any account, known here or not, of whoever stands to it as one of `roles`.
    """

    key: str
    title: str
    body: str
    community: str | None = None
    """The community that speaks; None for the manager."""
    published_from: datetime
    visible_until: datetime | None = None
    accounts: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    roles: tuple[AccountRole, ...] = ()
    """Only who stands to the account as one of these; empty for anybody."""


class Book(Record):
    """Everything an office knows."""

    currency: str
    parties: tuple[Party, ...] = ()
    properties: tuple[Property, ...] = ()
    units: tuple[Unit, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    invoices: tuple[InvoiceEntry, ...] = ()
    charges: tuple[ChargeEntry, ...] = ()
    payments: tuple[PaymentEntry, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    accruals: tuple[AccrualEntry, ...] = ()
    payment_plans: tuple[PaymentPlanEntry, ...] = ()
    instalments: tuple[InstalmentEntry, ...] = ()
    interest_rates: tuple[InterestRate, ...] = ()
    enrolments: tuple[EnrolmentEntry, ...] = ()
    meters: tuple[MeterEntry, ...] = ()
    meter_readings: tuple[MeterReadingEntry, ...] = ()
    utility_settlements: tuple[UtilitySettlementEntry, ...] = ()
    communities: tuple[CommunityEntry, ...] = ()
    buildings: tuple[BuildingEntry, ...] = ()
    ownership_shares: tuple[OwnershipShare, ...] = ()
    notices: tuple[NoticeEntry, ...] = ()
    supplier_invoices: tuple[SupplierInvoiceEntry, ...] = ()
    standings: tuple[StandingEntry, ...] = ()
    """Beside those of the holders of accounts that are not CLOSED, from the day of opening to that of closing."""


@runtime_checkable
class Fillable(Protocol):
    """An office whose whole content can be set at once."""

    async def fill(self, book: Book) -> None:
        """Replace everything with `book`, in one transaction; a book that contradicts itself changes nothing."""
