"""What offices answer: frozen records that travel unchanged from the office to the encoder.

On the wire (an office in another process) the same records are JSON with camel-case keys; unknown keys are
ignored, so that an office may be newer than the gateway. Money is integer minor units, dates are local dates of
the manager, timestamps are aware UTC. `key` is always the office's own key, at most 120 characters.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, dataclass_transform

import msgspec

from ventanilla.backoffice_adapters.money import Money

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class RecordMeta(msgspec.StructMeta):
    """Make every record immutable and keyword-only without saying so at each class."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> RecordMeta:
        """Create the struct type; a class may still overrule the defaults."""
        merged: dict[str, Any] = {"frozen": True, "kw_only": True, **options}
        return super().__new__(cls, name, bases, namespace, **merged)


class Record(msgspec.Struct, metaclass=RecordMeta, rename="camel"):
    """The common shape: immutable, keyword-only, camel-case on the wire."""


class Licence(StrEnum):
    """What a manager is licensed for; each licence held is served by one office."""

    RENT = "RENT"
    COMMUNITY = "COMMUNITY"
    UTILITY = "UTILITY"
    MAINTENANCE = "MAINTENANCE"


class Origin(Record):
    """Where a record came from and how old it is. One object is shared by all records of an answer.

    `source` is the office's name in the manager's configuration; `as_of` the moment the data was true there (the
    time of the export file for a file drop); `stale` that the office did not answer and this is what it said last.
    """

    source: str
    as_of: datetime
    stale: bool = False


class Sourced(Record):
    """A record that was read from an office and can tell its age."""

    key: str
    origin: Origin


# -- people and places -------------------------------------------------------------------------------------------


class PartyKind(StrEnum):
    """Whether a party is a human being or an organisation."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"


class Party(Record):
    """The business side of a person or company: whom the office knows as tenant, owner, customer or supplier."""

    key: str
    name: str
    kind: PartyKind = PartyKind.PERSON
    document_type: str | None = None
    """The kind of identity number, as its country calls it: DNI, CUIT, CC, NIT, PESEL, NIP."""
    document_number: str | None = None
    email: str | None = None
    phone: str | None = None


class Address(Record):
    """A postal address; `lines` are the street lines as they are written in its country."""

    lines: tuple[str, ...]
    locality: str
    region: str | None = None
    postal_code: str | None = None
    country: str
    """ISO 3166-1 alpha-2."""


class Geo(Record):
    """A point on the map, WGS 84 degrees."""

    latitude: float
    longitude: float


class Property(Record):
    """A building, estate or plot with an address."""

    key: str
    name: str
    address: Address
    geo: Geo | None = None


class UnitKind(StrEnum):
    """What a unit is used as."""

    FLAT = "FLAT"
    HOUSE = "HOUSE"
    SHOP = "SHOP"
    OFFICE = "OFFICE"
    GARAGE = "GARAGE"
    STORAGE = "STORAGE"
    PLOT = "PLOT"


class Unit(Record):
    """One set of premises inside a property; `label` is what stands on its door or in the register."""

    key: str
    label: str
    kind: UnitKind
    area_m2: str | None = None
    """Floor area in square metres, a plain decimal such as ``"54.30"``."""


# -- accounts ----------------------------------------------------------------------------------------------------


class AccountStatus(StrEnum):
    """Whether an account still runs."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class AccountRole(StrEnum):
    """As what a person stands to an account."""

    HOLDER = "HOLDER"
    TENANT = "TENANT"
    OWNER = "OWNER"
    RESIDENT = "RESIDENT"


class AccountRef(Record):
    """An account as an office is told of it.

    `office` and `key` say where and as what it is known: at home its own key; at another office, to which the manager
    routes a capability, what the manager's configuration matches on (the number, the unit, the holder's document).
    """

    office: str
    key: str
    number: str
    unit_key: str | None = None
    holder_document: str | None = None


class Account(Sourced):
    """One supply, or one title to premises. All its money comes from its home office, `origin.source`."""

    number: str
    """The number printed on papers; what people type to find their account."""
    licence: Licence
    status: AccountStatus
    title: str
    """What the account is for, in the manager's language: "Suministro de agua", "Lokal mieszkalny"."""
    holder: Party
    currency: str
    unit: Unit | None = None
    place: Property | None = None
    """The property the account belongs to (`property` in the schema)."""
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def ref(self) -> AccountRef:
        """This account as other calls and other offices take it."""
        return AccountRef(
            office=self.origin.source,
            key=self.key,
            number=self.number,
            unit_key=self.unit.key if self.unit else None,
            holder_document=self.holder.document_number,
        )


class BalanceSide(StrEnum):
    """Who owes whom: DEBT the customer owes, CREDIT the manager owes, SETTLED nobody."""

    DEBT = "DEBT"
    CREDIT = "CREDIT"
    SETTLED = "SETTLED"


class Overdue(Record):
    """What is past its due date: nothing overdue is amount zero, no date, zero documents."""

    amount: Money
    oldest_due_on: date | None
    document_count: int


class DueItem(Record):
    """One coming due date: how much falls due then, and for which invoice."""

    due_on: date
    amount: Money
    invoice_key: str


class Balance(Sourced):
    """An account's standing. `key` is the account's key; `amount` is positive for debt, negative for credit."""

    amount: Money
    """The office's own figure, or Σ open of invoices (ISSUED, PARTIALLY_PAID, IN_PLAN) less Σ open of credit notes and
    Σ unallocated of payments that count."""
    overdue: Overdue
    next_due: tuple[DueItem, ...]
    """Invoices ISSUED or PARTIALLY_PAID and not yet overdue, soonest first, at most twelve."""

    @property
    def side(self) -> BalanceSide:
        """The sign of `amount` in a word."""
        if not self.amount:
            return BalanceSide.SETTLED
        return BalanceSide.DEBT if self.amount.minor > 0 else BalanceSide.CREDIT


# -- invoices ----------------------------------------------------------------------------------------------------


class InvoiceKind(StrEnum):
    """What kind of debt document it is; amounts are never negative, a credit note is a kind of its own."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"
    DEBIT_NOTE = "DEBIT_NOTE"


class InvoiceStatus(StrEnum):
    """The stored state; whether an invoice is overdue is derived from it and the date (`Invoice.overdue_on`)."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    IN_PLAN = "IN_PLAN"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class DueDate(Record):
    """Until `due_on` (inclusive) the invoice is settled by `amount`."""

    due_on: date
    amount: Money


class OfficialReference(Record):
    """The number a tax authority gave a document: CAE, CUFE, KSeF. Carried, never computed."""

    scheme: str
    value: str
    url: str | None = None


class Invoice(Sourced):
    """A debt document of an account. `total` is what its lines add up to and what the first due date asks for."""

    account_key: str
    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    title: str
    issued_on: date
    due_dates: tuple[DueDate, ...]
    """One or more, ascending. A later one may ask for more (a surcharge), never for less."""
    total: Money
    paid: Money
    """Σ of its allocations."""
    open: Money
    """What settles it today: the amount of the first due date not yet past (else the last one), less `paid`;
    zero when PAID or CANCELLED, never negative."""
    period_from: date | None = None
    period_to: date | None = None
    paid_at: datetime | None = None
    official_reference: OfficialReference | None = None

    @property
    def due_on(self) -> date:
        """The first due date: the day after it the invoice is overdue."""
        return self.due_dates[0].due_on

    def overdue_on(self, today: date) -> bool:
        """Whether it is overdue on the manager's local date `today`. What gives money back never is."""
        return (
            self.status in {InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID}
            and self.kind is not InvoiceKind.CREDIT_NOTE
            and today > self.due_on
        )


class InvoiceLine(Record):
    """One line of an invoice; the lines of an invoice add up to its total to the minor unit."""

    position: int
    description: str
    amount: Money
    """With tax; negative for a discount or a credit applied."""
    quantity: str | None = None
    """A plain decimal such as ``"12.500"``."""
    unit: str | None = None
    """What is counted: m³, month, kWh."""
    unit_price: str | None = None
    """Net, in major units; may be finer than the currency."""
    tax_rate: str | None = None
    """Percent as a plain decimal, ``"21"``."""


class ChargeStatus(StrEnum):
    """A charge becomes part of an invoice, or is cancelled before."""

    PENDING = "PENDING"
    INVOICED = "INVOICED"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"


class Charge(Sourced):
    """Something an account will be asked to pay that is not invoiced yet."""

    account_key: str
    description: str
    amount: Money
    charged_on: date
    status: ChargeStatus
    invoice_key: str | None = None


class PaymentStatus(StrEnum):
    """Where a payment stands; only CONFIRMED and SETTLED count as paid."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    SETTLED = "SETTLED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    REVERSED = "REVERSED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    REVIEW = "REVIEW"


class Payment(Sourced):
    """Money received for an account."""

    account_key: str
    amount: Money
    paid_at: datetime
    status: PaymentStatus
    method: str
    """How it came, in the manager's language: "Transferencia", "Pago Fácil", "przelew"."""
    reference: str | None = None
    unallocated: Money
    """What is not yet matched with any document: the account's credit from this payment."""


class Allocation(Record):
    """A part of a payment that settles a part of an invoice."""

    payment_key: str
    invoice_key: str
    amount: Money
    allocated_on: date


# -- lists -------------------------------------------------------------------------------------------------------


class Slice(Record, Generic[T]):
    """A part of an ordered list. `more` tells whether rows lie beyond it in the direction that was read."""

    items: tuple[T, ...]
    more: bool
    count: int | None = None
    """All rows that match the filter, whatever the window; None unless asked for."""
