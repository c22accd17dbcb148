"""The tables of our own drawer.

A **tenant table** derives from `TenantRow`: each row belongs to one manager, and a unit of work sees and changes only
the rows of the manager it is bound to. Tenant tables refer to each other by (manager, id), so the database itself
refuses a row of one manager that points at a row of another.
"""

from ventanilla.store.tables.audit import AuditEventRow
from ventanilla.store.tables.base import Instant, TenantRow
from ventanilla.store.tables.clients import AuthorizationCodeRow, ClientRow, TokenRow
from ventanilla.store.tables.identities import IdentityRow, PasskeyRow, ProviderVisitRow
from ventanilla.store.tables.letters import ChallengeRow, LetterRow
from ventanilla.store.tables.managers import HostRow, ManagerRow, StoredDocumentRow
from ventanilla.store.tables.people import (
    AccountLinkRow,
    ConsentRow,
    FormerPasswordRow,
    KnownDeviceRow,
    PersonRow,
    SessionRow,
    SignInAttemptRow,
)

__all__ = [
    "AccountLinkRow",
    "AuditEventRow",
    "AuthorizationCodeRow",
    "ChallengeRow",
    "ClientRow",
    "ConsentRow",
    "FormerPasswordRow",
    "HostRow",
    "IdentityRow",
    "Instant",
    "KnownDeviceRow",
    "LetterRow",
    "ManagerRow",
    "PasskeyRow",
    "PersonRow",
    "ProviderVisitRow",
    "SessionRow",
    "SignInAttemptRow",
    "StoredDocumentRow",
    "TenantRow",
    "TokenRow",
]
