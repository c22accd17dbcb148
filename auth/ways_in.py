"""What a person can sign in with, apart from what they are about to give up."""

from __future__ import annotations

from sqlmodel import col, select

from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.tables import IdentityRow, PasskeyRow, PersonRow
from ventanilla.store.tenancy import Work


async def is_left(
    work: Work,
    manager: Manager,
    person: PersonRow,
    *,
    without_passkey: str | None = None,
    without_provider: str | None = None,
) -> bool:
    """Whether a person can still sign in, without the passkey of that id or their identity there; hold their row.

    Only what the manager offers counts.
    """
    ways = manager.sign_in_ways
    if SignInWay.EMAIL_CODE in ways or (SignInWay.PASSWORD in ways and person.password_hash is not None):
        return True
    if SignInWay.PASSKEY in ways:
        theirs = select(PasskeyRow.id).where(col(PasskeyRow.person_id) == person.id)
        if set((await work.exec(theirs)).all()) - {without_passkey}:
            return True
    linked = (await work.exec(select(IdentityRow.provider).where(col(IdentityRow.person_id) == person.id))).all()
    return any(name != without_provider and manager.provider(name) is not None for name in linked)
