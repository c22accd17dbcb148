"""Identity providers, and the accounts there that people sign in with."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import identities
from ventanilla.schema.enums import StartIdentityLinkReason, UnlinkIdentityReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError
from ventanilla.schema.scalars import Url


@strawberry.type(description="Where people may sign in instead of here.")
class IdentityProvider:
    """A provider as the sign-in page shows it."""

    name: str = prop("Its short name.")
    title: str = prop("What people call it, in the answer's language or the nearest there is.")
    url: Url = prop(
        "The path of this portal that leads there: lead the browser to it, with `return_to`, the path to go on at, and"
        " where new people register and there are terms, `accepted_terms`, their version, once they were accepted."
        " The browser comes back with its session as a cookie, or to a page that says why not."
    )


@strawberry.type(description="An account at an identity provider that the viewer has linked to their sign-in.")
class Identity:
    """A linked account."""

    provider: str = prop("The provider's short name, which `unlinkIdentity` takes.")
    title: str = prop("What people call the provider.")
    linked_at: datetime = prop("When it was linked.")
    seen_at: datetime = prop("When the viewer last signed in with it.")


@strawberry.input(description="Where the viewer has an account that they want to sign in with.")
class StartIdentityLinkInput:
    """Input of `startIdentityLink`."""

    provider: str = strawberry.field(description="One of `portal.identityProviders`, by name.")
    return_to: str = strawberry.field(
        default="/", description="The path of this portal to go on at; anything else leads to its first page."
    )

    def record(self) -> identities.WantedLink:
        """The input as the resolver takes it."""
        return identities.WantedLink(provider=self.provider, return_to=self.return_to)


@strawberry.type(description="Why no account can be linked.")
class StartIdentityLinkError(UserError):
    """Refusal of `startIdentityLink`."""

    reason: StartIdentityLinkReason = prop("The reason.")


@strawberry.type(description="What came of `startIdentityLink`.")
class StartIdentityLinkPayload:
    """Payload of `startIdentityLink`."""

    url: Url | None = prop(
        "The path of this portal to lead the browser to, which must have the viewer's session as its cookie; good once."
    )
    expires_at: datetime | None = prop("Until when it is good.")
    user_errors: list[StartIdentityLinkError] = prop("Why there is none; empty on success.")


@strawberry.input(description="An account that the viewer does not want to sign in with any more.")
class UnlinkIdentityInput:
    """Input of `unlinkIdentity`."""

    provider: str = strawberry.field(description="The `provider` of one of `viewer.identities`.")

    def record(self) -> identities.GivenUpLink:
        """The input as the resolver takes it."""
        return identities.GivenUpLink(provider=self.provider)


@strawberry.type(description="Why an account stays linked.")
class UnlinkIdentityError(UserError):
    """Refusal of `unlinkIdentity`."""

    reason: UnlinkIdentityReason = prop("The reason.")


@strawberry.type(description="What came of `unlinkIdentity`.")
class UnlinkIdentityPayload:
    """Payload of `unlinkIdentity`."""

    user_errors: list[UnlinkIdentityError] = prop("Why it stays linked; empty on success.")
