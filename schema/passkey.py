"""Passkeys: made, named and given up."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import passkeys
from ventanilla.schema.enums import FinishPasskeyReason, RemovePasskeyReason, RenamePasskeyReason, StartPasskeyReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.type(description="A key that a device keeps, to sign in with by finger, face or PIN. It has no password.")
class Passkey:
    """What its owner sees of it."""

    id: strawberry.ID = prop("For `renamePasskey` and `removePasskey` alone: passkeys are no nodes.")
    name: str = prop("What its owner calls it.")
    created_at: datetime = prop("When it was made.")
    used_at: datetime | None = prop("When somebody last signed in with it; null if nobody did.")
    backed_up: bool = prop("Whether a service keeps it and gives it to the owner's other devices too.")


@strawberry.input(description="A passkey that is to be made.")
class StartPasskeyRegistrationInput:
    """Input of `startPasskeyRegistration`."""

    name: str = strawberry.field(description="What to call it: one line, at most 120 characters.")

    def record(self) -> passkeys.NewPasskey:
        """The input as the resolver takes it."""
        return passkeys.NewPasskey(name=self.name)


@strawberry.type(description="Why no passkey can be made.")
class StartPasskeyRegistrationError(UserError):
    """Refusal of `startPasskeyRegistration`."""

    reason: StartPasskeyReason = prop("The reason.")


@strawberry.type(description="What came of `startPasskeyRegistration`.")
class StartPasskeyRegistrationPayload:
    """Payload of `startPasskeyRegistration`."""

    ticket: str | None = prop("What `finishPasskeyRegistration` takes, once; null when refused.")
    options: str | None = prop(
        "What the browser is asked, as the JSON text of WebAuthn Level 3's `PublicKeyCredentialCreationOptionsJSON`:"
        " hand what `PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))` makes of it to"
        " `navigator.credentials.create` as `publicKey`. Null when refused."
    )
    expires_at: datetime | None = prop("Until when the browser's answer is taken; null when refused.")
    user_errors: list[StartPasskeyRegistrationError] = prop("Why no passkey can be made; empty on success.")


@strawberry.input(description="A passkey that a browser made.")
class FinishPasskeyRegistrationInput:
    """Input of `finishPasskeyRegistration`."""

    ticket: str = strawberry.field(description="The ticket of `startPasskeyRegistration`.")
    response: str = strawberry.field(
        description="What the browser answered, as the JSON text of WebAuthn Level 3's `RegistrationResponseJSON`:"
        " `JSON.stringify(credential.toJSON())`; at most 16,384 characters."
    )
    name: str | None = strawberry.field(
        default=None, description="What to call it, if not as at the start: browsers may tell what keeps it."
    )

    def record(self) -> passkeys.MadePasskey:
        """The input as the resolver takes it."""
        return passkeys.MadePasskey(ticket=self.ticket, response=self.response, name=self.name)


@strawberry.type(description="Why no passkey was kept.")
class FinishPasskeyRegistrationError(UserError):
    """Refusal of `finishPasskeyRegistration`."""

    reason: FinishPasskeyReason = prop("The reason.")


@strawberry.type(description="What came of `finishPasskeyRegistration`.")
class FinishPasskeyRegistrationPayload:
    """Payload of `finishPasskeyRegistration`."""

    passkey: Passkey | None = prop("The passkey, which its owner can sign in with from now on; null when refused.")
    user_errors: list[FinishPasskeyRegistrationError] = prop("Why it was not kept; empty on success.")


@strawberry.input(description="Another name for a passkey.")
class RenamePasskeyInput:
    """Input of `renamePasskey`."""

    id: strawberry.ID = strawberry.field(description="The id of one of `viewer.passkeys`.")
    name: str = strawberry.field(description="What to call it: one line, at most 120 characters.")

    def record(self) -> passkeys.RenamedPasskey:
        """The input as the resolver takes it."""
        return passkeys.RenamedPasskey(id=self.id, name=self.name)


@strawberry.type(description="Why a passkey keeps its name.")
class RenamePasskeyError(UserError):
    """Refusal of `renamePasskey`."""

    reason: RenamePasskeyReason = prop("The reason.")


@strawberry.type(description="What came of `renamePasskey`.")
class RenamePasskeyPayload:
    """Payload of `renamePasskey`."""

    passkey: Passkey | None = prop("The passkey as it is now; null when refused.")
    user_errors: list[RenamePasskeyError] = prop("Why it keeps its name; empty on success.")


@strawberry.input(description="Which passkey goes.")
class RemovePasskeyInput:
    """Input of `removePasskey`."""

    id: strawberry.ID = strawberry.field(description="The id of one of `viewer.passkeys`.")

    def record(self) -> passkeys.GivenUpPasskey:
        """The input as the resolver takes it."""
        return passkeys.GivenUpPasskey(id=self.id)


@strawberry.type(description="Why a passkey stays.")
class RemovePasskeyError(UserError):
    """Refusal of `removePasskey`."""

    reason: RemovePasskeyReason = prop("The reason.")


@strawberry.type(description="What came of `removePasskey`.")
class RemovePasskeyPayload:
    """Payload of `removePasskey`."""

    passkey: Passkey | None = prop("The passkey that is gone; its device may still offer it. Null when refused.")
    user_errors: list[RemovePasskeyError] = prop("Why it stays; empty on success.")
