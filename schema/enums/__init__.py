"""The enums of the records, with what each value means.

Types take their enums from here, never from the records: an enum that strawberry met first without its description
would stay without.
"""

from __future__ import annotations

from itertools import chain

from ventanilla.auth.audit import AuditKind
from ventanilla.auth.passkey_ceremonies import PasskeyHint
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
from ventanilla.resolvers.account_links import UnlinkReason
from ventanilla.resolvers.asked import LetterReason
from ventanilla.resolvers.audit import AuditOrder
from ventanilla.resolvers.capabilities import CapabilityReason
from ventanilla.resolvers.identities import StartIdentityLinkReason, UnlinkIdentityReason
from ventanilla.resolvers.linking import LinkReason
from ventanilla.resolvers.passkey_sign_in import PasskeySignInReason, StartPasskeySignInReason
from ventanilla.resolvers.passkeys import (
    FinishPasskeyReason,
    RemovePasskeyReason,
    RenamePasskeyReason,
    StartPasskeyReason,
)
from ventanilla.resolvers.passwords import ChangePasswordReason, ResetPasswordReason
from ventanilla.resolvers.personal_data import DataCategory, ErasureOutcome, ErasureReason
from ventanilla.resolvers.registration import RegisterReason, VerifyEmailReason
from ventanilla.resolvers.sessions import EndSessionReason, SessionDelivery, SignInReason
from ventanilla.resolvers.sign_in_codes import SignInCodeReason, SignInWithCodeReason
from ventanilla.resolvers.viewer import OnboardingState
from ventanilla.schema.enums import (
    accounts,
    identities,
    linking,
    money,
    passkeys,
    personal_data,
    portal,
    registration,
    sign_in,
    supplies,
)
from ventanilla.store.manager import LinkProof, SignInWay

__all__ = [
    "AccountRole",
    "AccountStatus",
    "AccrualOrder",
    "AuditKind",
    "AuditOrder",
    "BalanceSide",
    "CapabilityReason",
    "ChangePasswordReason",
    "ChargeOrder",
    "ChargeStatus",
    "DataCategory",
    "DocumentFormat",
    "EndSessionReason",
    "EnrolmentKind",
    "ErasureOutcome",
    "ErasureReason",
    "FinishPasskeyReason",
    "InstalmentStatus",
    "InvoiceKind",
    "InvoiceOrder",
    "InvoiceStatus",
    "InvoiceStatusFilter",
    "LetterReason",
    "Licence",
    "LinkProof",
    "LinkReason",
    "Medium",
    "MeterOrder",
    "MeterReadingOrder",
    "MeterStatus",
    "NoticeOrder",
    "NoticeScope",
    "OnboardingState",
    "PartyKind",
    "PasskeyHint",
    "PasskeySignInReason",
    "PaymentOrder",
    "PaymentPlanOrder",
    "PaymentPlanStatus",
    "PaymentStatus",
    "ReadingQuality",
    "ReadingStatus",
    "RegisterReason",
    "RemovePasskeyReason",
    "RenamePasskeyReason",
    "ResetPasswordReason",
    "SessionDelivery",
    "SettlementOutcome",
    "SignInCodeReason",
    "SignInReason",
    "SignInWay",
    "SignInWithCodeReason",
    "StartIdentityLinkReason",
    "StartPasskeyReason",
    "StartPasskeySignInReason",
    "Support",
    "TitleKind",
    "UnitKind",
    "UnlinkIdentityReason",
    "UnlinkReason",
    "UtilitySettlementOrder",
    "VerifyEmailReason",
]

_FILES = (portal, sign_in, passkeys, identities, registration, linking, personal_data, accounts, money, supplies)
for _enum in chain.from_iterable(file.ENUMS for file in _FILES):
    _enum.register()
