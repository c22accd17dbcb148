"""Coming in, and going: registration, the ways to sign in, passwords, sessions."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import (
    access_activation,
    passkey_sign_in,
    passwords,
    registration,
    second_factor,
    sessions,
    sign_in_codes,
)
from ventanilla.schema.access_activation import ActivateAccessInput, ActivateAccessPayload
from ventanilla.schema.fields import arg, call
from ventanilla.schema.passkey_sign_in import (
    FinishPasskeySignInInput,
    FinishPasskeySignInPayload,
    StartPasskeySignInInput,
    StartPasskeySignInPayload,
)
from ventanilla.schema.password import (
    ChangePasswordInput,
    ChangePasswordPayload,
    RequestPasswordResetInput,
    RequestPasswordResetPayload,
    ResetPasswordInput,
    ResetPasswordPayload,
)
from ventanilla.schema.registration import (
    RegisterInput,
    RegisterPayload,
    ResendVerificationInput,
    ResendVerificationPayload,
    VerifyEmailInput,
    VerifyEmailPayload,
)
from ventanilla.schema.second_factor import (
    ShowSecondFactorInput,
    ShowSecondFactorPayload,
)
from ventanilla.schema.session import (
    EndSessionInput,
    EndSessionPayload,
    SignInInput,
    SignInPayload,
    SignOutInput,
    SignOutPayload,
)
from ventanilla.schema.sign_in_code import (
    RequestSignInCodeInput,
    RequestSignInCodePayload,
    SignInWithCodeInput,
    SignInWithCodePayload,
)


@strawberry.type
class SigningIn:
    """A part of the root of mutations."""

    @call(
        registration.register,
        "Register. A letter with a link completes it, within 24 hours. An address that somebody has already is answered"
        " alike, and its owner is told by letter.",
    )
    def register(self, who: Annotated[RegisterInput, arg("Who registers.", "input")]) -> RegisterPayload: ...

    @call(
        registration.resend_verification,
        "Send the letter of a registration anew; its link takes the place of the older one.",
    )
    def resend_verification(
        self, to: Annotated[ResendVerificationInput, arg("Who waits for it.", "input")]
    ) -> ResendVerificationPayload: ...

    @call(registration.verify_email, "Follow the link of a letter, once: who registered can sign in from then on.")
    def verify_email(
        self, proof: Annotated[VerifyEmailInput, arg("The token of the link.", "input")]
    ) -> VerifyEmailPayload: ...

    @call(
        access_activation.activate,
        "Follow the link of an invitation, once: choose a password, unless there is one, and reach what the manager has"
        " given access to.",
    )
    def activate_access(
        self, proof: Annotated[ActivateAccessInput, arg("The token of the link, and the password.", "input")]
    ) -> ActivateAccessPayload: ...

    @call(
        passwords.request_password_reset,
        "Send a link that leads to another password, good for an hour; an older one is good no longer. Known and"
        " unknown addresses are answered alike.",
    )
    def request_password_reset(
        self, to: Annotated[RequestPasswordResetInput, arg("Who forgot theirs.", "input")]
    ) -> RequestPasswordResetPayload: ...

    @call(
        passwords.reset_password,
        "Follow the link of a letter, once, and choose another password. All sessions of the person end, and programs"
        " may act for them no more. A password that the policy refuses does not use the link up.",
    )
    def reset_password(
        self, reset: Annotated[ResetPasswordInput, arg("The token of the link, and the password.", "input")]
    ) -> ResetPasswordPayload: ...

    @call(
        passwords.change_password,
        "Change the viewer's password. Their other sessions end, and programs may act for them no more.",
    )
    def change_password(
        self, given: Annotated[ChangePasswordInput, arg("Both passwords.", "input")]
    ) -> ChangePasswordPayload: ...

    @call(sessions.sign_in, "Begin a session with e-mail and password.")
    def sign_in(self, credentials: Annotated[SignInInput, arg("Who signs in.", "input")]) -> SignInPayload: ...

    @call(
        sign_in_codes.request_sign_in_code,
        "Send a code to sign in with to an e-mail address; it is good for ten minutes, and an older one no longer.",
    )
    def request_sign_in_code(
        self, who: Annotated[RequestSignInCodeInput, arg("Who wants to sign in.", "input")]
    ) -> RequestSignInCodePayload: ...

    @call(sign_in_codes.sign_in_with_code, "Begin a session with a code, which also proves the e-mail address.")
    def sign_in_with_code(
        self, proof: Annotated[SignInWithCodeInput, arg("The code and its ticket.", "input")]
    ) -> SignInWithCodePayload: ...

    @call(
        passkey_sign_in.start_passkey_sign_in,
        "Begin to sign in with a passkey, whosever it may be. The answer is taken for five minutes, once.",
    )
    def start_passkey_sign_in(
        self, where: Annotated[StartPasskeySignInInput | None, arg("Where it may be.", "input")] = UNSET
    ) -> StartPasskeySignInPayload: ...

    @call(passkey_sign_in.finish_passkey_sign_in, "Begin a session with what a passkey signed.")
    def finish_passkey_sign_in(
        self, proof: Annotated[FinishPasskeySignInInput, arg("What was signed, and the ticket.", "input")]
    ) -> FinishPasskeySignInPayload: ...

    @call(
        second_factor.show,
        "Show the viewer's second factor in this session: what comes after signing in while `viewer.secondFactor.due`.",
    )
    def show_second_factor(
        self, shown: Annotated[ShowSecondFactorInput, arg("The code.", "input")]
    ) -> ShowSecondFactorPayload: ...

    @call(sessions.end_session, "End one of the viewer's sessions.")
    def end_session(self, which: Annotated[EndSessionInput, arg("The session.", "input")]) -> EndSessionPayload: ...

    @call(sessions.sign_out, "End this session, or all of the person's sessions.")
    def sign_out(
        self, which: Annotated[SignOutInput | None, arg("Which sessions; this one unless said.", "input")] = UNSET
    ) -> SignOutPayload: ...
