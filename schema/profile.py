"""The viewer's profile, and how they change it."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from ventanilla.auth.contact import ContactChange
from ventanilla.auth.profile import ProfileChange
from ventanilla.resolvers.registration import EmailProof
from ventanilla.schema.enums import ConfirmNewEmailReason, ContactState, UpdateContactReason, UpdateProfileReason
from ventanilla.schema.fields import given, prop
from ventanilla.schema.problems import UserError


@strawberry.type(
    description="What the viewer has said of themselves. What is in a manager's books is not changed by it."
)
class Profile:
    """A profile."""

    given_name: str = prop("Given names.")
    family_name: str = prop("Family names.")
    document_type: str | None = prop("What kind of identity document it is: `DNI`, `CC`, `PESEL`.")
    document_number: str | None = prop("Its number: capital letters and digits, as they gave it; proved by nobody.")
    phone: str | None = prop("Telephone number.")
    language: str | None = prop("What letters are written in; null for the first of `portal.languages`.")
    email: str = prop("The e-mail address they sign in with, and letters go to.")
    email_verified_at: datetime | None = prop("Since when it is known that they read it.")
    pending_email: str | None = prop(
        "The address that takes its place once the link in the letter to it is followed, within a day."
    )
    user_name: str | None = prop("What they may sign in with beside the e-mail address, where the manager gave it.")
    created_at: datetime = prop("Since when they can sign in.")


@strawberry.input(description="What is to be changed. What is left out stays as it is.")
class UpdateProfileInput:
    """Input of `updateProfile`."""

    given_name: str | None = strawberry.field(
        default=UNSET, description="Given names, one line of at most 120 characters; never null."
    )
    family_name: str | None = strawberry.field(
        default=UNSET, description="Family names, one line of at most 120 characters; never null."
    )
    language: str | None = strawberry.field(
        default=UNSET, description="What letters are written in, one of `portal.languages`; null for the first of them."
    )

    def record(self) -> ProfileChange:
        """The input as the resolver takes it."""
        return ProfileChange(
            given_name=given(self.given_name), family_name=given(self.family_name), language=given(self.language)
        )


@strawberry.type(description="Why a profile stays as it is.")
class UpdateProfileError(UserError):
    """Refusal of `updateProfile`."""

    reason: UpdateProfileReason = prop("The reason.")


@strawberry.type(description="What came of `updateProfile`.")
class UpdateProfilePayload:
    """Payload of `updateProfile`."""

    profile: Profile | None = prop("The profile as it is now; null on refusal.")
    user_errors: list[UpdateProfileError] = prop("Why nothing was changed; empty on success.")


@strawberry.input(description="How the viewer wants to be reached. What is left out stays as it is.")
class UpdateContactInput:
    """Input of `updateContact`."""

    email: str | None = strawberry.field(
        default=UNSET,
        description="The new e-mail address; never null. The present one takes back what was asked for before.",
    )
    phone: str | None = strawberry.field(
        default=UNSET,
        description="Telephone number: 6 to 20 digits, with `+`, spaces, brackets, hyphens; null for none.",
    )

    def record(self) -> ContactChange:
        """The input as the resolver takes it."""
        return ContactChange(email=given(self.email), phone=given(self.phone))


@strawberry.type(description="Why the viewer is reached as before.")
class UpdateContactError(UserError):
    """Refusal of `updateContact`."""

    reason: UpdateContactReason = prop("The reason.")


@strawberry.type(description="What came of `updateContact`: alike whether or not somebody has that e-mail address.")
class UpdateContactPayload:
    """Payload of `updateContact`."""

    state: ContactState | None = prop("What came of it; null on refusal.")
    profile: Profile | None = prop("The profile as it is now; null on refusal.")
    user_errors: list[UpdateContactError] = prop("Why nothing was changed; empty on success.")


@strawberry.input(description="What proves that somebody reads the new e-mail address.")
class ConfirmNewEmailInput:
    """Input of `confirmNewEmail`."""

    token: str = strawberry.field(description="What stands behind `#` in the address of the letter's link.")

    def record(self) -> EmailProof:
        """The input as the resolver takes it."""
        return EmailProof(token=self.token)


@strawberry.type(description="Why the e-mail address stays as it is.")
class ConfirmNewEmailError(UserError):
    """Refusal of `confirmNewEmail`."""

    reason: ConfirmNewEmailReason = prop("The reason.")


@strawberry.type(description="What came of `confirmNewEmail`.")
class ConfirmNewEmailPayload:
    """Payload of `confirmNewEmail`."""

    email: str | None = prop("The e-mail address that is signed in with from now on; null on refusal.")
    user_errors: list[ConfirmNewEmailError] = prop("Why nothing was changed; empty on success.")
