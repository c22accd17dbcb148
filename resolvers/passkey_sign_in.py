"""Signing in with a passkey."""

from __future__ import annotations

from enum import StrEnum

from ventanilla.auth import passkey_sign_in
from ventanilla.auth.passkey_ceremonies import PasskeyHint
from ventanilla.auth.signing_in import Refused
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.passkeys import StartedCeremony, ceremony
from ventanilla.resolvers.sessions import SessionDelivery, SignedIn, entered, refusal


class StartPasskeySignInReason(StrEnum):
    """Why no passkey is asked for."""

    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class PasskeySignInReason(StrEnum):
    """Why nobody was signed in."""

    PASSKEY_UNKNOWN = "PASSKEY_UNKNOWN"
    PASSKEY_INVALID = "PASSKEY_INVALID"
    TICKET_EXPIRED = "TICKET_EXPIRED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    NOT_AVAILABLE_HERE = "NOT_AVAILABLE_HERE"


class PasskeySearch(Record):
    """Where the passkey is likely to be."""

    hints: tuple[PasskeyHint, ...] = ()


class SignedPasskey(Record):
    """What a passkey signed, and for which ticket. It never shows what it holds."""

    ticket: str
    response: str
    delivery: SessionDelivery = SessionDelivery.COOKIE

    def __repr__(self) -> str:
        return "SignedPasskey(…)"


@call(scope=Scope.PUBLIC)
async def start_passkey_sign_in(context: Context, *, where: PasskeySearch | None = None) -> StartedCeremony:
    """Ask a browser for any passkey that is good here."""
    started = await passkey_sign_in.start(
        context.services.store,
        context.manager,
        context.proofs,
        hints=where.hints if where else (),
        caller=context.caller,
        now=context.now,
    )
    if isinstance(started, Refused):
        reason = StartPasskeySignInReason(started.reason.value)
        return StartedCeremony(user_errors=[refusal(started, reason, context.language)])
    return ceremony(started)


@call(scope=Scope.PUBLIC)
async def finish_passkey_sign_in(context: Context, *, proof: SignedPasskey) -> SignedIn:
    """Begin a session with what a passkey signed."""
    return await entered(context, proof.delivery, lambda: _tried(context, proof), PasskeySignInReason)


async def _tried(context: Context, proof: SignedPasskey) -> passkey_sign_in.SignedIn | Refused:
    return await passkey_sign_in.sign_in(
        context.services.store,
        context.manager,
        context.proofs,
        ticket=proof.ticket,
        response=proof.response,
        caller=context.caller,
        now=context.now,
    )
