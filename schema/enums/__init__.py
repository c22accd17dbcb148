"""The enums of the records, with what each value means.

Types take their enums from here, never from the records: an enum that strawberry met first without its description
would stay without.
"""

from __future__ import annotations

from itertools import chain

from ventanilla.auth.access_audiences import AccessAudience, FilterMode
from ventanilla.auth.access_batches import AccessBatchState
from ventanilla.auth.access_invitations import InvitationState
from ventanilla.auth.access_invitees import InvitationProblem
from ventanilla.auth.actor import Role, StaffRole
from ventanilla.auth.audit import AuditKind
from ventanilla.auth.contact import ContactState
from ventanilla.auth.mandates import MandateRole
from ventanilla.auth.passkey_ceremonies import PasskeyHint
from ventanilla.auth.roster import PersonOrder
from ventanilla.backoffice_adapters.contract import (
    AccrualOrder,
    ArrearsOrder,
    ChargeOrder,
    InvoiceOrder,
    InvoiceStatusFilter,
    MeterOrder,
    MeterReadingOrder,
    NoticeOrder,
    PaymentOrder,
    PaymentPlanOrder,
    SupplierInvoiceOrder,
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
    PartyRole,
    PaymentPlanStatus,
    PaymentStatus,
    ReadingQuality,
    ReadingStatus,
    ReversalKind,
    SettlementOutcome,
    SupplierInvoiceStatus,
    TitleKind,
    UnitKind,
)
from ventanilla.payments.contract import NewsStatus
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.resolvers.access_activation import ActivateAccessReason
from ventanilla.resolvers.access_requests import GenerateAccessReason
from ventanilla.resolvers.access_sending import CancelAccessReason, RetryAccessReason, SendAccessReason
from ventanilla.resolvers.account_links import UnlinkReason
from ventanilla.resolvers.asked import LetterReason
from ventanilla.resolvers.audit import AuditOrder
from ventanilla.resolvers.capabilities import CapabilityReason
from ventanilla.resolvers.checkout_cancelling import CancelCheckoutReason
from ventanilla.resolvers.checkout_commits import CreateCheckoutReason
from ventanilla.resolvers.checkout_quotes import CheckoutWarning, CreateCheckoutQuoteReason
from ventanilla.resolvers.clients import CreateClientReason, RevokeClientReason, RotateClientReason
from ventanilla.resolvers.consents import WithdrawConsentReason
from ventanilla.resolvers.explaining import Access
from ventanilla.resolvers.identities import StartIdentityLinkReason, UnlinkIdentityReason
from ventanilla.resolvers.linking import LinkReason
from ventanilla.resolvers.mandates import MandateReason
from ventanilla.resolvers.passkey_sign_in import PasskeySignInReason, StartPasskeySignInReason
from ventanilla.resolvers.passkeys import (
    FinishPasskeyReason,
    RemovePasskeyReason,
    RenamePasskeyReason,
    StartPasskeyReason,
)
from ventanilla.resolvers.password_policy import UpdatePasswordPolicyReason
from ventanilla.resolvers.passwords import ChangePasswordReason, ResetPasswordReason
from ventanilla.resolvers.person_changes import PersonReason
from ventanilla.resolvers.personal_data import DataCategory, ErasureOutcome, ErasureReason
from ventanilla.resolvers.problems import AccessReason
from ventanilla.resolvers.profile import ConfirmNewEmailReason, UpdateContactReason, UpdateProfileReason
from ventanilla.resolvers.refunds import RefundPaymentReason
from ventanilla.resolvers.registration import RegisterReason, VerifyEmailReason
from ventanilla.resolvers.second_factor import (
    ConfirmSecondFactorReason,
    ResetSecondFactorReason,
    SecondFactorReason,
    StartSecondFactorReason,
)
from ventanilla.resolvers.seeing import SeeAsReason, StopSeeingAsReason
from ventanilla.resolvers.sessions import EndSessionReason, SessionDelivery, SignInReason
from ventanilla.resolvers.sign_in_codes import SignInCodeReason, SignInWithCodeReason
from ventanilla.resolvers.staff_payments import MoneyOrder
from ventanilla.resolvers.strays import BookStrayReason, DismissStrayReason, RefundStrayReason, StrayOrder
from ventanilla.resolvers.theme import UpdatePortalThemeReason
from ventanilla.resolvers.viewer import OnboardingState
from ventanilla.schema.enums import (
    access,
    accounts,
    boards,
    identities,
    letters,
    linking,
    money,
    passkeys,
    paying,
    personal_data,
    portal,
    profile,
    registration,
    second_factor,
    seeing,
    sign_in,
    staff,
    staff_payments,
    supplies,
)
from ventanilla.store.letter_lists import LetterOrder
from ventanilla.store.letters import LetterKind, LetterState
from ventanilla.store.manager import Credential, LinkProof, SignInWay
from ventanilla.store.payment_states import (
    Booking,
    CheckoutState,
    PaymentReturnState,
    StrayKind,
    StrayResolution,
    StrayState,
)
from ventanilla.store.theme import ContrastPair, Corners, Scheme, Typeface

__all__ = [
    "Access",
    "AccessAudience",
    "AccessBatchState",
    "AccessReason",
    "AccountRole",
    "AccountStatus",
    "AccrualOrder",
    "ActivateAccessReason",
    "ArrearsOrder",
    "AuditKind",
    "AuditOrder",
    "BalanceSide",
    "BookStrayReason",
    "Booking",
    "CancelAccessReason",
    "CancelCheckoutReason",
    "CapabilityReason",
    "ChangePasswordReason",
    "ChargeOrder",
    "ChargeStatus",
    "CheckoutState",
    "CheckoutWarning",
    "ConfirmNewEmailReason",
    "ConfirmSecondFactorReason",
    "ContactState",
    "ContrastPair",
    "Corners",
    "CreateCheckoutQuoteReason",
    "CreateCheckoutReason",
    "CreateClientReason",
    "Credential",
    "DataCategory",
    "DismissStrayReason",
    "DocumentFormat",
    "EndSessionReason",
    "EnrolmentKind",
    "ErasureOutcome",
    "ErasureReason",
    "FilterMode",
    "FinishPasskeyReason",
    "GenerateAccessReason",
    "InstalmentStatus",
    "InvitationProblem",
    "InvitationState",
    "InvoiceKind",
    "InvoiceOrder",
    "InvoiceStatus",
    "InvoiceStatusFilter",
    "LetterKind",
    "LetterOrder",
    "LetterReason",
    "LetterState",
    "Licence",
    "LinkProof",
    "LinkReason",
    "MandateReason",
    "MandateRole",
    "Medium",
    "MeterOrder",
    "MeterReadingOrder",
    "MeterStatus",
    "MoneyOrder",
    "NewsStatus",
    "NoticeOrder",
    "NoticeScope",
    "OnboardingState",
    "PartyKind",
    "PartyRole",
    "PasskeyHint",
    "PasskeySignInReason",
    "PaymentOrder",
    "PaymentPlanOrder",
    "PaymentPlanStatus",
    "PaymentReturnState",
    "PaymentStatus",
    "PersonOrder",
    "PersonReason",
    "ReadingQuality",
    "ReadingStatus",
    "RefundPaymentReason",
    "RefundStrayReason",
    "RegisterReason",
    "RemovePasskeyReason",
    "RenamePasskeyReason",
    "ResetPasswordReason",
    "ResetSecondFactorReason",
    "RetryAccessReason",
    "ReversalKind",
    "RevokeClientReason",
    "Role",
    "RotateClientReason",
    "Scheme",
    "SecondFactorReason",
    "SeeAsReason",
    "SendAccessReason",
    "SessionDelivery",
    "SettlementOutcome",
    "SignInCodeReason",
    "SignInReason",
    "SignInWay",
    "SignInWithCodeReason",
    "StaffRole",
    "StartIdentityLinkReason",
    "StartPasskeyReason",
    "StartPasskeySignInReason",
    "StartSecondFactorReason",
    "StopSeeingAsReason",
    "StrayKind",
    "StrayOrder",
    "StrayResolution",
    "StrayState",
    "SupplierInvoiceOrder",
    "SupplierInvoiceStatus",
    "Support",
    "TitleKind",
    "Typeface",
    "UnitKind",
    "UnlinkIdentityReason",
    "UnlinkReason",
    "UpdateContactReason",
    "UpdatePasswordPolicyReason",
    "UpdatePortalThemeReason",
    "UpdateProfileReason",
    "UtilitySettlementOrder",
    "VerifyEmailReason",
    "WithdrawConsentReason",
]

_FILES = (
    portal,
    seeing,
    sign_in,
    passkeys,
    second_factor,
    identities,
    registration,
    profile,
    linking,
    personal_data,
    accounts,
    money,
    paying,
    supplies,
    staff,
    staff_payments,
    boards,
    letters,
    access,
)
for _enum in chain.from_iterable(file.ENUMS for file in _FILES):
    _enum.register()
