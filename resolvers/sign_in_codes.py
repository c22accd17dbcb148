"""Signing in with a code that a letter tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from ventanilla.auth import sign_in_codes
from ventanilla.auth.asked import NotAnEmailError
from ventanilla.auth.signing_in import Reason, Refused
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.asked import NO_EMAIL
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.resolvers.sessions import SessionDelivery, SignedIn, entered, refusal


class SignInCodeReason(StrEnum):
    """Why no code was sent."""

    FIELD_INVALID = "FIELD_INVALID"
    RATE_LIMITED = "RATE_LIMITED"
    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"


class SignInWithCodeReason(StrEnum):
    """Why nobody was signed in."""

    CODE_INVALID = "CODE_INVALID"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_USED = "CODE_USED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    WAY_NOT_OFFERED = "WAY_NOT_OFFERED"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"


_OF_REFUSED: Final = {
    Reason.TOO_MANY_ATTEMPTS: SignInCodeReason.RATE_LIMITED,
    Reason.WAY_NOT_OFFERED: SignInCodeReason.WAY_NOT_OFFERED,
}


class CodeRequest(Record):
    """Who wants to sign in. It never shows what it holds."""

    email: str

    def __repr__(self) -> str:
        return "CodeRequest(…)"


class CodeTry(Record):
    """A code, and what it is tried with. It never shows what it holds."""

    ticket: str
    code: str
    delivery: SessionDelivery = SessionDelivery.COOKIE

    def __repr__(self) -> str:
        return "CodeTry(…)"


class RequestedCode(Record):
    """What came of asking for a code: alike whether or not there is somebody to tell it to."""

    ticket: str | None = None
    masked_email: str | None = None
    expires_at: datetime | None = None
    resend_available_at: datetime | None = None
    user_errors: list[Refusal] = []


@call(scope=Scope.PUBLIC)
async def request_sign_in_code(context: Context, *, who: CodeRequest) -> RequestedCode:
    """Send a code to who may sign in with that e-mail. Nobody and somebody are alike in answer and in work."""
    try:
        asked = await sign_in_codes.ask(
            context.services.store,
            context.manager,
            context.proofs,
            email=who.email,
            caller=context.caller,
            now=context.now,
        )
    except NotAnEmailError:
        return RequestedCode(user_errors=[_no_email(context.language)])
    if isinstance(asked, Refused):
        return RequestedCode(user_errors=[refusal(asked, _OF_REFUSED[asked.reason], context.language)])
    context.services.wake_worker()
    return RequestedCode(
        ticket=asked.ticket,
        masked_email=asked.masked_email,
        expires_at=asked.expires_at,
        resend_available_at=asked.resend_at,
    )


@call(scope=Scope.PUBLIC)
async def sign_in_with_code(context: Context, *, proof: CodeTry) -> SignedIn:
    """Begin a session with a code and its ticket."""
    return await entered(context, proof.delivery, lambda: _tried(context, proof), SignInWithCodeReason)


async def _tried(context: Context, proof: CodeTry) -> sign_in_codes.SignedIn | Refused:
    return await sign_in_codes.sign_in(
        context.services.store,
        context.manager,
        context.proofs,
        ticket=proof.ticket,
        code=proof.code,
        caller=context.caller,
        now=context.now,
    )


def _no_email(language: str) -> Refusal:
    return refused(SignInCodeReason.FIELD_INVALID, NO_EMAIL, language, "email")
