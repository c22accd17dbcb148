"""The viewer."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import accounts, identities, notices, passkeys, personal_data, sessions, viewer
from ventanilla.schema.account import Account, AccountConnection
from ventanilla.schema.connection import Connection
from ventanilla.schema.enums import NoticeOrder, OnboardingState
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch, column
from ventanilla.schema.identity import Identity
from ventanilla.schema.notice import Notice
from ventanilla.schema.passkey import Passkey
from ventanilla.schema.session_info import SessionInfo


@strawberry.type(description="The person who is signed in.")
class Viewer:
    """Who asks."""

    email: str = column(viewer.emails, "The e-mail address they sign in with.")
    name: str = column(viewer.names, "Their name.")
    onboarding_state: OnboardingState = column(viewer.onboarding_states, "What they are to do first.")
    password_change_due: bool = column(
        viewer.password_changes_due,
        "Whether their password is to be changed before anything else: it was not their own choice, or is too old."
        " Until then only this, their sessions, `changePassword` and `signOut` work; the rest fails with FORBIDDEN.",
    )
    default_account: Account | None = batch(
        accounts.default_of_viewers, "The account to show first: the chosen one, else the first linked."
    )

    sessions: list[SessionInfo] = batch(
        sessions.of_viewers,
        "Where they are signed in: the newest hundred sessions, newest first.",
        listing=Listing((), assumed=10),
    )

    identities: list[Identity] = batch(
        identities.of_viewers,
        "The accounts at identity providers that they have linked, oldest first.",
        listing=Listing((), assumed=3),
    )

    passkeys: list[Passkey] = batch(
        passkeys.of_viewers, "The passkeys that they have, at most ten, oldest first.", listing=Listing((), assumed=10)
    )

    personal_data: str = batch(
        personal_data.of_viewers,
        "All that this service itself holds of them, as JSON text to be kept. What the manager's offices hold is the"
        " manager's to tell.",
    )

    @batch(accounts.of_viewers, "The accounts they reach.", listing=PAGE)
    def accounts(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        number: Annotated[
            str | None,
            arg(
                "Only accounts whose number contains this, at most 256 characters; spaces and punctuation do not count."
            ),
        ] = UNSET,
    ) -> AccountConnection: ...

    @batch(
        notices.of_viewers,
        "What the manager and their communities tell them now. Null, with an error, if any office that keeps notices"
        " does not answer: nobody would see what is missing.",
        listing=PAGE,
    )
    def notices(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        order: Annotated[NoticeOrder, ORDER] = NoticeOrder.PUBLISHED_FROM_DESC,
    ) -> Connection[Notice] | None: ...
