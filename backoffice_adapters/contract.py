"""The contract of a back office: the page an adapter author reads.

**Lists in, aligned lists out.** Every reading method takes a sequence and answers a list of the same length in the
same order. Each position is a `Hit`: the value, ``None`` where the office has no such thing, or a `Fault` where this
one could not be read. Repeated keys repeat their answer; malformed keys are ``None``; an empty sequence answers an
empty list without asking anybody. Only what befalls the whole call is raised, as `OfficeError`.

**Capabilities.** Each method carries the capability it serves (``noun.verb``). A manifest says YES, NO or EMULATED for
each; what it does not name is NO. The gateway asks nothing that the manifest refuses.

**Lists are read by keyset**, never by offset: `Window.start` is the sort value and key of a row, the answer begins
after it, wherever that row is now, even if it is gone. Rows with equal sort values are ordered by key.

**What an adapter does not do**: no retries, no time-outs, no caching for outages, no concurrency limits. One guard
around every office does that. An adapter honours cancellation, and answers or raises. A method marked `safe` may be
asked again when the office was UNAVAILABLE or THROTTLED; after UNAUTHORIZED the office is opened anew, once.

Everything here needs the standard library and msgspec only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Protocol, TypeVar, runtime_checkable

import msgspec

from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Allocation,
    Balance,
    Charge,
    ChargeStatus,
    Invoice,
    InvoiceLine,
    Licence,
    Payment,
    PaymentStatus,
    Record,
    RecordMeta,
    Slice,
)

CONTRACT = (1, 0)
"""(major, minor): majors must be equal; an adapter's minor may be older than the gateway's."""

T = TypeVar("T")
Clock = Callable[[], datetime]
"""Tells the present as an aware UTC datetime. The only source of "now"."""


# -- answers -----------------------------------------------------------------------------------------------------


class FaultCode(StrEnum):
    """The closed set of what may go wrong at an office."""

    UNAVAILABLE = "unavailable"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNSUPPORTED = "unsupported"
    PROTOCOL = "protocol"
    OUTCOME_UNKNOWN = "outcome_unknown"


RETRYABLE = frozenset({FaultCode.UNAVAILABLE, FaultCode.THROTTLED, FaultCode.TIMEOUT})
"""What may succeed when asked again unchanged."""


class Fault(Record):
    """Why one position, or one call, has no answer. `detail` is for the operator's log and never leaves the house."""

    code: FaultCode
    detail: str = ""
    retry_after: float | None = None
    """Seconds, where the office said so."""


Hit = T | None | Fault
"""One position of an answer: a value, an absence, or why it could not be read."""


class OfficeError(Exception):
    """The whole call failed; `fault` says how."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.detail}")
        self.fault = fault


# -- questions ---------------------------------------------------------------------------------------------------


class Call(Record):
    """What every call carries beside its own arguments."""

    manager: str
    request_id: str
    locale: str
    today: date
    """The manager's local date: what "overdue" is measured by."""
    deadline: float
    """A monotonic instant (`time.monotonic()`); an answer after it is of no use to anybody."""


class Position(Record):
    """A place in an ordered list: the sort value (an ISO date or time) and the key of the row that stands there."""

    value: str
    key: str


class Window(Record):
    """Which part of an ordered list is wanted.

    Forwards: the first `limit` rows after `start`. Backwards: the last `limit` rows before `start`, still in the
    list's own order. Without `start`: from the beginning, or from the end.
    """

    limit: int
    start: Position | None = None
    backwards: bool = False
    count: bool = False


class DateSpan(Record):
    """From `since` to `until`, both inclusive; None leaves that side open."""

    since: date | None = None
    until: date | None = None


class InvoiceStatusFilter(StrEnum):
    """A state as people ask for it. OPEN is stored ISSUED; OVERDUE is what `Invoice.overdue_on` says of today."""

    OPEN = "OPEN"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    OVERDUE = "OVERDUE"
    IN_PLAN = "IN_PLAN"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class InvoiceFilter(Record):
    """Which invoices: all given conditions hold; within `statuses` any one. DRAFT is never listed."""

    statuses: tuple[InvoiceStatusFilter, ...] = ()
    issued: DateSpan = DateSpan()
    due: DateSpan = DateSpan()
    """By the first due date."""
    number: str | None = None
    """Exactly this printed number."""


class ChargeFilter(Record):
    """Which charges."""

    statuses: tuple[ChargeStatus, ...] = ()
    charged: DateSpan = DateSpan()


class PaymentFilter(Record):
    """Which payments; `paid` counts local dates of the manager."""

    statuses: tuple[PaymentStatus, ...] = ()
    paid: DateSpan = DateSpan()


class ListOrder(StrEnum):
    """A sort field and a direction, ``FIELD_ASC`` or ``FIELD_DESC``; the key breaks ties in the same direction."""

    @property
    def field(self) -> str:
        """The record's attribute that is sorted by."""
        return self.value.rpartition("_")[0].lower()

    @property
    def descending(self) -> bool:
        """Whether the greatest value comes first."""
        return self.value.endswith("_DESC")

    def position(self, record: Any) -> Position:
        """Where `record` stands in a list of this order."""
        return Position(value=getattr(record, self.field).isoformat(), key=record.key)


class InvoiceOrder(ListOrder):
    """How invoices are sorted."""

    ISSUED_ON_DESC = "ISSUED_ON_DESC"
    ISSUED_ON_ASC = "ISSUED_ON_ASC"
    DUE_ON_ASC = "DUE_ON_ASC"
    DUE_ON_DESC = "DUE_ON_DESC"


class ChargeOrder(ListOrder):
    """How charges are sorted."""

    CHARGED_ON_DESC = "CHARGED_ON_DESC"
    CHARGED_ON_ASC = "CHARGED_ON_ASC"


class PaymentOrder(ListOrder):
    """How payments are sorted."""

    PAID_AT_DESC = "PAID_AT_DESC"
    PAID_AT_ASC = "PAID_AT_ASC"


# -- what an office is -------------------------------------------------------------------------------------------


class Support(StrEnum):
    """Whether an office can do a thing itself, with the gateway's or another office's help, or not at all."""

    YES = "YES"
    NO = "NO"
    EMULATED = "EMULATED"


class Health(Record):
    """How an office is, told without touching anybody's data."""

    ok: bool
    detail: str = ""
    as_of: datetime | None = None


class Configuration(msgspec.Struct, metaclass=RecordMeta, forbid_unknown_fields=True):
    """Base of an adapter's own settings. A field annotated `Secret` holds the secret itself once the office is opened;
    in the manager's file it is a reference, ``env:NAME`` or ``file:PATH``."""


Secret = Annotated[str, msgspec.Meta(extra_json_schema={"writeOnly": True})]
"""A setting that is never shown, logged or stored in clear."""


class Setting(Record):
    """What an office is opened with."""

    manager: str
    office: str
    """Its name in the manager's configuration; what `Origin.source` says."""
    licences: frozenset[Licence]
    currency: str
    time_zone: str
    configuration: Any
    """An instance of the manifest's configuration type."""
    folder: Path
    """Where the office may keep files of its own."""
    clock: Clock


class Manifest(Record):
    """What an adapter says of itself before anybody opens an office."""

    name: str
    title: str
    version: str
    contract: tuple[int, int]
    licences: frozenset[Licence]
    capabilities: Mapping[str, Support]
    configuration: type[Configuration]
    max_batch: int = 1_000
    """The most parents or keys one call may carry; the gateway splits longer lists."""
    max_page: int = 1_000
    freshness_s: float = 0
    """How old an answer may be when the office is well: 0 for live data."""


Method = TypeVar("Method", bound=Callable[..., Any])


def capability(name: str, *, safe: bool = False) -> Callable[[Method], Method]:
    """Mark a contract method with the capability it serves; `safe` if it changes nothing and may be asked twice."""

    def mark(method: Method) -> Method:
        method.__capability__ = name  # type: ignore[attr-defined]  # the mark is what `capabilities_of` reads
        method.__safe__ = safe  # type: ignore[attr-defined]  # the mark is what `is_safe` reads
        return method

    return mark


def capabilities_of(protocol: type) -> dict[str, str]:
    """Method name → capability, for each method of `protocol` and its bases that carries one."""
    found = {name: getattr(getattr(protocol, name), "__capability__", None) for name in dir(protocol)}
    return {method: name for method, name in found.items() if name}


def is_safe(protocol: type, method: str) -> bool:
    """Whether `method` may be asked twice; what nobody marked so may not."""
    return getattr(getattr(protocol, method), "__safe__", False)


@runtime_checkable
class Office(Protocol):
    """Common to every office: a life and a pulse."""

    async def open(self) -> None:
        """Get ready; raise `OfficeError` if that cannot be (wrong credentials, no such database)."""

    async def close(self) -> None:
        """Let go of everything. Called once, also after a failed `open`."""

    async def health(self) -> Health:
        """Tell how the office is; never raises."""
        ...


class BillingOffice(Office, Protocol):
    """Accounts and their money: common to rent, community and utility offices."""

    @capability("accounts.read", safe=True)
    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        ...

    @capability("accounts.find", safe=True)
    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these printed numbers, compared without spaces and punctuation."""
        ...

    @capability("balances.read", safe=True)
    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """What each account owes or is owed, what is overdue and what falls due next.

        Here and wherever accounts are given: a reference to another office's account is None.
        """
        ...

    @capability("invoices.list", safe=True)
    async def invoices(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: InvoiceFilter,
        order: InvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each account's invoices. An account that is not known is None; one without invoices is empty."""
        ...

    @capability("invoices.read", safe=True)
    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The invoices with these keys, DRAFT excepted."""
        ...

    @capability("invoices.lines", safe=True)
    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each invoice, by position; of a DRAFT None, as if it were not there."""
        ...

    @capability("invoices.allocations", safe=True)
    async def invoice_allocations(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What was matched with each invoice, oldest first: of payments that count, so their sum is its `paid`."""
        ...

    @capability("charges.list", safe=True)
    async def charges(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: ChargeFilter,
        order: ChargeOrder,
        window: Window,
    ) -> list[Hit[Slice[Charge]]]:
        """A part of each account's charges."""
        ...

    @capability("charges.read", safe=True)
    async def charges_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Charge]]:
        """The charges with these keys."""
        ...

    @capability("payments.list", safe=True)
    async def payments(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentFilter,
        order: PaymentOrder,
        window: Window,
    ) -> list[Hit[Slice[Payment]]]:
        """A part of each account's payments."""
        ...

    @capability("payments.read", safe=True)
    async def payments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Payment]]:
        """The payments with these keys."""
        ...

    @capability("payments.allocations", safe=True)
    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with, oldest first, whatever its state."""
        ...


class RentOffice(BillingOffice, Protocol):
    """Leases and titles to rented premises."""


class CommunityOffice(BillingOffice, Protocol):
    """Communities of owners and their shares in the costs."""


class UtilityOffice(BillingOffice, Protocol):
    """Supplies: water, heat, electricity, gas."""


class MaintenanceOffice(Office, Protocol):
    """Failure reports and work orders. It keeps no accounts, so it is nobody's home office."""


PROTOCOLS: Mapping[Licence, type] = {
    Licence.RENT: RentOffice,
    Licence.COMMUNITY: CommunityOffice,
    Licence.UTILITY: UtilityOffice,
    Licence.MAINTENANCE: MaintenanceOffice,
}


class Adapter(Protocol):
    """What an entry point of the group ``ventanilla.adapters`` names: a manifest, and a maker of offices."""

    @property
    def manifest(self) -> Manifest:
        """What the adapter can do, known without opening anything."""
        ...

    def office(self, setting: Setting) -> Office:
        """Make an office; nothing is touched before its `open`."""
        ...


GROUP: Final = "ventanilla.adapters"
"""The entry-point group that adapters are found in, ours and anybody else's."""
