"""Which accounts the viewer reaches."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import (
    account_links,
    linking,
)
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
from ventanilla.schema.fields import arg, call


@strawberry.type
class Accounts:
    """A part of the root of mutations."""

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
