"""Second factors: an authenticator that shows codes, set up by who wants one, and shown once in each session.

A code is taken once, and none that is older than the last. The secret is sealed at rest under a key of the manager;
recovery codes are for who has lost the authenticator. A session that a passkey began needs nothing of this.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import col, delete, or_, select, update

from ventanilla.auth import attempts, password_change, recovery_codes, sessions, totp
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.audit import AuditKind, note, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.devices import circumstances
from ventanilla.auth.keys import Keys
from ventanilla.auth.letters import letter_to
from ventanilla.auth.people import held
from ventanilla.auth.sealing import Seal
from ventanilla.auth.sessions import FRESH
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SecondFactorRow, is_id
from ventanilla.store.tenancy import Work

_PURPOSE: Final = "second factors"
_OF_PERSON: Final = """
SELECT person.second_factor_at, (SELECT COUNT(*) FROM recovery_code code
    WHERE code.manager = person.manager AND code.person_id = person.id AND code.used_at IS NULL)
FROM person WHERE person.manager = $1 AND person.id = $2
"""


class Reason(StrEnum):
    """Why a second factor was not set up, shown or taken away."""

    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    """The session is older than `sessions.FRESH`, or has not shown the second factor that is set up."""
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    """The password is not theirs."""
    NOT_STARTED = "NOT_STARTED"
    """No secret was offered, or too long ago."""
    NOT_SET_UP = "NOT_SET_UP"
    CODE_INVALID = "CODE_INVALID"
    CODE_USED = "CODE_USED"
    """It was right, and taken before; or one of a later step was."""
    NOT_FOUND = "NOT_FOUND"
    """The manager has no such person."""
    ONESELF = "ONESELF"
    """Nobody resets what is their own."""


class SecondFactor(Record):
    """How a person's second factor stands."""

    set_up_at: datetime | None
    recovery_codes_left: int


class Offered(Record):
    """A secret for an authenticator. It is told this once."""

    secret: str
    """Base32, to be typed."""
    address: str
    """``otpauth:``, to be shown as a QR code."""
    expires_at: datetime
    """Until when a code can confirm it."""

    def __repr__(self) -> str:
        return "Offered(…)"


class Confirmed(Record):
    """A second factor that is set up. The recovery codes are told this once."""

    recovery_codes: tuple[str, ...]

    def __repr__(self) -> str:
        return "Confirmed(…)"


async def of_person(store: Store, manager: str, person_id: str) -> SecondFactor:
    """How a person's second factor stands."""
    set_up_at, left = (await store.rows(_OF_PERSON, [manager, person_id]) or [(None, 0)])[0]
    return SecondFactor(
        set_up_at=datetime.fromisoformat(set_up_at) if set_up_at else None, recovery_codes_left=left if set_up_at else 0
    )


class Holder(Record):
    """Somebody with a session at a portal, who asks for something of their second factor at a moment."""

    store: Store
    manager: Manager
    keys: Keys
    person_id: str
    session_id: str
    caller: Caller
    now: datetime

    @property
    def seal(self) -> Seal:
        """What seals their secret."""
        return Seal(self.keys, self.manager.slug, _PURPOSE)


async def start(who: Holder, password: str | None = None) -> Offered | Reason | Try:
    """Offer a person a new secret; one that was offered before can be confirmed no more, one that is set up stays.

    Who signed in longer ago than `sessions.FRESH` gives their password, counted as one of signing in; a `Try` is one
    too many.
    """
    if password is not None:
        proved = await password_change.proved(
            who.store, who.manager, password, person_id=who.person_id, caller=who.caller, now=who.now
        )
        if proved is not True:
            return proved or Reason.INVALID_CREDENTIALS
    async with who.store.work(who.manager.slug) as work:
        person = await held(work, who.person_id)
        known = password is not None or await sessions.is_fresh(work, who.person_id, who.session_id, who.now)
        if person is None or not known or not await _is_theirs(work, person, who.session_id):
            return Reason.REAUTHENTICATION_REQUIRED
        secret = totp.made()
        row = await _row_of(work, person.id) or SecondFactorRow(person_id=person.id, offered_at=who.now)
        row.offered, row.offered_at = who.seal.sealed(secret, person.id), who.now
        work.add(row)
        return Offered(
            secret=totp.base32(secret),
            address=totp.address(secret, issuer=who.manager.name, account=person.email),
            expires_at=who.now + FRESH,
        )


async def _is_theirs(work: Work, person: PersonRow, session_id: str) -> bool:
    """Whether the session has shown the second factor that its person has, if any."""
    return person.second_factor_at is None or await sessions.has_shown(work, person.id, session_id)


async def confirm(who: Holder, code: str) -> Confirmed | Reason | Try:
    """Set the secret up that was offered, once a code shows that the authenticator has it; a letter tells the person.

    It takes the place of one that was set up before, with new recovery codes, and counts as shown in this session.
    """
    tries = await _counted(who)
    if not tries[-1].allowed:
        return tries[-1]
    async with who.store.work(who.manager.slug) as work:
        person, row = await held(work, who.person_id), await _row_of(work, who.person_id)
        if person is None or row is None or row.offered is None or row.offered_at <= who.now - FRESH:
            return Reason.NOT_STARTED
        if not await _is_theirs(work, person, who.session_id):
            return Reason.REAUTHENTICATION_REQUIRED
        step = _step_of(who, row.offered, code)
        if step is None:
            return Reason.CODE_INVALID
        row.secret, row.offered, row.confirmed_at, row.last_step = row.offered, None, who.now, step
        person.second_factor_at = who.now
        await sessions.show(work, person.id, who.session_id, who.now)
        await attempts.succeeded(work, tries)
        await _told(work, who, person, AuditKind.SECOND_FACTOR_SET_UP, LetterKind.SECOND_FACTOR_SET_UP)
        return Confirmed(recovery_codes=await recovery_codes.renew(work, person.id))


async def show(who: Holder, code: str) -> Reason | Try | None:
    """Take a code of the authenticator, or a recovery code, for a session; None once that is done.

    The try is counted before the code is compared; a `Try` is one too many. Raises only what the store raises.
    """
    tries = await _counted(who)
    if not tries[-1].allowed:
        return tries[-1]
    async with who.store.work(who.manager.slug) as work:
        taken = await _taken(work, who, code)
        if isinstance(taken, Reason):
            return taken
        await attempts.succeeded(work, tries)
        await sessions.show(work, taken.id, who.session_id, who.now)
    return None


async def remove(who: Holder, code: str) -> Reason | Try | None:
    """Give one's second factor up, with a code of it; None once that is done. No session counts as having shown one."""
    tries = await _counted(who)
    if not tries[-1].allowed:
        return tries[-1]
    async with who.store.work(who.manager.slug) as work:
        taken = await _taken(work, who, code)
        if isinstance(taken, Reason):
            return taken
        await attempts.succeeded(work, tries)
        await _forgotten(work, taken)
        await sessions.unshow(work, taken.id)
        await _told(work, who, taken, AuditKind.SECOND_FACTOR_REMOVED, LetterKind.SECOND_FACTOR_REMOVED)
    return None


async def reset(
    store: Store, manager: Manager, *, person_id: str, by: str | None, caller: Caller, now: datetime
) -> int | Reason:
    """Take the second factor away from somebody who has lost it; how many sessions ended, all there were of theirs.

    `by` is who of the staff does it, for somebody else than themselves, None for the operator. The letter does not say
    from where they did.
    """
    if person_id == by:
        return Reason.ONESELF
    async with store.work(manager.slug) as work:
        person = await held(work, person_id) if is_id(person_id) else None
        if person is None:
            return Reason.NOT_FOUND
        if person.second_factor_at is None:
            return Reason.NOT_SET_UP
        await _forgotten(work, person)
        await note(work, AuditKind.SECOND_FACTOR_REMOVED, now, actor_id=by, person_id=person_id)
        told = {"when": circumstances(manager, person, caller, now)["when"]}
        await post(work, letter_to(person, LetterKind.SECOND_FACTOR_REMOVED, manager, caller, told=told), now)
        return await sessions.end_all(work, person_id)


async def _counted(who: Holder) -> list[Try]:
    """Count a try for the address and for the person, until one is too many; the last is the one that decides."""
    tries: list[Try] = []
    # What is refused for one limit must not use up the next, which lasts longer or is scarcer.
    counts = ((Kind.ADDRESS, who.caller.address), (Kind.FACTOR, who.person_id), (Kind.FACTOR_DAY, who.person_id))
    for kind, subject in counts:
        tries.append(await attempts.count(who.store, who.manager.slug, kind, subject, who.now))
        if not tries[-1].allowed:
            break
    return tries


async def _taken(work: Work, who: Holder, code: str) -> PersonRow | Reason:
    """Use a code up, of whichever kind, and hold its person: of all who come with it at once, one does."""
    person, row = await held(work, who.person_id), await _row_of(work, who.person_id)
    if person is None or person.second_factor_at is None or row is None or row.secret is None:
        return Reason.NOT_SET_UP
    use = _recovered if recovery_codes.is_code(_typed(code)) else _stepped
    return await use(work, who, row, code) or person


async def _stepped(work: Work, who: Holder, row: SecondFactorRow, code: str) -> Reason | None:
    step = _step_of(who, row.secret, code)
    if step is None:
        return Reason.CODE_INVALID
    ours = col(SecondFactorRow.person_id) == row.person_id
    ahead = or_(col(SecondFactorRow.last_step).is_(None), col(SecondFactorRow.last_step) < step)
    forward = update(SecondFactorRow).where(ours, ahead).values(last_step=step)
    return None if (await work.exec(forward)).rowcount else Reason.CODE_USED


async def _recovered(work: Work, who: Holder, row: SecondFactorRow, code: str) -> Reason | None:
    shown = _typed(code)
    if await recovery_codes.use(work, row.person_id, shown, who.now):
        await note_own(work, AuditKind.RECOVERY_CODE_USED, row.person_id, who.now, caller=who.caller)
        return None
    return Reason.CODE_USED if await recovery_codes.was_used(work, row.person_id, shown) else Reason.CODE_INVALID


def _step_of(who: Holder, sealed: str | None, code: str) -> int | None:
    """The step of a code under a sealed secret; None for a wrong one, or if the secret does not open."""
    secret = who.seal.opened(sealed, who.person_id) if sealed else None
    return None if secret is None else totp.step_of(secret, _typed(code), who.now)


async def _forgotten(work: Work, person: PersonRow) -> None:
    person.second_factor_at = None
    await work.exec(delete(SecondFactorRow).where(col(SecondFactorRow.person_id) == person.id))
    await recovery_codes.forget(work, person.id)


async def _told(work: Work, who: Holder, person: PersonRow, event: AuditKind, letter: LetterKind) -> None:
    """Note what a person did, and tell them by letter."""
    await note_own(work, event, person.id, who.now, caller=who.caller)
    told = circumstances(who.manager, person, who.caller, who.now)
    await post(work, letter_to(person, letter, who.manager, who.caller, told=told), who.now)


async def _row_of(work: Work, person_id: str) -> SecondFactorRow | None:
    return (await work.exec(select(SecondFactorRow).where(col(SecondFactorRow.person_id) == person_id))).first()


def _typed(code: str) -> str:
    """A code without what people type to read it more easily."""
    return "".join(code.split()).replace("-", "")
