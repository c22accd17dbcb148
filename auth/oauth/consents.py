"""Programs that a person has let act on their behalf: which there are, and how each is ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import col, delete, update

from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.people import held
from ventanilla.auth.scopes import ordered
from ventanilla.auth.sessions import ADDRESS
from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import AuthorizationCodeRow, ConsentRow, TokenRow
from ventanilla.store.tenancy import Work

_KIND: Final = "PROGRAM"
"""What is agreed to, in the evidence of it; its version is the program's id."""
_THEIRS: Final = """
SELECT client.id, client.name, token.granted, token.created_at,
       (SELECT MAX(consent.accepted_at) FROM consent
        WHERE consent.manager = token.manager AND consent.person_id = token.person_id
          AND consent.kind = 'PROGRAM' AND consent.version = client.id)
FROM token
JOIN client ON client.manager = token.manager AND client.id = token.client_id AND client.disabled_at IS NULL
WHERE token.manager = $1 AND token.person_id = $2 AND token.revoked_at IS NULL
  AND (token.expires_at > $3 OR (token.rotated_at IS NULL AND token.refresh_expires_at > $3))
ORDER BY client.name, client.id, token.created_at
"""


class Consent(Record):
    """A program that holds tokens of a person, by all their consents that are in force."""

    program_id: str
    name: str
    scopes: tuple[str, ...]
    allowed_at: datetime
    """When they last consented."""
    used_at: datetime
    """When it was last given a token on their behalf."""


async def allowed(
    work: Work, person_id: str, *, program_id: str, name: str, scopes: Sequence[str], address: str, now: datetime
) -> None:
    """Keep as evidence that a person lets a program act on their behalf."""
    row = ConsentRow(
        person_id=person_id, kind=_KIND, version=program_id, accepted_at=now, address=address[:ADDRESS] or None
    )
    work.add(row)
    await work.flush()
    caller = Caller(address=address, host="")
    told = {"program": name, "scopes": " ".join(scopes)}
    await note_own(work, AuditKind.PROGRAM_ALLOWED, person_id, now, caller=caller, **told)


async def of_person(store: Store, manager: str, person_id: str, now: datetime) -> list[Consent]:
    """The programs that can act on a person's behalf now, by name."""
    found: dict[str, Consent] = {}
    for program_id, name, granted, created, accepted in await store.rows(_THEIRS, [manager, person_id, stamp(now)]):
        before = found.get(program_id)
        found[program_id] = Consent(
            program_id=program_id,
            name=name,
            scopes=ordered([*granted.split(), *(before.scopes if before else ())]),
            allowed_at=datetime.fromisoformat(accepted or created),
            used_at=datetime.fromisoformat(created),
        )
    return list(found.values())


async def withdraw(
    store: Store, manager: str, program_id: str, *, person_id: str, caller: Caller, now: datetime
) -> Consent | None:
    """End all that a program may do on a person's behalf, at once; None if it may do nothing."""
    theirs = await of_person(store, manager, person_id, now)
    consent = next((each for each in theirs if each.program_id == program_id), None)
    if consent is None:
        return None
    async with store.work(manager) as work:
        await held(work, person_id)
        if not await end_all(work, person_id, now, program_id=program_id):
            return None
        await note_own(work, AuditKind.PROGRAM_WITHDRAWN, person_id, now, caller=caller, program=consent.name)
    return consent


async def end_all(work: Work, person_id: str, now: datetime, *, program_id: str | None = None) -> int:
    """End the tokens that programs, or one of them, hold on a person's behalf, and codes for more; how many tokens.

    Hold the person's row: an exchange that is under way is waited for, and one that comes later finds nothing.
    """
    codes = [col(AuthorizationCodeRow.person_id) == person_id, col(AuthorizationCodeRow.used_at).is_(None)]
    tokens = [col(TokenRow.person_id) == person_id, col(TokenRow.revoked_at).is_(None)]
    if program_id is not None:
        codes.append(col(AuthorizationCodeRow.client_id) == program_id)
        tokens.append(col(TokenRow.client_id) == program_id)
    await work.exec(delete(AuthorizationCodeRow).where(*codes))
    return (await work.exec(update(TokenRow).where(*tokens).values(revoked_at=now))).rowcount
