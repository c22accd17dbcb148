"""The password policy: what those who administer access ask of the passwords that are chosen from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from ventanilla.auth import policy_change
from ventanilla.auth.applicant import Flaw
from ventanilla.auth.policy_change import PolicyChange
from ventanilla.auth.told_changes import spelt
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.store.manager import PasswordPolicy
from ventanilla.store.password_policy import BOUNDS


class UpdatePasswordPolicyReason(StrEnum):
    """Why a password policy stays as it is."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    FIELD_INVALID = "FIELD_INVALID"


_REQUIRED: Final[Mapping[str, str]] = {
    "en": "Say what it is to be, or leave it out: then it stays as it is.",
    "es": "Indique cómo debe ser o no lo envíe: así queda como está.",
    "pl": "Prosimy podać wartość albo pominąć to pole: wtedy pozostanie bez zmian.",
}
_OUTSIDE: Final[Mapping[str, Mapping[str, str]]] = {
    "min_length": {
        "en": "Ask for at least {min} characters, at most for {max}.",
        "es": "Exija como mínimo {min} caracteres y como máximo {max}.",
        "pl": "Prosimy wymagać co najmniej {min}, a najwyżej {max} znaków.",
    },
    "max_age_days": {
        "en": "A password is good for {min} to {max} days, or for ever.",
        "es": "Una contraseña vale de {min} a {max} días, o para siempre.",
        "pl": "Hasło jest ważne od {min} do {max} dni albo bezterminowo.",
    },
    "history": {
        "en": "From {min} to {max} former passwords can be kept from coming back.",
        "es": "Se puede impedir que vuelvan de {min} a {max} contraseñas anteriores.",
        "pl": "Można wykluczyć powrót od {min} do {max} poprzednich haseł.",
    },
}


class UpdatedPasswordPolicy(Record):
    """What came of it: the policy as it is now."""

    password_policy: PasswordPolicy | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.STAFF_ADMIN)
async def update(context: Context, *, change: PolicyChange) -> UpdatedPasswordPolicy:
    """Change what a password must have that is chosen from the next request on, or later in this one."""
    outcome = await policy_change.update(
        context.services.store,
        context.manager.slug,
        change,
        person_id=context.person_id,
        caller=context.caller,
        now=context.now,
    )
    if not isinstance(outcome, PasswordPolicy):
        return UpdatedPasswordPolicy(user_errors=[_refusal(context, name, flaw) for name, flaw in outcome.items()])
    presentation = replace(context.manager.presentation, password_policy=outcome)
    context.manager = replace(context.manager, presentation=presentation)
    return UpdatedPasswordPolicy(password_policy=outcome)


def _refusal(context: Context, name: str, flaw: Flaw) -> Refusal:
    reason = UpdatePasswordPolicyReason(flaw.value)
    if flaw is Flaw.FIELD_REQUIRED:
        return refused(reason, _REQUIRED, context.language, spelt(name))
    bounds = {"min": str(BOUNDS[name][0]), "max": str(BOUNDS[name][-1])}
    texts = {language: text.format(**bounds) for language, text in _OUTSIDE[name].items()}
    return refused(reason, texts, context.language, spelt(name), params=bounds)
