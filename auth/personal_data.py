"""All that this house itself holds of one person: told whole, and erased.

What a back office holds is the manager's to tell and the law's to keep; nothing of it stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace
from sqlmodel import col, delete, or_, update

from ventanilla.auth import audit
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.devices import circumstances
from ventanilla.auth.letters import letter_to
from ventanilla.auth.people import held
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import AccessInvitationRow, ChallengeRow, LetterRow
from ventanilla.store.tenancy import Work

_OF_CHECKOUTS: Final = (
    "JOIN checkout ON checkout.manager = {0}.manager AND checkout.id = {0}.checkout_id"
    " WHERE checkout.manager = $1 AND checkout.person_id = $2 ORDER BY checkout.created_at"
)
_HELD: Final[Mapping[str, tuple[str, str]]] = {
    "profile": (
        (
            "email, email_verified_at, given_name, family_name, document_type, document_number, phone, language,"
            " user_name, staff_role, second_factor_at, created_at, password_set_at"
        ),
        "person WHERE manager = $1 AND id = $2",
    ),
    "accounts": (
        "office, number, role, is_default, created_at",
        "account_link WHERE manager = $1 AND person_id = $2 ORDER BY id",
    ),
    "mandates": (
        "role, office, subject_name, starts_on, ends_on, created_at",
        "mandate WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "invitations": (
        "name, email, user_name, accepted_at",
        "access_invitation WHERE manager = $1 AND person_id = $2 ORDER BY accepted_at",
    ),
    "consents": (
        "kind, version, accepted_at, address",
        "consent WHERE manager = $1 AND person_id = $2 ORDER BY id",
    ),
    "sessions": (
        "created_at, seen_at, expires_at, address, user_agent",
        "session WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "devices": (
        "first_seen_at, seen_at",
        "known_device WHERE manager = $1 AND person_id = $2 ORDER BY first_seen_at",
    ),
    "passkeys": (
        "name, created_at, used_at",
        "passkey WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "identities": (
        "provider, subject, linked_at, seen_at",
        "identity WHERE manager = $1 AND person_id = $2 ORDER BY linked_at",
    ),
    "programs": (
        "client.name, token.scope, token.created_at, token.expires_at, token.revoked_at",
        (
            "token JOIN client ON client.manager = token.manager AND client.id = token.client_id"
            " WHERE token.manager = $1 AND token.person_id = $2 ORDER BY token.created_at"
        ),
    ),
    "quotes": (
        "created_at, expires_at",
        "checkout_quote WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "checkouts": (
        (
            "reference, platform, office, currency, amount_minor, payer_fee_minor, state, language, terms_version,"
            " created_at, redirected_at, returned_at, ended_at"
        ),
        "checkout WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "paid_documents": (
        "checkout.reference, checkout_item.number, checkout_item.title, checkout_item.amount_minor",
        f"checkout_item {_OF_CHECKOUTS.format('checkout_item')}, checkout_item.position",
    ),
    "payments": (
        (
            "checkout.reference, platform_payment.payment_id, platform_payment.status, platform_payment.method,"
            " platform_payment.amount_minor, platform_payment.refunded_minor, platform_payment.paid_at"
        ),
        f"platform_payment {_OF_CHECKOUTS.format('platform_payment')}, platform_payment.created_at",
    ),
    "refunds": (
        (
            "checkout.reference, payment_return.kind, payment_return.amount_minor, payment_return.reason,"
            " payment_return.state, payment_return.created_at, payment_return.ended_at"
        ),
        (
            "payment_return JOIN platform_payment ON platform_payment.manager = payment_return.manager"
            " AND platform_payment.id = payment_return.platform_payment_id"
            f" {_OF_CHECKOUTS.format('platform_payment')}, payment_return.created_at"
        ),
    ),
    "letters": (
        "kind, recipient, state, created_at, ended_at",
        "letter WHERE manager = $1 AND person_id = $2 ORDER BY created_at",
    ),
    "events": (
        "kind, at, office, account_key, told",
        "audit_event WHERE manager = $1 AND (person_id = $2 OR actor_id = $2) ORDER BY id",
    ),
}
"""What is held, by name: columns, and where they stand. A test looks that no table of people is forgotten."""


async def held_of(store: Store, manager: str, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is held of a person, without what only proves who they are: hashes and keys."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, (columns, where) in _HELD.items():
        named = [column.strip().rpartition(".")[2] for column in columns.split(",")]
        rows = await store.rows(f"SELECT {columns} FROM {where}", [manager, person_id])
        found[name] = [dict(zip(named, row, strict=True)) for row in rows]
    return found


async def erase(work: Work, manager: Manager, person_id: str, *, caller: Caller, now: datetime) -> bool:
    """Erase a person and all that hangs on them; False if there is nobody of that id.

    What happened to accounts stays, and what was paid, without a name: the id of somebody who is gone says nothing.
    They are told by a last letter, which forgets to whom it was.
    """
    person = await held(work, person_id)
    if person is None:
        return False
    # Challenges of an address may have been begun before anybody was known under it; letters too.
    await work.exec(delete(ChallengeRow).where(col(ChallengeRow.email) == person.email))
    await work.exec(delete(LetterRow).where(col(LetterRow.recipient) == person.email))
    addressed = col(AccessInvitationRow.email) == person.email
    theirs = update(AccessInvitationRow).where(or_(col(AccessInvitationRow.person_id) == person_id, addressed))
    await work.exec(theirs.values(name="", email=None, user_name=None, person_id=None))
    farewell = letter_to(
        person, LetterKind.DATA_ERASED, manager, caller, told=circumstances(manager, person, caller, now)
    )
    await work.delete(person)
    await work.flush()
    await audit.forget(work, person_id)
    await note_own(work, AuditKind.ERASED, person_id, now)
    await post(work, replace(farewell, person_id=None), now)
    return True


def tables_of_people() -> Sequence[str]:
    """The tables that `held_of` reads."""
    return [where.partition(" ")[0] for _, where in _HELD.values()]
