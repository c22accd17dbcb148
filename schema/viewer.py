"""The viewer."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import accounts, notices, viewer
from ventanilla.schema.account import Account, AccountConnection
from ventanilla.schema.connection import Connection
from ventanilla.schema.enums import NoticeOrder, OnboardingState
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch, column, prop
from ventanilla.schema.notice import Notice


@strawberry.type(description="The person who is signed in.")
class Viewer:
    """Who asks."""

    email: str = prop("The e-mail address they sign in with.")
    name: str = prop("Their name.")
    onboarding_state: OnboardingState = column(viewer.onboarding_states, "Whether they have an account to look at.")
    default_account: Account | None = batch(
        accounts.default_of_viewers, "The account to show first: the chosen one, else the first linked."
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
