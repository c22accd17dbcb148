"""Passwords: another one for who forgot theirs, and for who knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ventanilla.auth import password_change, recovery
from ventanilla.auth.attempts import Try
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.new_passwords import ChangedMeanwhileError
from ventanilla.auth.password_change import Passwords, WrongPassword
from ventanilla.auth.policy import Violation
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.asked import AskedLetter, LetterRequest, answered, bad_token, too_many
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.new_passwords import against_policy, in_line
from ventanilla.resolvers.problems import Problem, ProblemCode, overloaded
from ventanilla.resolvers.refusals import Refusal, refused


class ResetPasswordReason(StrEnum):
    """Why the password stays as it is."""

    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105  the name of a reason, not a secret
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  the name of a reason, not a secret
    TOKEN_USED = "TOKEN_USED"  # noqa: S105  the name of a reason, not a secret
    PASSWORD_POLICY = "PASSWORD_POLICY"  # noqa: S105  the name of a reason, not a secret
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class ChangePasswordReason(StrEnum):
    """Why the password stays as it is."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    PASSWORD_POLICY = "PASSWORD_POLICY"  # noqa: S105  the name of a reason, not a secret
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


_WRONG: Final[Mapping[str, str]] = {
    "en": "The current password is wrong.",
    "es": "La contraseña actual no es correcta.",
    "pl": "Obecne hasło jest nieprawidłowe.",
}


class Reset(Record):
    """The token of a letter's link and the password that is wanted. It never shows what it holds."""

    token: str
    new_password: str

    def __repr__(self) -> str:
        return "Reset(…)"


class ChangedPassword(Record):
    """What came of asking for another password."""

    ended_sessions: int = 0
    user_errors: list[Refusal] = []


@call(scope=Scope.PUBLIC)
async def request_password_reset(context: Context, *, to: LetterRequest) -> AskedLetter:
    """Send the link that leads to another password. Nobody and somebody are alike in answer and in work."""
    store, manager = context.services.store, context.manager
    asked = recovery.request(store, manager, email=to.email, caller=context.caller, now=context.now)
    return await answered(context, asked)


@call(scope=Scope.PUBLIC)
async def reset_password(context: Context, *, reset: Reset) -> ChangedPassword:
    """Give who followed the link of a letter another password, and end all of their sessions."""
    outcome = await _reset(context, reset)
    if isinstance(outcome, BadToken):
        return ChangedPassword(user_errors=[bad_token(context, ResetPasswordReason(outcome.value), outcome)])
    if isinstance(outcome, Try):
        return ChangedPassword(user_errors=[too_many(context, ResetPasswordReason.TOO_MANY_ATTEMPTS, outcome)])
    return _changed(context, outcome, ResetPasswordReason.PASSWORD_POLICY)


async def _reset(context: Context, reset: Reset) -> int | BadToken | Try | tuple[Violation, ...]:
    try:
        with in_line():
            return await recovery.reset(
                context.services.store,
                context.manager,
                context.proofs,
                token=reset.token,
                password=reset.new_password,
                refused=context.services.refused,
                caller=context.caller,
                now=context.now,
            )
    except ChangedMeanwhileError:
        raise overloaded() from None


@call(scope=Scope.SIGNED_IN)
async def change_password(context: Context, *, given: Passwords) -> ChangedPassword:
    """Change the password of who is signed in, and end their other sessions."""
    if context.tried:
        return ChangedPassword(user_errors=[too_many(context, ChangePasswordReason.TOO_MANY_ATTEMPTS)])
    context.tried = True
    outcome = await _change(context, given)
    if isinstance(outcome, Try):
        return ChangedPassword(user_errors=[too_many(context, ChangePasswordReason.TOO_MANY_ATTEMPTS, outcome)])
    if isinstance(outcome, WrongPassword):
        wrong = refused(ChangePasswordReason.INVALID_CREDENTIALS, _WRONG, context.language, "currentPassword")
        return ChangedPassword(user_errors=[wrong])
    return _changed(context, outcome, ChangePasswordReason.PASSWORD_POLICY)


async def _change(context: Context, given: Passwords) -> int | WrongPassword | Try | tuple[Violation, ...]:
    person_id, session_id = context.actor.person_id, context.actor.session_id
    if person_id is None or session_id is None:
        raise Problem(ProblemCode.UNAUTHENTICATED)
    with in_line():
        outcome = await password_change.change(
            context.services.store,
            context.manager,
            given,
            person_id=person_id,
            session_id=session_id,
            refused=context.services.refused,
            caller=context.caller,
            now=context.now,
        )
    if isinstance(outcome, int):
        changes = {"must_change_password": False, "password_set_at": context.now}
        context.actor = msgspec.structs.replace(context.actor, **changes)
    return outcome


def _changed(context: Context, outcome: int | Sequence[Violation], reason: StrEnum) -> ChangedPassword:
    if isinstance(outcome, int):
        context.services.wake_worker()
        return ChangedPassword(ended_sessions=outcome)
    return ChangedPassword(user_errors=[against_policy(context, reason, outcome, "newPassword")])
