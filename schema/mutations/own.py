"""What is the viewer's own: profile, ways to sign in, programs, and all that is held of them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import (
    consents,
    identities,
    passkeys,
    personal_data,
    profile,
    second_factor,
)
from ventanilla.schema.consent import WithdrawConsentInput, WithdrawConsentPayload
from ventanilla.schema.fields import arg, call
from ventanilla.schema.identity import (
    StartIdentityLinkInput,
    StartIdentityLinkPayload,
    UnlinkIdentityInput,
    UnlinkIdentityPayload,
)
from ventanilla.schema.passkey import (
    FinishPasskeyRegistrationInput,
    FinishPasskeyRegistrationPayload,
    RemovePasskeyInput,
    RemovePasskeyPayload,
    RenamePasskeyInput,
    RenamePasskeyPayload,
    StartPasskeyRegistrationInput,
    StartPasskeyRegistrationPayload,
)
from ventanilla.schema.personal_data import EraseMyDataInput, EraseMyDataPayload
from ventanilla.schema.profile import (
    ConfirmNewEmailInput,
    ConfirmNewEmailPayload,
    UpdateContactInput,
    UpdateContactPayload,
    UpdateProfileInput,
    UpdateProfilePayload,
)
from ventanilla.schema.second_factor import (
    ConfirmSecondFactorInput,
    ConfirmSecondFactorPayload,
    RemoveSecondFactorInput,
    RemoveSecondFactorPayload,
    StartSecondFactorInput,
    StartSecondFactorPayload,
)


@strawberry.type
class Own:
    """A part of the root of mutations."""

    @call(profile.update, "Change what the viewer is called, and the language of their letters.")
    def update_profile(
        self, change: Annotated[UpdateProfileInput, arg("What is to be changed.", "input")]
    ) -> UpdateProfilePayload: ...

    @call(
        profile.update_contact,
        "Change how the viewer is reached, all that is given or nothing. A telephone number is changed at once. A new"
        " e-mail address takes a sign-in of the last fifteen minutes, and is the viewer's once the link in the letter"
        " to it is followed, within 24 hours; a newer link takes the place of an older one.",
    )
    def update_contact(
        self, change: Annotated[UpdateContactInput, arg("What is to be changed.", "input")]
    ) -> UpdateContactPayload: ...

    @call(
        profile.confirm_new_email,
        "Follow the link of the letter to a new e-mail address, once, signed in or not: it takes the place of the"
        " former one, which is told. Sessions stay.",
    )
    def confirm_new_email(
        self, proof: Annotated[ConfirmNewEmailInput, arg("The token of the link.", "input")]
    ) -> ConfirmNewEmailPayload: ...

    @call(
        passkeys.start_registration,
        "Begin to make a passkey for the viewer, who signed in at most fifteen minutes ago. The answer is taken for"
        " five minutes, once; one that was begun before is taken no longer.",
    )
    def start_passkey_registration(
        self, what: Annotated[StartPasskeyRegistrationInput, arg("What it is called.", "input")]
    ) -> StartPasskeyRegistrationPayload: ...

    @call(passkeys.finish_registration, "Keep the passkey that a browser made.")
    def finish_passkey_registration(
        self, made: Annotated[FinishPasskeyRegistrationInput, arg("The passkey, and the ticket.", "input")]
    ) -> FinishPasskeyRegistrationPayload: ...

    @call(passkeys.rename, "Call one of the viewer's passkeys otherwise.")
    def rename_passkey(
        self, to: Annotated[RenamePasskeyInput, arg("Which, and how.", "input")]
    ) -> RenamePasskeyPayload: ...

    @call(passkeys.remove, "Give one of the viewer's passkeys up. Their sessions stay.")
    def remove_passkey(self, which: Annotated[RemovePasskeyInput, arg("Which.", "input")]) -> RemovePasskeyPayload: ...

    @call(
        second_factor.start,
        "Begin to set a second factor up for the viewer, who signed in at most fifteen minutes ago, or gives their"
        " password. It counts once it is confirmed; one that is set up already stays until then.",
    )
    def start_second_factor(
        self, what: Annotated[StartSecondFactorInput, arg("Who wants one.", "input")]
    ) -> StartSecondFactorPayload: ...

    @call(
        second_factor.confirm,
        "Set the second factor up that was begun. From then on it is asked for in each session that no passkey began.",
    )
    def confirm_second_factor(
        self, shown: Annotated[ConfirmSecondFactorInput, arg("A first code.", "input")]
    ) -> ConfirmSecondFactorPayload: ...

    @call(
        second_factor.remove,
        "Give the viewer's second factor up, and its recovery codes. No session of theirs counts as having shown one.",
    )
    def remove_second_factor(
        self, shown: Annotated[RemoveSecondFactorInput, arg("A code of it.", "input")]
    ) -> RemoveSecondFactorPayload: ...

    @call(
        identities.start_link,
        "Make the address by which the viewer links an account at an identity provider, within five minutes and once.",
    )
    def start_identity_link(
        self, what: Annotated[StartIdentityLinkInput, arg("Where.", "input")]
    ) -> StartIdentityLinkPayload: ...

    @call(
        identities.unlink,
        "Sign in with an account at an identity provider no more. Sessions that it began stay.",
    )
    def unlink_identity(
        self, which: Annotated[UnlinkIdentityInput, arg("Which.", "input")]
    ) -> UnlinkIdentityPayload: ...

    @call(consents.withdraw, "Let a program act for the viewer no more: its tokens end at once.")
    def withdraw_consent(
        self, which: Annotated[WithdrawConsentInput, arg("The program.", "input")]
    ) -> WithdrawConsentPayload: ...

    @call(
        personal_data.erase,
        "Erase the viewer: their sign-in, their profile and their links to accounts. It cannot be undone.",
    )
    def erase_my_data(
        self, what: Annotated[EraseMyDataInput, arg("Who, as a sign that it is meant.", "input")]
    ) -> EraseMyDataPayload: ...
