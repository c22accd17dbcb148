"""A new password takes the place of the old one: what is kept of the old one, what ends with it, who is told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete, select

from ventanilla.auth import attempts, challenges
from ventanilla.auth.caller import Caller
from ventanilla.auth.devices import circumstances
from ventanilla.auth.letters import letter_to
from ventanilla.auth.oauth import consents
from ventanilla.auth.policy import Holder
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager, PasswordPolicy
from ventanilla.store.tables import FormerPasswordRow, PersonRow
from ventanilla.store.tenancy import Work


class ChangedMeanwhileError(Exception):
    """The password was changed while a new one was looked at: nothing was done, and asking again will tell."""


async def holder_of(work: Work, policy: PasswordPolicy, person: PersonRow) -> Holder:
    """The person as the policy looks at their next password: with the hashes of those that may not come back."""
    former = await _former(work, policy, person.id)
    present = () if person.password_hash is None else (person.password_hash,)
    return Holder(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        hashes=(*present, *(row.password_hash for row in former)),
    )


async def replace(
    work: Work, manager: Manager, person: PersonRow, password_hash: str, *, caller: Caller, now: datetime
) -> None:
    """Give a person another password and tell them by letter; hold the person's row.

    Tries to sign in are forgotten, links of letters to recover the old one lead nowhere, and programs may act for them
    no more: whoever had the old password may have let one. Sessions are the caller's to end.
    """
    await _keep(work, manager.presentation.password_policy, person, now)
    person.password_hash, person.password_set_at, person.must_change_password = password_hash, now, False
    await attempts.forget(work, attempts.Kind.ACCOUNT, person.email)
    await challenges.withdraw(work, challenges.Kind.RESET_PASSWORD, email=person.email, now=now)
    await consents.end_all(work, person.id, now)
    told = circumstances(manager, person, caller, now)
    await post(work, letter_to(person, LetterKind.PASSWORD_CHANGED, manager, caller, told=told), now)


async def _keep(work: Work, policy: PasswordPolicy, person: PersonRow, now: datetime) -> None:
    """Keep the old password's hash beside the former ones, as many as the policy looks at."""
    if person.password_hash is not None:
        work.add(FormerPasswordRow(person_id=person.id, password_hash=person.password_hash, replaced_at=now))
        await work.flush()
    kept = [row.id for row in await _former(work, policy, person.id)]
    theirs = col(FormerPasswordRow.person_id) == person.id
    await work.exec(delete(FormerPasswordRow).where(theirs, col(FormerPasswordRow.id).not_in(kept)))


async def _former(work: Work, policy: PasswordPolicy, person_id: str) -> list[FormerPasswordRow]:
    theirs = select(FormerPasswordRow).where(col(FormerPasswordRow.person_id) == person_id)
    newest = theirs.order_by(col(FormerPasswordRow.id).desc()).limit(policy.history)
    return list((await work.exec(newest)).all())
