"""The enums of the records, with what each value means.

Types take their enums from here, never from the records: an enum that strawberry met first without its description
would stay without.
"""

from __future__ import annotations

from itertools import chain

from ventanilla.backoffice_adapters.contract import (
    AccrualOrder,
    ChargeOrder,
    InvoiceOrder,
    InvoiceStatusFilter,
    MeterOrder,
    MeterReadingOrder,
    NoticeOrder,
    PaymentOrder,
    PaymentPlanOrder,
    Support,
    UtilitySettlementOrder,
)
from ventanilla.backoffice_adapters.records import (
    AccountRole,
    AccountStatus,
    BalanceSide,
    ChargeStatus,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceKind,
    InvoiceStatus,
    Licence,
    Medium,
    MeterStatus,
    NoticeScope,
    PartyKind,
    PaymentPlanStatus,
    PaymentStatus,
    ReadingQuality,
    ReadingStatus,
    SettlementOutcome,
    TitleKind,
    UnitKind,
)
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.resolvers.capabilities import CapabilityReason
from ventanilla.resolvers.sessions import SessionDelivery, SignInReason
from ventanilla.resolvers.viewer import OnboardingState
from ventanilla.schema.enums import accounts, money, portal, supplies
from ventanilla.store.manager import SignInWay

__all__ = [
    "AccountRole",
    "AccountStatus",
    "AccrualOrder",
    "BalanceSide",
    "CapabilityReason",
    "ChargeOrder",
    "ChargeStatus",
    "DocumentFormat",
    "EnrolmentKind",
    "InstalmentStatus",
    "InvoiceKind",
    "InvoiceOrder",
    "InvoiceStatus",
    "InvoiceStatusFilter",
    "Licence",
    "Medium",
    "MeterOrder",
    "MeterReadingOrder",
    "MeterStatus",
    "NoticeOrder",
    "NoticeScope",
    "OnboardingState",
    "PartyKind",
    "PaymentOrder",
    "PaymentPlanOrder",
    "PaymentPlanStatus",
    "PaymentStatus",
    "ReadingQuality",
    "ReadingStatus",
    "SessionDelivery",
    "SettlementOutcome",
    "SignInReason",
    "SignInWay",
    "Support",
    "TitleKind",
    "UnitKind",
    "UtilitySettlementOrder",
]

for _enum in chain(portal.ENUMS, accounts.ENUMS, money.ENUMS, supplies.ENUMS):
    _enum.register()
