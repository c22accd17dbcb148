"""What offices answer: frozen records that travel unchanged from the office to the encoder.

On the wire (an office in another process) the same records are JSON with camel-case keys; unknown keys are
ignored, so that an office may be newer than the gateway. Money is integer minor units, dates are local dates of
the manager, timestamps are aware UTC. `key` is always the office's own key, at most 120 characters. One noun a file.
"""

from ventanilla.backoffice_adapters.records.account import (
    Account,
    AccountRef,
    AccountRole,
    AccountStatus,
    Balance,
    BalanceSide,
    DueItem,
    Overdue,
)
from ventanilla.backoffice_adapters.records.accrual import (
    Accrual,
    TitleKind,
)
from ventanilla.backoffice_adapters.records.base import (
    UNREAD,
    ChangeMark,
    Changes,
    Licence,
    Origin,
    Record,
    RecordMeta,
    Slice,
    Sourced,
    UnreadError,
)
from ventanilla.backoffice_adapters.records.charge import (
    Charge,
    ChargeStatus,
)
from ventanilla.backoffice_adapters.records.community import (
    CommunityArrears,
    CommunityFinances,
)
from ventanilla.backoffice_adapters.records.enrolment import (
    Enrolment,
    EnrolmentKind,
)
from ventanilla.backoffice_adapters.records.interest import (
    InterestAccrual,
    InterestSegment,
)
from ventanilla.backoffice_adapters.records.invoice import (
    DueDate,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    OfficialReference,
)
from ventanilla.backoffice_adapters.records.meter import (
    Medium,
    Meter,
    MeterReading,
    MeterStatus,
    ReadingQuality,
    ReadingStatus,
    ReadingWindow,
    Register,
    RegisterValue,
)
from ventanilla.backoffice_adapters.records.notice import (
    Notice,
    NoticeScope,
    Reader,
    ReaderStanding,
)
from ventanilla.backoffice_adapters.records.party import (
    Contractor,
    PartyRole,
    Standing,
)
from ventanilla.backoffice_adapters.records.payment import (
    Allocation,
    NewPayment,
    NewReversal,
    Payment,
    PaymentItem,
    PaymentStatus,
    PostedPayment,
    ReversalKind,
)
from ventanilla.backoffice_adapters.records.payment_plan import (
    Instalment,
    InstalmentStatus,
    PaymentPlan,
    PaymentPlanStatus,
)
from ventanilla.backoffice_adapters.records.place import (
    Address,
    Building,
    Community,
    Geo,
    OwnershipShare,
    Party,
    PartyKind,
    Property,
    Unit,
    UnitKind,
)
from ventanilla.backoffice_adapters.records.rows import (
    Rows,
    Shape,
    column_of,
    listed,
)
from ventanilla.backoffice_adapters.records.supplier_invoice import (
    SupplierInvoice,
    SupplierInvoiceStatus,
)
from ventanilla.backoffice_adapters.records.utility_settlement import (
    SettlementLine,
    SettlementOutcome,
    UtilitySettlement,
)

__all__ = [
    "UNREAD",
    "Account",
    "AccountRef",
    "AccountRole",
    "AccountStatus",
    "Accrual",
    "Address",
    "Allocation",
    "Balance",
    "BalanceSide",
    "Building",
    "ChangeMark",
    "Changes",
    "Charge",
    "ChargeStatus",
    "Community",
    "CommunityArrears",
    "CommunityFinances",
    "Contractor",
    "DueDate",
    "DueItem",
    "Enrolment",
    "EnrolmentKind",
    "Geo",
    "Instalment",
    "InstalmentStatus",
    "InterestAccrual",
    "InterestSegment",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceStatus",
    "Licence",
    "Medium",
    "Meter",
    "MeterReading",
    "MeterStatus",
    "NewPayment",
    "NewReversal",
    "Notice",
    "NoticeScope",
    "OfficialReference",
    "Origin",
    "Overdue",
    "OwnershipShare",
    "Party",
    "PartyKind",
    "PartyRole",
    "Payment",
    "PaymentItem",
    "PaymentPlan",
    "PaymentPlanStatus",
    "PaymentStatus",
    "PostedPayment",
    "Property",
    "Reader",
    "ReaderStanding",
    "ReadingQuality",
    "ReadingStatus",
    "ReadingWindow",
    "Record",
    "RecordMeta",
    "Register",
    "RegisterValue",
    "ReversalKind",
    "Rows",
    "SettlementLine",
    "SettlementOutcome",
    "Shape",
    "Slice",
    "Sourced",
    "Standing",
    "SupplierInvoice",
    "SupplierInvoiceStatus",
    "TitleKind",
    "Unit",
    "UnitKind",
    "UnreadError",
    "UtilitySettlement",
    "column_of",
    "listed",
]
