"""The contract of a back office: the page an adapter author reads.

**Lists in, aligned lists out.** Every reading method takes a sequence and answers a list of the same length in the
same order. Each position is a `Hit`: the value, ``None`` where the office has no such thing, or a `Fault` where this
one could not be read. Repeated keys repeat their answer; malformed keys are ``None``; an empty sequence answers an
empty list without asking anybody. Only what befalls the whole call is raised, as `OfficeError`.

**Capabilities.** Each method carries the capability it serves (``noun.verb``). A manifest says YES, NO or EMULATED for
each; what it does not name is NO. The gateway asks nothing that the manifest refuses.

**Lists are read by keyset**, never by offset: `Window.start` is the sort value and key of a row, the answer begins
after it, wherever that row is now, even if it is gone. Rows with equal sort values are ordered by key.

**What changed since** is read from a journal that an office keeps for each kind: every record stands there once, with
the number of its last change, and one that changes moves to the end. Reading it from the beginning tells everything
once; the mark of the last page, asked with later, tells what changed since. A change is one of anything that the
record tells, except what follows from the date alone (`Invoice.overdue_on`). What is gone is told once as removed,
whatever the filter. A filter passes over what it does not find, and the mark with it. What the office commits later
stands later in the journal, so that nobody who reads while others write misses anything. A mark of another journal,
or one that the office did not make, is INVALID.

**Less than a record**: `Call.wanted` names the attributes that will be read. Whoever pays for each may leave out the
others (`UNREAD`), and may hand a list over as the rows that it stands for (`records/rows.py`). Nobody has to.

**Writes** are told by the key that each item carries: an item is done exactly once under it, whole or not at all, each
by itself, so that one which cannot be done leaves the others alone. The same key with the same content, also at the
same time and from another process, answers what was done and that it was `replayed`; with other content it is CONFLICT.
What was refused is not remembered. An answer is given once nothing can undo it, and is never None. Any fault but
OUTCOME_UNKNOWN says that nothing was done, so whoever cannot tell answers that one, after a connection that was cut off
as well as after a commit without an answer; asking again with the same key settles it.

**What an adapter does not do**: no retries, no time-outs, no caching for outages, no concurrency limits. One guard
around every office does that. An adapter honours cancellation, and answers or raises. A method marked `safe` may be
asked again when the office was UNAVAILABLE or THROTTLED; after UNAUTHORIZED the office is opened anew, once.

Everything here needs the standard library and msgspec only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from ventanilla.backoffice_adapters.answers import RETRYABLE, Fault, FaultCode, Hit, OfficeError
from ventanilla.backoffice_adapters.manifest import (
    CONTRACT,
    Clock,
    Configuration,
    Health,
    Manifest,
    Secret,
    Setting,
    Support,
)
from ventanilla.backoffice_adapters.questions import (
    AccountFilter,
    AccrualFilter,
    AccrualOrder,
    ArrearsOrder,
    Call,
    ChangeWindow,
    ChargeFilter,
    ChargeOrder,
    DateSpan,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    ListOrder,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    MonthSpan,
    NoticeOrder,
    PartyFilter,
    PartyOrder,
    PaymentFilter,
    PaymentOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    Position,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Accrual,
    Allocation,
    Balance,
    Building,
    ChangeMark,
    Changes,
    Charge,
    Community,
    CommunityArrears,
    CommunityFinances,
    Contractor,
    Enrolment,
    Instalment,
    InterestAccrual,
    Invoice,
    InvoiceLine,
    Licence,
    Meter,
    MeterReading,
    NewPayment,
    NewReversal,
    Notice,
    OwnershipShare,
    Payment,
    PaymentPlan,
    PostedPayment,
    Reader,
    Slice,
    SupplierInvoice,
    UtilitySettlement,
)

__all__ = [
    "CONTRACT",
    "GROUP",
    "PROTOCOLS",
    "RETRYABLE",
    "AccountFilter",
    "AccrualFilter",
    "AccrualOrder",
    "Adapter",
    "ArrearsOrder",
    "BillingOffice",
    "Call",
    "ChangeMark",
    "ChangeWindow",
    "Changes",
    "ChargeFilter",
    "ChargeOrder",
    "Clock",
    "CommunityOffice",
    "Configuration",
    "DateSpan",
    "Fault",
    "FaultCode",
    "Health",
    "Hit",
    "InvoiceFilter",
    "InvoiceOrder",
    "InvoiceStatusFilter",
    "ListOrder",
    "MaintenanceOffice",
    "Manifest",
    "MeterFilter",
    "MeterOrder",
    "MeterReadingFilter",
    "MeterReadingOrder",
    "MonthSpan",
    "NoticeOrder",
    "Office",
    "OfficeError",
    "PartyFilter",
    "PartyOffice",
    "PartyOrder",
    "PaymentFilter",
    "PaymentOrder",
    "PaymentPlanFilter",
    "PaymentPlanOrder",
    "Position",
    "RentOffice",
    "Secret",
    "Setting",
    "SupplierInvoiceFilter",
    "SupplierInvoiceOrder",
    "Support",
    "UtilityOffice",
    "UtilitySettlementFilter",
    "UtilitySettlementOrder",
    "Window",
    "capabilities_of",
    "capability",
    "is_safe",
]

# -- what an office is -------------------------------------------------------------------------------------------


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


class PartyOffice(Office, Protocol):
    """Whom an office knows: common to every licence. For staff alone; what is said here lets people in."""

    @capability("parties.list", safe=True)
    async def parties(self, call: Call, wheres: Sequence[PartyFilter], window: Window) -> list[Hit[Slice[Contractor]]]:
        """A part of those whom each filter finds, by name as code points sort, then by key.

        That is `PartyOrder.NAME_ASC`: a position's value is the name. A filter that finds nobody has an empty part,
        never None.
        """
        ...

    @capability("parties.read", safe=True)
    async def parties_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Contractor]]:
        """The parties with these keys, those without any standing too."""
        ...

    @capability("supplier_invoices.list", safe=True)
    async def supplier_invoices_of_parties(
        self,
        call: Call,
        parties: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what each party billed. A party that is not known is None; one that billed nothing is empty."""
        ...


class BillingOffice(PartyOffice, Protocol):
    """Accounts and their money: common to rent, community and utility offices."""

    @capability("accounts.read", safe=True)
    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        ...

    @capability("accounts.find", safe=True)
    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these printed numbers, compared without spaces and punctuation."""
        ...

    @capability("accounts.changes", safe=True)
    async def changed_accounts(
        self, call: Call, wheres: Sequence[AccountFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Account]]]:
        """What became of the accounts that each filter finds."""
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

    @capability("invoices.changes", safe=True)
    async def changed_invoices(
        self, call: Call, wheres: Sequence[InvoiceFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Invoice]]]:
        """What became of the invoices that each filter finds. DRAFT is never told: one that turns DRAFT is removed."""
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

    @capability("charges.changes", safe=True)
    async def changed_charges(
        self, call: Call, wheres: Sequence[ChargeFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Charge]]]:
        """What became of the charges that each filter finds."""
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

    @capability("payments.changes", safe=True)
    async def changed_payments(
        self, call: Call, wheres: Sequence[PaymentFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Payment]]]:
        """What became of the payments that each filter finds."""
        ...

    @capability("payments.allocations", safe=True)
    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with, oldest first, whatever its state."""
        ...

    @capability("payments.post")
    async def post_payments(self, call: Call, payments: Sequence[NewPayment]) -> list[Hit[PostedPayment]]:
        """Book each payment, CONFIRMED, and match it with its items in their order.

        An item takes as much as its invoice is open on the payment's local day, at most its own amount; what is DRAFT,
        CANCELLED, IN_PLAN, PAID or a credit note takes nothing. What is left is the account's credit, `unallocated`.
        An invoice is PAID once nothing of it is open on that day, else PARTIALLY_PAID; balances follow, also the
        office's own figure. INVALID: an account or an invoice that is not known, an invoice of another account,
        another currency, an amount that is not positive, items that add up to more than the amount, a malformed key.
        """
        ...

    @capability("payments.reverse")
    async def reverse_payments(self, call: Call, reversals: Sequence[NewReversal]) -> list[Hit[PostedPayment]]:
        """Take back all or a part of each payment: first what is unallocated, then of its latest allocation first.

        The payment becomes REFUNDED or, with something left, PARTIALLY_REFUNDED; taken back by the payer's bank it is
        REVERSED. Its allocations shrink and end; a PAID invoice that loses some of its money is PARTIALLY_PAID again,
        or ISSUED with none left. NOT_FOUND: a payment that is not known. INVALID: one that does not count, more than
        is left of it, less than that for a REVERSAL, another currency, an amount that is not positive.
        """
        ...

    @capability("accruals.list", safe=True)
    async def accruals(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: AccrualFilter,
        order: AccrualOrder,
        window: Window,
    ) -> list[Hit[Slice[Accrual]]]:
        """A part of each account's accruals."""
        ...

    @capability("accruals.read", safe=True)
    async def accruals_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Accrual]]:
        """The accruals with these keys."""
        ...

    @capability("payment_plans.list", safe=True)
    async def payment_plans(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentPlanFilter,
        order: PaymentPlanOrder,
        window: Window,
    ) -> list[Hit[Slice[PaymentPlan]]]:
        """A part of each account's payment plans."""
        ...

    @capability("payment_plans.read", safe=True)
    async def payment_plans_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[PaymentPlan]]:
        """The payment plans with these keys."""
        ...

    @capability("payment_plans.instalments", safe=True)
    async def plan_instalments(self, call: Call, plans: Sequence[str]) -> list[Hit[tuple[Instalment, ...]]]:
        """The instalments of each plan, by position; they add up to its total."""
        ...

    @capability("payment_plans.instalments", safe=True)
    async def instalments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Instalment]]:
        """The instalments with these keys."""
        ...

    @capability("interest.read", safe=True)
    async def late_interest(self, call: Call, invoices: Sequence[str]) -> list[Hit[InterestAccrual]]:
        """The late interest of each invoice up to the day of the call, or the earlier day that settled it.

        `records.InterestAccrual` says how it is reckoned. None where nothing accrues: what was never open after its
        first due date, credit notes, and what is DRAFT, CANCELLED or IN_PLAN (a plan has its own interest).
        """
        ...

    @capability("enrolments.read", safe=True)
    async def enrolments(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[tuple[Enrolment, ...]]]:
        """What each account is enrolled in: one of each `EnrolmentKind` in the enum's order, active or not."""
        ...

    @capability("buildings.read", safe=True)
    async def buildings(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Building]]:
        """The building that each account's unit is in; None for an account without."""
        ...

    @capability("notices.list", safe=True)
    async def notices(
        self, call: Call, readers: Sequence[Reader], order: NoticeOrder, window: Window
    ) -> list[Hit[Slice[Notice]]]:
        """A part of what each reader may see at `Call.now`: notices whose window is open and whose audience has them.

        A window is open from `published_from` on, and before `visible_until`. What is meant for everybody is seen by
        any reader with an account, known here or not. A reader without any account is None.
        """
        ...

    @capability("notices.read", safe=True)
    async def notices_by_key(self, call: Call, keys: Sequence[str], reader: Reader) -> list[Hit[Notice]]:
        """The notices with these keys, as far as `reader` may see them at `Call.now`."""
        ...


class RentOffice(BillingOffice, Protocol):
    """Leases and titles to rented premises."""


class CommunityOffice(BillingOffice, Protocol):
    """Communities of owners and their shares in the costs."""

    @capability("communities.read", safe=True)
    async def communities(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Community]]:
        """The community that each account's building belongs to; None for an account without."""
        ...

    @capability("communities.read", safe=True)
    async def communities_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Community]]:
        """The communities with these keys."""
        ...

    @capability("communities.buildings", safe=True)
    async def community_buildings(self, call: Call, communities: Sequence[str]) -> list[Hit[tuple[Building, ...]]]:
        """The buildings of each community, by name as code points sort, then by key."""
        ...

    @capability("communities.finances", safe=True)
    async def community_finances(self, call: Call, communities: Sequence[str]) -> list[Hit[CommunityFinances]]:
        """How each community stands on the day of the call."""
        ...

    @capability("communities.arrears", safe=True)
    async def community_arrears(
        self, call: Call, communities: Sequence[str], order: ArrearsOrder, window: Window
    ) -> list[Hit[Slice[CommunityArrears]]]:
        """A part of the accounts of each community with something overdue on the day of the call."""
        ...

    @capability("communities.supplier_invoices", safe=True)
    async def supplier_invoices(
        self,
        call: Call,
        communities: Sequence[str],
        where: SupplierInvoiceFilter,
        order: SupplierInvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[SupplierInvoice]]]:
        """A part of what suppliers billed each community. One that is not known is None; one never billed is empty."""
        ...

    @capability("shares.read", safe=True)
    async def ownership_shares(
        self, call: Call, accounts: Sequence[AccountRef]
    ) -> list[Hit[tuple[OwnershipShare, ...]]]:
        """The shares that are held through each account's unit, by key; empty for an account without a unit."""
        ...


class UtilityOffice(BillingOffice, Protocol):
    """Supplies: water, heat, electricity, gas."""

    @capability("meters.list", safe=True)
    async def meters(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: MeterFilter,
        order: MeterOrder,
        window: Window,
    ) -> list[Hit[Slice[Meter]]]:
        """A part of each account's meters, those that were removed among them."""
        ...

    @capability("meters.read", safe=True)
    async def meters_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Meter]]:
        """The meters with these keys."""
        ...

    @capability("meter_readings.list", safe=True)
    async def meter_readings(
        self,
        call: Call,
        meters: Sequence[str],
        where: MeterReadingFilter,
        order: MeterReadingOrder,
        window: Window,
    ) -> list[Hit[Slice[MeterReading]]]:
        """A part of each meter's readings. A meter that is not known is None; one never read is empty."""
        ...

    @capability("meter_readings.read", safe=True)
    async def meter_readings_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[MeterReading]]:
        """The readings with these keys."""
        ...

    @capability("meter_readings.changes", safe=True)
    async def changed_meter_readings(
        self, call: Call, wheres: Sequence[MeterReadingFilter], window: ChangeWindow
    ) -> list[Hit[Changes[MeterReading]]]:
        """What became of the readings that each filter finds."""
        ...

    @capability("utility_settlements.list", safe=True)
    async def utility_settlements(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: UtilitySettlementFilter,
        order: UtilitySettlementOrder,
        window: Window,
    ) -> list[Hit[Slice[UtilitySettlement]]]:
        """A part of each account's settlements."""
        ...

    @capability("utility_settlements.read", safe=True)
    async def utility_settlements_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[UtilitySettlement]]:
        """The settlements with these keys."""
        ...


class MaintenanceOffice(PartyOffice, Protocol):
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
