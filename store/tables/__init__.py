"""The tables of our own drawer.

A **tenant table** derives from `TenantRow`: each row belongs to one manager, and a unit of work sees and changes only
the rows of the manager it is bound to. Tenant tables refer to each other by (manager, id), so the database itself
refuses a row of one manager that points at a row of another.
"""

from ventanilla.store.tables.access import AccessBatchRow, AccessInvitationRow
from ventanilla.store.tables.audit import AuditEventRow
from ventanilla.store.tables.base import Instant, TenantRow, is_id
from ventanilla.store.tables.clients import AuthorizationCodeRow, ClientRow, TokenRow
from ventanilla.store.tables.identities import IdentityRow, PasskeyRow, ProviderVisitRow
from ventanilla.store.tables.letters import ChallengeRow, LetterRow
from ventanilla.store.tables.managers import HostRow, ManagerRow, StoredDocumentRow
from ventanilla.store.tables.payments import (
    CheckoutItemRow,
    CheckoutQuoteRow,
    CheckoutRow,
    PaymentReturnRow,
    PlatformEventRow,
    PlatformPaymentRow,
    ReconciliationRow,
    StrayPaymentRow,
)
from ventanilla.store.tables.people import (
    AccountLinkRow,
    ConsentRow,
    FormerPasswordRow,
    KnownDeviceRow,
    PersonRow,
    SessionRow,
    SignInAttemptRow,
)
from ventanilla.store.tables.staff import MandateRow, RecoveryCodeRow, SecondFactorRow

__all__ = [
    "AccessBatchRow",
    "AccessInvitationRow",
    "AccountLinkRow",
    "AuditEventRow",
    "AuthorizationCodeRow",
    "ChallengeRow",
    "CheckoutItemRow",
    "CheckoutQuoteRow",
    "CheckoutRow",
    "ClientRow",
    "ConsentRow",
    "FormerPasswordRow",
    "HostRow",
    "IdentityRow",
    "Instant",
    "KnownDeviceRow",
    "LetterRow",
    "ManagerRow",
    "MandateRow",
    "PasskeyRow",
    "PaymentReturnRow",
    "PersonRow",
    "PlatformEventRow",
    "PlatformPaymentRow",
    "ProviderVisitRow",
    "ReconciliationRow",
    "RecoveryCodeRow",
    "SecondFactorRow",
    "SessionRow",
    "SignInAttemptRow",
    "StoredDocumentRow",
    "StrayPaymentRow",
    "TenantRow",
    "TokenRow",
    "is_id",
]
