"""Activation: who was invited follows the link of their letter."""

from __future__ import annotations

import strawberry

from ventanilla.auth.access_activation import Activation
from ventanilla.schema.enums import ActivateAccessReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.input(description="Who follows the link of an invitation.")
class ActivateAccessInput:
    """Input of `activateAccess`."""

    token: str = strawberry.field(description="What stands behind `#` in the address of the letter's link.")
    password: str | None = strawberry.field(
        default=None, description="As `portal.passwordPolicy` asks for; not needed of who is a person here already."
    )
    accepted_terms_version: str | None = strawberry.field(
        default=None, description="`portal.terms.version` as it was read and accepted; null where there are no terms."
    )

    def record(self) -> Activation:
        """The input as the resolver takes it."""
        return Activation(token=self.token, password=self.password, accepted_terms=self.accepted_terms_version)


@strawberry.type(description="Why nothing was activated. But for a token that is over, the link can be followed again.")
class ActivateAccessError(UserError):
    """Refusal of `activateAccess`."""

    reason: ActivateAccessReason = prop("The reason.")


@strawberry.type(description="What came of `activateAccess`. Signed in is nobody by it.")
class ActivateAccessPayload:
    """Payload of `activateAccess`."""

    email: str | None = prop("The e-mail address to sign in with from now on; null when nothing was activated.")
    existing: bool | None = prop(
        "Whether the person was here already: their password is what it was, and they reach more. Null when nothing was"
        " activated."
    )
    user_errors: list[ActivateAccessError] = prop("Why nothing was activated; empty on success.")
