"""Programs that may ask for tokens."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import clients
from ventanilla.schema.enums import CreateClientReason, RevokeClientReason, RotateClientReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError

_SECRET = "Its secret, told this once; null for a program that keeps none, and when refused."  # noqa: S105  words


@strawberry.type(description="A program that may ask for tokens at this portal, by OAuth 2.")
class Client:
    """A program."""

    id: strawberry.ID = prop("What it calls itself by: its `client_id`.")
    name: str = prop("What people are told that it is called.")
    scopes: list[str] = prop("What it may ask for at most.")
    redirect_uris: list[str] = prop("Where people are sent back to; empty for a program that acts for nobody.")
    public: bool = prop("Whether it runs on people's machines and can keep no secret.")
    created_at: datetime = prop("When it was registered.")
    used_at: datetime | None = prop("When it was last given a token, to the minute; null if it never was.")
    disabled_at: datetime | None = prop("When it was ended; null if it is good.")


@strawberry.input(description="A program to be registered.")
class CreateClientInput:
    """Input of `createClient`."""

    name: str = strawberry.field(
        description="What people are told that it is called: one line, at most 120 characters."
    )
    scopes: list[str] = strawberry.field(description="What it may ask for at most: `invoices:read`.")
    redirect_uris: list[str] | None = strawberry.field(
        default=None,
        description="Where people are sent back to, to the letter, at most 20; none if it acts for nobody.",
    )
    public: bool = strawberry.field(
        default=False, description="Whether it runs on people's machines and can keep no secret."
    )

    def record(self) -> clients.NewClient:
        """The input as the resolver takes it."""
        uris = self.redirect_uris or ()
        return clients.NewClient(name=self.name, scopes=self.scopes, redirect_uris=uris, public=self.public)


@strawberry.type(description="Why no program was registered.")
class CreateClientError(UserError):
    """Refusal of `createClient`."""

    reason: CreateClientReason = prop("The reason.")


@strawberry.type(description="What came of `createClient`.")
class CreateClientPayload:
    """Payload of `createClient`."""

    client: Client | None = prop("The program; null when refused.")
    secret: str | None = prop(_SECRET)
    user_errors: list[CreateClientError] = prop("Why none was registered; empty on success.")


@strawberry.input(description="Which program gets another secret.")
class RotateClientSecretInput:
    """Input of `rotateClientSecret`."""

    id: strawberry.ID = strawberry.field(description="The program's id.")
    at_once: bool = strawberry.field(
        default=False, description="Whether the former secret ends at once, instead of in 24 hours."
    )

    def record(self) -> clients.Rotation:
        """The input as the resolver takes it."""
        return clients.Rotation(id=self.id, at_once=self.at_once)


@strawberry.type(description="Why a program keeps its secret.")
class RotateClientSecretError(UserError):
    """Refusal of `rotateClientSecret`."""

    reason: RotateClientReason = prop("The reason.")


@strawberry.type(description="What came of `rotateClientSecret`.")
class RotateClientSecretPayload:
    """Payload of `rotateClientSecret`."""

    client: Client | None = prop("The program; null when refused.")
    secret: str | None = prop(_SECRET)
    user_errors: list[RotateClientSecretError] = prop("Why it keeps its secret; empty on success.")


@strawberry.input(description="Which program ends.")
class RevokeClientInput:
    """Input of `revokeClient`."""

    id: strawberry.ID = strawberry.field(description="The program's id.")

    def record(self) -> clients.ChosenClient:
        """The input as the resolver takes it."""
        return clients.ChosenClient(id=self.id)


@strawberry.type(description="Why no program was ended.")
class RevokeClientError(UserError):
    """Refusal of `revokeClient`."""

    reason: RevokeClientReason = prop("The reason.")


@strawberry.type(description="What came of `revokeClient`.")
class RevokeClientPayload:
    """Payload of `revokeClient`."""

    client: Client | None = prop("The program, with all its tokens good no longer; null when refused.")
    user_errors: list[RevokeClientError] = prop("Why none was ended; empty on success.")
