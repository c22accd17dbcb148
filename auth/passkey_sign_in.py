"""Signing in with a passkey. Nobody says who they are: it turns out whose passkey it was.

A passkey that nobody has and one whose signature is another's are answered alike, for the same work: whoever has seen a
credential's id somewhere learns nothing of it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlmodel import col, select
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import AuthenticationCredential

from ventanilla.auth import attempts, challenges, passkeys
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import LIFETIMES, Ended
from ventanilla.auth.passkey_ceremonies import (
    Asserted,
    PasskeyHint,
    Site,
    UnbelievableError,
    WrongSignatureError,
    asserted,
    read_assertion,
    request_options,
)
from ventanilla.auth.passkeys import Ceremony
from ventanilla.auth.people import held
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, admitted, too_many
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PasskeyRow
from ventanilla.store.tenancy import Work

_SIGN_IN: Final = challenges.Kind.PASSKEY_SIGN_IN
_UNKNOWN: Final = Refused(reason=Reason.PASSKEY_UNKNOWN)
_INVALID: Final = Refused(reason=Reason.PASSKEY_INVALID)
_EXPIRED: Final = Refused(reason=Reason.TICKET_EXPIRED)
_log = structlog.get_logger("ventanilla.passkeys")


class _Known(Record):
    """A passkey and its owner; nobody's, unless it is said."""

    id: str = ""
    person_id: str = ""
    public_key: bytes | None = None


class _Proved(Record):
    """A passkey that signed what it was asked to, and for which ticket."""

    challenge_id: str
    passkey: _Known
    told: Asserted


async def start(
    store: Store,
    manager: Manager,
    proofs: Proofs,
    *,
    hints: Sequence[PasskeyHint] = (),
    caller: Caller,
    now: datetime,
) -> Ceremony | Refused:
    """Ask a browser for any passkey that is good at this portal; counted for the network address."""
    site = _site(manager, caller)
    if isinstance(site, Refused):
        return site
    counted = await attempts.count(store, manager.slug, Kind.PASSKEY, caller.address, now)
    if not counted.allowed:
        return too_many(counted, now)
    async with store.work(manager.slug) as work:
        challenge = await challenges.begin(work, _SIGN_IN, email="", now=now)
    asked = proofs.signable(_SIGN_IN, challenge.id)
    return Ceremony(
        ticket=proofs.ticket(challenge.id),
        options=request_options(site, asked, hints=hints, lifetime=LIFETIMES[_SIGN_IN]),
        expires_at=challenge.expires_at,
    )


async def sign_in(
    store: Store, manager: Manager, proofs: Proofs, *, ticket: str, response: str, caller: Caller, now: datetime
) -> SignedIn | Refused:
    """Sign in whoever has the passkey that signed what `ticket` was given for, once.

    The try is counted for the network address. An answer that is refused does not use the ticket up, unless the passkey
    itself may not be believed, or its owner not come in. Raises only what the store raises.
    """
    site = _site(manager, caller)
    if isinstance(site, Refused):
        return site
    tries = [await attempts.count(store, manager.slug, Kind.ADDRESS, caller.address, now)]
    if not tries[-1].allowed:
        return too_many(tries[-1], now)
    proved = await _proved(store, manager.slug, proofs, site, ticket=ticket, response=response, now=now)
    if isinstance(proved, Refused):
        return proved
    async with store.work(manager.slug) as work:
        return await _met(work, manager, proved, tries, caller=caller, now=now)


def _site(manager: Manager, caller: Caller) -> Site | Refused:
    site = passkeys.offered(manager, caller)
    return Refused(reason=Reason(site.value)) if isinstance(site, passkeys.Reason) else site


async def _proved(
    store: Store, manager: str, proofs: Proofs, site: Site, *, ticket: str, response: str, now: datetime
) -> _Proved | Refused:
    challenge_id = proofs.read_ticket(ticket)
    if challenge_id is None:
        return _EXPIRED
    try:
        credential = read_assertion(response)
    except UnbelievableError:
        return _INVALID
    known = await _known(store, manager, challenge_id, credential, now)
    if isinstance(known, Refused):
        return known
    told = _told(site, proofs.signable(_SIGN_IN, challenge_id), credential, known)
    if isinstance(told, Refused):
        return told
    return _Proved(challenge_id=challenge_id, passkey=known, told=told)


async def _known(
    store: Store, manager: str, challenge_id: str, credential: AuthenticationCredential, now: datetime
) -> _Known | Refused:
    """The passkey that a credential names, nobody's if nobody has it; a refusal where the ticket is over."""
    named = select(PasskeyRow).where(col(PasskeyRow.credential_hash) == passkeys.hash_of(credential.raw_id))
    async with store.work(manager) as work:
        if isinstance(await challenges.find(work, _SIGN_IN, challenge_id, now), Ended):
            return _EXPIRED
        row = (await work.exec(named)).first()
        if row is None:
            return _Known()
        return _Known(id=row.id, person_id=row.person_id, public_key=base64url_to_bytes(row.public_key))


def _told(site: Site, challenge: bytes, credential: AuthenticationCredential, known: _Known) -> Asserted | Refused:
    """What the passkey tells of itself, or why it is not believed: the same for nobody's and for a wrong signature."""
    try:
        told = asserted(site, challenge, credential, known.public_key)
    except WrongSignatureError:
        return _UNKNOWN
    except UnbelievableError:
        return _INVALID
    theirs = credential.response.user_handle == passkeys.handle_of(known.person_id)
    return told if theirs else _UNKNOWN


async def _met(
    work: Work, manager: Manager, proved: _Proved, tries: list[Try], *, caller: Caller, now: datetime
) -> SignedIn | Refused:
    """Use the ticket up and let the passkey's owner in: of all who come with it at once, one."""
    if isinstance(await challenges.meet(work, _SIGN_IN, proved.challenge_id, now), Ended):
        return _EXPIRED
    owner, key, told = proved.passkey.person_id, proved.passkey.id, proved.told
    person = await held(work, owner)
    passkey = (await work.exec(select(PasskeyRow).where(col(PasskeyRow.id) == key).with_for_update())).first()
    if person is None or passkey is None:  # given up while it was compared
        return _UNKNOWN
    if person.disabled_at is not None:
        return Refused(reason=Reason.ACCOUNT_DISABLED)
    if _goes_back(passkey.sign_count, told.sign_count):
        _log.warning("a passkey counts backwards: it may have been copied", manager=manager.slug, passkey=passkey.id)
        return _INVALID
    passkey.sign_count, passkey.backed_up, passkey.used_at = told.sign_count, told.backed_up, now
    return await admitted(work, manager, person, tries, way=SignInWay.PASSKEY, caller=caller, now=now)


def _goes_back(before: int, told: int) -> bool:
    """Whether a passkey was used less often than it had been; those that several devices have count nothing at all."""
    return (before > 0 or told > 0) and told <= before
