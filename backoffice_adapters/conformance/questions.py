"""What an office can be asked: every method of the contract with subjects that the reference book has answers to."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.conformance.book import filters, readers
from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    AccrualFilter,
    AccrualOrder,
    ArrearsOrder,
    ChangeWindow,
    ChargeFilter,
    ChargeOrder,
    InvoiceFilter,
    InvoiceOrder,
    ListOrder,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    NoticeOrder,
    PartyFilter,
    PartyOrder,
    PaymentFilter,
    PaymentOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    SupplierInvoiceFilter,
    SupplierInvoiceOrder,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    AccountRole,
    InvoiceStatus,
    Reader,
    ReaderStanding,
    Record,
)

OFFICE = "office"
"""The name of each office in its manager's configuration."""


class Kind(Enum):
    """What a method is asked about."""

    KEY = "key"
    ACCOUNT = "account"
    READER = "reader"
    FILTER = "filter"


class Question(Record):
    """A method with subjects that have answers, and the arguments to ask it with."""

    method: str
    subjects: tuple[Any, ...]
    args: tuple[Any, ...] = ()
    kind: Kind = Kind.KEY

    @property
    def window(self) -> Window | None:
        """The part of a list that is asked for; None where no list is answered."""
        return next((arg for arg in self.args if isinstance(arg, Window)), None)

    def like(self, key: str) -> Any:
        """A subject that no book has: `key` in place of a known subject's own."""
        if self.kind is Kind.KEY:
            return key
        if self.kind is Kind.FILTER:
            return PartyFilter(text=key)
        if self.kind is Kind.READER:
            return Reader(standings=(ReaderStanding(account=_stranger(key), role=AccountRole.HOLDER),))
        return replace(self.subjects[0], key=key) if self.subjects else _stranger(key)

    def absent(self, key: str) -> Any:
        """A subject whose answer is None. A reader of any account sees what is for everybody; one of none does not.

        No filter is one: who finds nobody gets an empty part.
        """
        return Reader(standings=()) if self.kind is Kind.READER else self.like(key)


def _stranger(key: str) -> AccountRef:
    return AccountRef(office=OFFICE, key=key, number=key)


class Listing(Record):
    """A list that is read in windows: its method, its orders, and a filter that lets everything through."""

    method: str
    """Also the book's field that holds the rows, unless `rows` names another."""
    orders: type[ListOrder]
    where: Any = None
    """None where the list takes no filter."""
    kind: Kind = Kind.ACCOUNT
    owners: str = ""
    """The book's field whose keys are asked about, of a list that hangs on a key."""
    rows: str = ""

    ordered: bool = True
    """Whether the method is told the order; else there is only one."""

    def args(self, order: ListOrder, window: Window) -> tuple[Any, ...]:
        """What the method takes beside the call and its subjects."""
        if not self.ordered:
            return (window,)
        return (order, window) if self.where is None else (self.where, order, window)


LISTINGS: Final = (
    Listing(method="invoices", orders=InvoiceOrder, where=InvoiceFilter()),
    Listing(method="charges", orders=ChargeOrder, where=ChargeFilter()),
    Listing(method="payments", orders=PaymentOrder, where=PaymentFilter()),
    Listing(method="accruals", orders=AccrualOrder, where=AccrualFilter()),
    Listing(method="payment_plans", orders=PaymentPlanOrder, where=PaymentPlanFilter()),
    Listing(method="meters", orders=MeterOrder, where=MeterFilter()),
    Listing(
        method="meter_readings", orders=MeterReadingOrder, where=MeterReadingFilter(), kind=Kind.KEY, owners="meters"
    ),
    Listing(method="utility_settlements", orders=UtilitySettlementOrder, where=UtilitySettlementFilter()),
    Listing(method="notices", orders=NoticeOrder, kind=Kind.READER),
    Listing(method="parties", orders=PartyOrder, kind=Kind.FILTER, ordered=False),
    Listing(method="community_arrears", orders=ArrearsOrder, kind=Kind.KEY, owners="communities", rows="communities"),
    Listing(
        method="supplier_invoices",
        orders=SupplierInvoiceOrder,
        where=SupplierInvoiceFilter(),
        kind=Kind.KEY,
        owners="communities",
    ),
    Listing(
        method="supplier_invoices_of_parties",
        orders=SupplierInvoiceOrder,
        where=SupplierInvoiceFilter(),
        kind=Kind.KEY,
        owners="parties",
        rows="supplier_invoices",
    ),
)
"""Every list of the contract."""


class Tracked(Record):
    """A journal of changes."""

    method: str
    where: Any
    """A filter that lets everything through."""
    rows: str
    """The book's field that holds what it tells of."""


JOURNALS: Final = (
    Tracked(method="changed_accounts", where=AccountFilter(), rows="accounts"),
    Tracked(method="changed_invoices", where=InvoiceFilter(), rows="invoices"),
    Tracked(method="changed_charges", where=ChargeFilter(), rows="charges"),
    Tracked(method="changed_payments", where=PaymentFilter(), rows="payments"),
    Tracked(method="changed_meter_readings", where=MeterReadingFilter(), rows="meter_readings"),
)
"""Every journal of the contract."""
_OF_ACCOUNTS = ("balances", "enrolments", "buildings", "communities", "ownership_shares")
_OF_INVOICES = ("invoices_by_key", "invoice_lines", "invoice_allocations", "late_interest")
_BY_KEY = {
    "parties_by_key": "parties",
    "accounts": "accounts",
    "charges_by_key": "charges",
    "payments_by_key": "payments",
    "payment_allocations": "payments",
    "accruals_by_key": "accruals",
    "payment_plans_by_key": "payment_plans",
    "plan_instalments": "payment_plans",
    "instalments_by_key": "instalments",
    "communities_by_key": "communities",
    "community_buildings": "communities",
    "community_finances": "communities",
    "meters_by_key": "meters",
    "meter_readings_by_key": "meter_readings",
    "utility_settlements_by_key": "utility_settlements",
}
"""Method → the book's field whose keys it takes."""


def every_question(book: Book, accounts: Sequence[AccountRef], page: Window) -> list[Question]:
    """One question for each method of the contract but the journals; lists are asked for by `page`."""
    shown = tuple(entry.key for entry in book.invoices if entry.status is not InvoiceStatus.DRAFT)
    numbers = tuple(entry.number for entry in book.accounts)
    reader = readers(accounts)[0]
    return [
        *(Question(method=method, subjects=_keys(book, field)) for method, field in _BY_KEY.items()),
        Question(method="find_accounts", subjects=numbers),
        *(Question(method=method, subjects=tuple(accounts), kind=Kind.ACCOUNT) for method in _OF_ACCOUNTS),
        *(Question(method=method, subjects=shown) for method in _OF_INVOICES),
        Question(method="notices_by_key", subjects=_keys(book, "notices"), args=(reader,)),
        *(_listed(listing, book, accounts, page) for listing in LISTINGS),
    ]


def every_journal(page: ChangeWindow) -> list[Question]:
    """One question for each journal. No two offices tell the same marks, so answers are compared with others only by
    what they hold."""
    return [Question(method=one.method, subjects=(one.where,), args=(page,), kind=Kind.FILTER) for one in JOURNALS]


def _listed(listing: Listing, book: Book, accounts: Sequence[AccountRef], page: Window) -> Question:
    order = next(iter(listing.orders))
    subjects = parents(listing, book, accounts)
    return Question(method=listing.method, subjects=subjects, args=listing.args(order, page), kind=listing.kind)


def parents(listing: Listing, book: Book, accounts: Sequence[AccountRef]) -> tuple[Any, ...]:
    """Whose rows are listed: accounts, readers, or what a key names. The first has most."""
    if listing.kind is Kind.READER:
        return readers(accounts)
    if listing.kind is Kind.FILTER:
        return filters()
    return tuple(accounts) if listing.kind is Kind.ACCOUNT else _keys(book, listing.owners)


def _keys(book: Book, field: str) -> tuple[str, ...]:
    return tuple(entry.key for entry in getattr(book, field))
