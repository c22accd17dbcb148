"""Activation: who was invited follows the link of their letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ventanilla.auth import access_activation
from ventanilla.auth.access_activation import Activation, Lacking
from ventanilla.auth.attempts import Try
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.new_passwords import ChangedMeanwhileError
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.asked import bad_token, too_many
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.new_passwords import against_policy, in_line
from ventanilla.resolvers.problems import overloaded
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.resolvers.registration import of_terms


class ActivateAccessReason(StrEnum):
    """Why nothing was activated."""

    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105  the name of a reason, not a secret
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  the name of a reason, not a secret
    TOKEN_USED = "TOKEN_USED"  # noqa: S105  the name of a reason, not a secret
    PASSWORD_REQUIRED = "PASSWORD_REQUIRED"  # noqa: S105  the name of a reason, not a secret
    PASSWORD_POLICY = "PASSWORD_POLICY"  # noqa: S105  the name of a reason, not a secret
    TERMS_NOT_ACCEPTED = "TERMS_NOT_ACCEPTED"
    TERMS_VERSION_STALE = "TERMS_VERSION_STALE"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


_CHOOSE = {
    "en": "Choose a password.",
    "es": "Elija una contraseña.",
    "pl": "Prosimy wybrać hasło.",
}


class ActivatedAccess(Record):
    """What came of following the link of an invitation."""

    email: str | None = None
    existing: bool | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.PUBLIC)
async def activate(context: Context, *, proof: Activation) -> ActivatedAccess:
    """Accept an invitation. Signed in is nobody by it."""
    try:
        with in_line():
            outcome = await access_activation.activate(
                context.services.store,
                context.manager,
                context.proofs,
                proof,
                refused=context.services.refused,
                caller=context.caller,
                language=context.language,
                now=context.now,
            )
    except ChangedMeanwhileError:
        raise overloaded() from None
    if isinstance(outcome, BadToken):
        return ActivatedAccess(user_errors=[bad_token(context, ActivateAccessReason(outcome.value), outcome)])
    if isinstance(outcome, Try):
        return ActivatedAccess(user_errors=[too_many(context, ActivateAccessReason.TOO_MANY_ATTEMPTS, outcome)])
    if isinstance(outcome, Lacking):
        return ActivatedAccess(user_errors=[*_refusals(context, outcome)])
    return ActivatedAccess(email=outcome.email, existing=outcome.existing)


def _refusals(context: Context, lacking: Lacking) -> Iterator[Refusal]:
    if lacking.password:
        yield refused(ActivateAccessReason.PASSWORD_REQUIRED, _CHOOSE, context.language, "password")
    if lacking.violations:
        yield against_policy(context, ActivateAccessReason.PASSWORD_POLICY, lacking.violations, "password")
    if lacking.terms:
        yield of_terms(context, ActivateAccessReason(lacking.terms.value), lacking.terms)
