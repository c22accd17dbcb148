"""The viewer's profile: what they say of themselves, how they are reached, and another e-mail address for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ventanilla.auth import contact, new_email, profile
from ventanilla.auth.actor import Actor
from ventanilla.auth.attempts import Try
from ventanilla.auth.contact import ContactChange, ContactState, StaleSessionError
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.new_email import Moved
from ventanilla.auth.people import EmailTakenError
from ventanilla.auth.profile import Profile, ProfileChange
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.asked import bad_token, too_many
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused, sign_in_anew
from ventanilla.resolvers.registration import EmailProof, of_fields


class UpdateProfileReason(StrEnum):
    """Why a profile stays as it is."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    FIELD_INVALID = "FIELD_INVALID"


class UpdateContactReason(StrEnum):
    """Why somebody is reached as before."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    FIELD_INVALID = "FIELD_INVALID"
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"
    RATE_LIMITED = "RATE_LIMITED"


class ConfirmNewEmailReason(StrEnum):
    """Why the e-mail stays as it is."""

    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105  the name of a reason, not a secret
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  the name of a reason, not a secret
    TOKEN_USED = "TOKEN_USED"  # noqa: S105  the name of a reason, not a secret
    EMAIL_TAKEN = "EMAIL_TAKEN"


_TAKEN: Final[Mapping[str, str]] = {
    "en": "Somebody has this e-mail address by now. Sign in with it, or ask for another one.",
    "es": "Este correo electrónico ya es de otra cuenta. Ingrese con él o pida otro.",
    "pl": "Ten adres e-mail należy już do innego konta. Prosimy zalogować się nim lub podać inny.",
}


class UpdatedProfile(Record):
    """What came of changing one's profile."""

    profile: Profile | None = None
    user_errors: Sequence[Refusal] = ()


class UpdatedContact(Record):
    """What came of wanting to be reached otherwise."""

    state: ContactState | None = None
    profile: Profile | None = None
    user_errors: Sequence[Refusal] = ()


class ConfirmedEmail(Record):
    """What came of following the link to a new address."""

    email: str | None = None
    user_errors: Sequence[Refusal] = ()


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[Profile | None]:
    """The profile of each viewer, who is always the one who asks."""
    return [await _mine(context)] * len(viewers)


@call(scope=Scope.PERSON)
async def update(context: Context, *, change: ProfileChange) -> UpdatedProfile:
    """Change what the viewer is called, and the language of their letters."""
    flaws = await profile.update(
        context.services.store,
        context.manager,
        change,
        person_id=context.person_id,
        caller=context.caller,
        now=context.now,
    )
    if flaws:
        return UpdatedProfile(user_errors=[*of_fields(context, UpdateProfileReason, flaws)])
    mine = await _mine(context)
    if mine is not None:
        name = f"{mine.given_name} {mine.family_name}"
        context.actor = msgspec.structs.replace(context.actor, name=name)
    return UpdatedProfile(profile=mine)


@call(scope=Scope.PERSON)
async def update_contact(context: Context, *, change: ContactChange) -> UpdatedContact:
    """Change how the viewer is reached. An address that is free and one that somebody has are alike."""
    try:
        outcome = await contact.update(
            context.services.store,
            context.manager,
            change,
            person_id=context.person_id,
            session_id=context.actor.session_id,
            email=context.actor.email or "",
            caller=context.caller,
            now=context.now,
        )
    except StaleSessionError:
        stale = sign_in_anew(UpdateContactReason.REAUTHENTICATION_REQUIRED, context.language, "email")
        return UpdatedContact(user_errors=[stale])
    if isinstance(outcome, Try):
        return UpdatedContact(user_errors=[too_many(context, UpdateContactReason.RATE_LIMITED, outcome)])
    if not isinstance(outcome, ContactState):
        return UpdatedContact(user_errors=[*of_fields(context, UpdateContactReason, outcome)])
    if outcome is ContactState.EMAIL_VERIFICATION_SENT:
        context.services.wake_worker()
    return UpdatedContact(state=outcome, profile=await _mine(context))


@call(scope=Scope.PUBLIC)
async def confirm_new_email(context: Context, *, proof: EmailProof) -> ConfirmedEmail:
    """Follow the link of a letter, wherever it is opened: the address is the person's from now on."""
    outcome = await new_email.confirm(
        context.services.store,
        context.manager,
        context.proofs,
        token=proof.token,
        caller=context.caller,
        now=context.now,
    )
    if isinstance(outcome, BadToken):
        return ConfirmedEmail(user_errors=[bad_token(context, ConfirmNewEmailReason(outcome.value), outcome)])
    if isinstance(outcome, EmailTakenError):
        taken = refused(ConfirmNewEmailReason.EMAIL_TAKEN, _TAKEN, context.language)
        return ConfirmedEmail(user_errors=[taken])
    return _moved(context, outcome)


def _moved(context: Context, moved: Moved) -> ConfirmedEmail:
    context.services.wake_worker()
    if context.actor.person_id == moved.person_id:
        context.actor = msgspec.structs.replace(context.actor, email=moved.email)
    return ConfirmedEmail(email=moved.email)


async def _mine(context: Context) -> Profile | None:
    return await profile.of_person(context.services.store, context.manager.slug, context.person_id, context.now)
