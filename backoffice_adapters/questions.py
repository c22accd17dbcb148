"""What an office is asked with: the call itself, windows, filters and orders."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    ChangeMark,
    ChargeStatus,
    Medium,
    MeterStatus,
    PartyRole,
    PaymentPlanStatus,
    PaymentStatus,
    ReadingStatus,
    Record,
    SupplierInvoiceStatus,
    TitleKind,
)


class Call(Record):
    """What every call carries beside its own arguments."""

    manager: str
    request_id: str
    locale: str
    now: datetime
    """The moment of the request, aware UTC: what a notice's window is measured by."""
    today: date
    """Its local date at the manager: what "overdue" is measured by."""
    deadline: float
    """A monotonic instant (`time.monotonic()`); an answer after it is of no use to anybody."""
    wanted: frozenset[str] | None = None
    """The attributes that will be read of the records of a list, or of what hangs on records; None for all.

    An office need not look: but one that pays for each column may leave out the others, which are `UNREAD` then.
    Besides, it always tells ``key``, ``origin`` and what says whose a record is (``account_key``, ``plan_key``,
    ``meter_key``, ``community_key``, ``supplier_key``). A name that it does not know wants all.
    """


class Position(Record):
    """A place in an ordered list: the sort value (an ISO month, date or time) and the key of the row standing there."""

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


class ChangeWindow(Record):
    """Which part of a journal of changes is wanted: at most `limit` items and removed ones after a mark.

    Without `after`: from the beginning, which tells everything that is there, once.
    """

    limit: int
    after: ChangeMark | None = None
    count: bool = False


class DateSpan(Record):
    """From `since` to `until`, both inclusive; None leaves that side open."""

    since: date | None = None
    until: date | None = None


class MonthSpan(Record):
    """From `since` to `until`, calendar months as ``"2026-11"``, both inclusive; None leaves that side open."""

    since: str | None = None
    until: str | None = None


class AccountFilter(Record):
    """Which accounts."""

    statuses: tuple[AccountStatus, ...] = ()


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


class AccrualFilter(Record):
    """Which accruals."""

    titles: tuple[TitleKind, ...] = ()
    months: MonthSpan = MonthSpan()


class PaymentPlanFilter(Record):
    """Which payment plans."""

    statuses: tuple[PaymentPlanStatus, ...] = ()


class MeterFilter(Record):
    """Which meters."""

    statuses: tuple[MeterStatus, ...] = ()
    media: tuple[Medium, ...] = ()


class MeterReadingFilter(Record):
    """Which readings of a meter."""

    statuses: tuple[ReadingStatus, ...] = ()
    read: DateSpan = DateSpan()


class UtilitySettlementFilter(Record):
    """Which settlements."""

    settled: DateSpan = DateSpan()


class PartyFilter(Record):
    """Whom: all given conditions hold. A party without any standing is never listed."""

    roles: tuple[PartyRole, ...] = ()
    """Whoever has a standing of one of these, begun, running or ended; empty for any."""
    text: str | None = None
    """Found in the name, or equal to the document number without spaces and punctuation; all casefolded as Unicode has
    it, accents as they are. Blanks around it do not count, and without anything else it is no condition."""


class SupplierInvoiceFilter(Record):
    """Which invoices of suppliers."""

    statuses: tuple[SupplierInvoiceStatus, ...] = ()


class ListOrder(StrEnum):
    """A sort field and a direction, ``FIELD_ASC`` or ``FIELD_DESC``; the key breaks ties in the same direction."""

    field: str
    """The record's attribute that is sorted by."""
    descending: bool
    """Whether the greatest value comes first."""

    def __init__(self, value: str) -> None:
        self.field = value.rpartition("_")[0].lower()
        self.descending = value.endswith("_DESC")

    def position(self, record: Any) -> Position:
        """Where `record` stands in a list of this order."""
        value: date | str = getattr(record, self.field)
        return Position(value=value if isinstance(value, str) else value.isoformat(), key=record.key)


class PartyOrder(ListOrder):
    """How parties are sorted: there is one way, so nobody is asked."""

    NAME_ASC = "NAME_ASC"


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


class AccrualOrder(ListOrder):
    """How accruals are sorted."""

    MONTH_DESC = "MONTH_DESC"
    MONTH_ASC = "MONTH_ASC"


class PaymentPlanOrder(ListOrder):
    """How payment plans are sorted."""

    AGREED_ON_DESC = "AGREED_ON_DESC"
    AGREED_ON_ASC = "AGREED_ON_ASC"


class MeterOrder(ListOrder):
    """How meters are sorted."""

    INSTALLED_ON_DESC = "INSTALLED_ON_DESC"
    INSTALLED_ON_ASC = "INSTALLED_ON_ASC"


class MeterReadingOrder(ListOrder):
    """How a meter's readings are sorted."""

    READ_ON_DESC = "READ_ON_DESC"
    READ_ON_ASC = "READ_ON_ASC"


class UtilitySettlementOrder(ListOrder):
    """How settlements are sorted."""

    SETTLED_ON_DESC = "SETTLED_ON_DESC"
    SETTLED_ON_ASC = "SETTLED_ON_ASC"


class ArrearsOrder(ListOrder):
    """How a community's arrears are sorted."""

    OLDEST_DUE_ON_ASC = "OLDEST_DUE_ON_ASC"
    OLDEST_DUE_ON_DESC = "OLDEST_DUE_ON_DESC"


class SupplierInvoiceOrder(ListOrder):
    """How invoices of suppliers are sorted."""

    ISSUED_ON_DESC = "ISSUED_ON_DESC"
    ISSUED_ON_ASC = "ISSUED_ON_ASC"
    DUE_ON_ASC = "DUE_ON_ASC"
    DUE_ON_DESC = "DUE_ON_DESC"


class NoticeOrder(ListOrder):
    """How notices are sorted."""

    PUBLISHED_FROM_DESC = "PUBLISHED_FROM_DESC"
    PUBLISHED_FROM_ASC = "PUBLISHED_FROM_ASC"
