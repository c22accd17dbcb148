"""Registration, and the letter that completes it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.auth.applicant import Applicant
from ventanilla.auth.registration import Registration
from ventanilla.resolvers.asked import LetterRequest
from ventanilla.resolvers.registration import EmailProof
from ventanilla.schema.enums import LetterReason, RegisterReason, VerifyEmailReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.input(description="Somebody who registers.")
class RegisterInput:
    """Input of `register`."""

    email: str = strawberry.field(description="The e-mail address to sign in with; a letter to it must be answered.")
    password: str = strawberry.field(description="As `portal.passwordPolicy` asks for.")
    given_name: str = strawberry.field(description="Given names, one line of at most 120 characters.")
    family_name: str = strawberry.field(description="Family names, one line of at most 120 characters.")
    document_type: str = strawberry.field(
        description="What kind of identity document it is, as the country calls it: `DNI`, `CC`, `PESEL`."
    )
    document_number: str = strawberry.field(
        description="Its number: 3 to 40 letters and digits; spaces, dots, hyphens and slashes do not count."
    )
    phone: str = strawberry.field(description="Telephone number: 6 to 20 digits, with `+`, spaces, brackets, hyphens.")
    accepted_terms_version: str | None = strawberry.field(
        default=None, description="`portal.terms.version` as it was read and accepted; null where there are no terms."
    )
    language: str | None = strawberry.field(
        default=None,
        description="What letters are written in, one of `portal.languages`; that of the answer unless said.",
    )

    def record(self) -> Registration:
        """The input as the resolver takes it."""
        applicant = Applicant(
            email=self.email,
            given_name=self.given_name,
            family_name=self.family_name,
            document_type=self.document_type,
            document_number=self.document_number,
            phone=self.phone,
            language=self.language,
        )
        return Registration(applicant=applicant, password=self.password, accepted_terms=self.accepted_terms_version)


@strawberry.type(description="Why a registration was not taken.")
class RegisterError(UserError):
    """Refusal of `register`."""

    reason: RegisterReason = prop("The reason.")


@strawberry.type(description="What came of `register`: alike whether or not somebody has that e-mail address already.")
class RegisterPayload:
    """Payload of `register`."""

    masked_email: str | None = prop("Where a letter goes, to be shown: enough to see a slip.")
    expires_at: datetime | None = prop("Until when its link can be followed.")
    user_errors: list[RegisterError] = prop("Why the registration was not taken; empty on success.")


@strawberry.input(description="Who waits for a letter that did not come.")
class ResendVerificationInput:
    """Input of `resendVerification`."""

    email: str = strawberry.field(description="The e-mail address given to `register`.")

    def record(self) -> LetterRequest:
        """The input as the resolver takes it."""
        return LetterRequest(email=self.email)


@strawberry.type(description="Why no letter was written.")
class ResendVerificationError(UserError):
    """Refusal of `resendVerification`."""

    reason: LetterReason = prop("The reason.")


@strawberry.type(
    description="What came of `resendVerification`: alike whoever waits at that e-mail address, or nobody."
)
class ResendVerificationPayload:
    """Payload of `resendVerification`."""

    masked_email: str | None = prop("Where a letter goes, to be shown: enough to see a slip.")
    expires_at: datetime | None = prop("Until when its link can be followed.")
    user_errors: list[ResendVerificationError] = prop("Why no letter was written; empty on success.")


@strawberry.input(description="What proves that somebody reads an e-mail address.")
class VerifyEmailInput:
    """Input of `verifyEmail`."""

    token: str = strawberry.field(description="What stands behind `#` in the address of the letter's link.")

    def record(self) -> EmailProof:
        """The input as the resolver takes it."""
        return EmailProof(token=self.token)


@strawberry.type(description="Why nothing was verified.")
class VerifyEmailError(UserError):
    """Refusal of `verifyEmail`."""

    reason: VerifyEmailReason = prop("The reason.")


@strawberry.type(description="What came of `verifyEmail`.")
class VerifyEmailPayload:
    """Payload of `verifyEmail`."""

    email: str | None = prop("The e-mail address that can be signed in with from now on; null when it cannot.")
    user_errors: list[VerifyEmailError] = prop("Why nothing was verified; empty on success.")
