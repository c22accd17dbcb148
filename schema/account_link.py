"""Reaching an account, sharing it, and giving it up."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.resolvers import account_links, linking
from ventanilla.schema.account import Account
from ventanilla.schema.enums import EnrolmentKind, Licence, LinkProof, LinkReason, UnlinkReason
from ventanilla.schema.fields import prop
from ventanilla.schema.problems import UserError


@strawberry.input(description="The number of an account.")
class StartAccountLinkInput:
    """Input of `startAccountLink`."""

    number: str = strawberry.field(
        description="The number printed on the account's papers; spaces and punctuation do not count."
    )

    def record(self) -> linking.LinkStart:
        """The input as the resolver takes it."""
        return linking.LinkStart(number=self.number)


@strawberry.type(description="An account as somebody may see it who only knows its number.")
class AccountPreview:
    """What is confirmed."""

    token: str = prop("What `confirmAccountLink` takes: good for this viewer and this account as it is shown.")
    licence: Licence = prop("The licence it belongs to.")
    title: str = prop("What it is for, in the manager's language.")
    masked_holder: str = prop("Whose it is, by initials.")
    masked_address: str | None = prop("Where it is, in part; null if the manager's books do not say.")
    proof: LinkProof = prop("What has to be known besides to confirm it.")
    expires_at: datetime = prop("Until when it can be confirmed.")


@strawberry.type(description="Why no account was found or linked.")
class AccountLinkError(UserError):
    """Refusal of `startAccountLink` and `confirmAccountLink`."""

    reason: LinkReason = prop("The reason.")


@strawberry.type(description="What came of `startAccountLink`.")
class StartAccountLinkPayload:
    """Payload of `startAccountLink`."""

    previews: list[AccountPreview] = prop(
        "What was found: one as a rule, several where offices of the manager use the same number; empty on refusal."
    )
    user_errors: list[AccountLinkError] = prop("Why nothing was found; empty on success.")


@strawberry.input(description="What is confirmed.")
class ConfirmAccountLinkInput:
    """Input of `confirmAccountLink`."""

    token: str = strawberry.field(description="The token of the preview.")
    proof: str | None = strawberry.field(
        default=None, description="What the preview's `proof` asks for, as it stands on the papers: `1.234,50`."
    )

    def record(self) -> linking.LinkConfirmation:
        """The input as the resolver takes it."""
        return linking.LinkConfirmation(token=self.token, proof=self.proof)


@strawberry.type(description="What came of `confirmAccountLink`.")
class ConfirmAccountLinkPayload:
    """Payload of `confirmAccountLink`."""

    account: Account | None = prop("The account, which is within reach from now on; null on refusal.")
    user_errors: list[AccountLinkError] = prop("Why it was not linked; empty on success.")


@strawberry.input(description="One of the viewer's accounts.")
class UnlinkAccountInput:
    """Input of `unlinkAccount`."""

    account_id: strawberry.ID = strawberry.field(description="The account's id.")

    def record(self) -> account_links.LinkedAccount:
        """The input as the resolver takes it."""
        return account_links.LinkedAccount(account_id=self.account_id)


@strawberry.input(description="One of the viewer's accounts.")
class SetDefaultAccountInput:
    """Input of `setDefaultAccount`."""

    account_id: strawberry.ID = strawberry.field(description="The account's id.")

    def record(self) -> account_links.LinkedAccount:
        """The input as the resolver takes it."""
        return account_links.LinkedAccount(account_id=self.account_id)


@strawberry.type(description="Why nothing was changed.")
class UnlinkAccountError(UserError):
    """Refusal of `unlinkAccount` and `setDefaultAccount`."""

    reason: UnlinkReason = prop("The reason.")


@strawberry.type(description="What came of `unlinkAccount`.")
class UnlinkAccountPayload:
    """Payload of `unlinkAccount`."""

    still_enrolled: list[EnrolmentKind] = prop(
        "What the account stays enrolled in: that belongs to the account, not to who looks at it."
    )
    user_errors: list[UnlinkAccountError] = prop("Why nothing was changed; empty on success.")


@strawberry.type(description="What came of `setDefaultAccount`.")
class SetDefaultAccountPayload:
    """Payload of `setDefaultAccount`."""

    account: Account | None = prop("The account that is shown first from now on; null on refusal.")
    user_errors: list[UnlinkAccountError] = prop("Why nothing was changed; empty on success.")
