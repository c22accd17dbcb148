"""Where a document begins."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import (
    account_links,
    changes,
    identities,
    linking,
    nodes,
    passkey_sign_in,
    passkeys,
    passwords,
    personal_data,
    portal,
    registration,
    sessions,
    sign_in_codes,
    viewer,
)
from ventanilla.schema.account import Account
from ventanilla.schema.account_link import (
    ConfirmAccountLinkInput,
    ConfirmAccountLinkPayload,
    SetDefaultAccountInput,
    SetDefaultAccountPayload,
    StartAccountLinkInput,
    StartAccountLinkPayload,
    UnlinkAccountInput,
    UnlinkAccountPayload,
)
from ventanilla.schema.fields import arg, call, source
from ventanilla.schema.identity import (
    StartIdentityLinkInput,
    StartIdentityLinkPayload,
    UnlinkIdentityInput,
    UnlinkIdentityPayload,
)
from ventanilla.schema.node import Node
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
from ventanilla.schema.personal_data import EraseMyDataInput, EraseMyDataPayload
from ventanilla.schema.portal import Portal
from ventanilla.schema.registration import (
    RegisterInput,
    RegisterPayload,
    ResendVerificationInput,
    ResendVerificationPayload,
    VerifyEmailInput,
    VerifyEmailPayload,
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
from ventanilla.schema.viewer import Viewer

_ID = arg("An id that this portal gave out.")
_AS_MANY_AS_IDS = Listing(("ids",), assumed=0)


@strawberry.type(description="What can be read. What does not exist and what is somebody else's are both null.")
class Query:
    """The root of queries."""

    portal: Portal = call(portal.portal, "The manager whose host was asked: what a front end needs first.")
    viewer: Viewer | None = call(viewer.viewer, "Who is signed in; null when nobody is.")

    @call(nodes.account, "One of the viewer's accounts; null for anything else.")
    def account(self, id: Annotated[strawberry.ID, _ID]) -> Account | None: ...

    @call(nodes.node, "Anything within the viewer's reach, by id; null for anything else.")
    def node(self, id: Annotated[strawberry.ID, _ID]) -> Node | None: ...

    @call(
        nodes.nodes,
        "Several things by id, in the order of the ids; null where `node` would be.",
        listing=Listing(("ids",), 0),
    )
    def nodes(self, ids: Annotated[list[strawberry.ID], arg("At most 100 ids.")]) -> list[Node | None]: ...


@strawberry.type(description="What can be done. A refusal is data: look at `userErrors`.")
class Mutation:
    """The root of mutations."""

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
        passwords.request_password_reset,
        "Send a link that leads to another password, good for an hour; an older one is good no longer. Known and"
        " unknown addresses are answered alike.",
    )
    def request_password_reset(
        self, to: Annotated[RequestPasswordResetInput, arg("Who forgot theirs.", "input")]
    ) -> RequestPasswordResetPayload: ...

    @call(
        passwords.reset_password,
        "Follow the link of a letter, once, and choose another password. All sessions of the person end. A password"
        " that the policy refuses does not use the link up.",
    )
    def reset_password(
        self, reset: Annotated[ResetPasswordInput, arg("The token of the link, and the password.", "input")]
    ) -> ResetPasswordPayload: ...

    @call(passwords.change_password, "Change the viewer's password. Their other sessions end.")
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

    @call(sessions.end_session, "End one of the viewer's sessions.")
    def end_session(self, which: Annotated[EndSessionInput, arg("The session.", "input")]) -> EndSessionPayload: ...

    @call(sessions.sign_out, "End this session, or all of the person's sessions.")
    def sign_out(
        self, which: Annotated[SignOutInput | None, arg("Which sessions; this one unless said.", "input")] = UNSET
    ) -> SignOutPayload: ...

    @call(linking.start, "Look an account up by its number: what is found is shown masked, to be confirmed.")
    def start_account_link(
        self, what: Annotated[StartAccountLinkInput, arg("The number.", "input")]
    ) -> StartAccountLinkPayload: ...

    @call(linking.confirm, "Reach the account of a preview from now on.")
    def confirm_account_link(
        self, what: Annotated[ConfirmAccountLinkInput, arg("The preview, and the proof it asks for.", "input")]
    ) -> ConfirmAccountLinkPayload: ...

    @call(account_links.unlink, "Reach an account no longer. Nothing of the account itself changes.")
    def unlink_account(
        self, which: Annotated[UnlinkAccountInput, arg("The account.", "input")]
    ) -> UnlinkAccountPayload: ...

    @call(account_links.prefer, "Choose the account to be shown first.")
    def set_default_account(
        self, which: Annotated[SetDefaultAccountInput, arg("The account.", "input")]
    ) -> SetDefaultAccountPayload: ...

    @call(
        personal_data.erase,
        "Erase the viewer: their sign-in, their profile and their links to accounts. It cannot be undone.",
    )
    def erase_my_data(
        self, what: Annotated[EraseMyDataInput, arg("Who, as a sign that it is meant.", "input")]
    ) -> EraseMyDataPayload: ...


@strawberry.type(description="What can be watched: the state now, and again whenever it has changed.")
class Subscription:
    """The root of subscriptions."""

    @source(
        changes.of_account,
        "One of the viewer's accounts now, and again each time its balance has changed; null, and no more, for anything"
        " else.",
        answer=nodes.account,
    )
    def account(self, id: Annotated[strawberry.ID, _ID]) -> Account | None: ...
