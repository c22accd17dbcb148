"""The viewer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import (
    accounts,
    audit,
    checkouts,
    consents,
    identities,
    notices,
    passkeys,
    personal_data,
    profile,
    second_factor,
    sessions,
    supplier_invoices,
    viewer,
    viewer_mandates,
)
from ventanilla.schema.account import Account, AccountConnection
from ventanilla.schema.audit import AuditEvent, AuditFilter
from ventanilla.schema.checkout import Checkout
from ventanilla.schema.connection import Connection
from ventanilla.schema.consent import Consent
from ventanilla.schema.enums import AuditOrder, NoticeOrder, OnboardingState, Role, SupplierInvoiceOrder
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch, column, prop
from ventanilla.schema.identity import Identity
from ventanilla.schema.notice import Notice
from ventanilla.schema.onlooker import Onlooker
from ventanilla.schema.passkey import Passkey
from ventanilla.schema.profile import Profile
from ventanilla.schema.second_factor_info import SecondFactor
from ventanilla.schema.session_info import SessionInfo
from ventanilla.schema.supplier_invoice import SupplierInvoice, SupplierInvoiceFilter
from ventanilla.schema.viewer_mandate import ViewerMandate


@strawberry.type(description="The person who is signed in.")
class Viewer:
    """Who asks."""

    email: str = column(viewer.emails, "The e-mail address they sign in with.")
    name: str = column(viewer.names, "Their name.")
    onboarding_state: OnboardingState = batch(viewer.onboarding_states, "What they are to do first.")
    password_change_due: bool = column(
        viewer.password_changes_due,
        "Whether their password is to be changed before anything else: it was not their own choice, or is too old."
        " Until then only this, their sessions, `changePassword` and `signOut` work; the rest fails with FORBIDDEN.",
    )
    password_set_at: datetime | None = column(
        viewer.password_set_at, "Since when they have the password that they sign in with; null for who has none."
    )
    second_factor: SecondFactor = batch(second_factor.of_viewers, "Their second factor, and whether it is to be shown.")
    seen_by: Onlooker | None = prop("Who of the staff sees the portal as them just now: show it. Null for themselves.")
    roles: list[Role] = batch(
        viewer_mandates.roles, "As what they may act today: CUSTOMER is everybody.", listing=Listing((), assumed=2)
    )
    mandates: list[ViewerMandate] = batch(
        viewer_mandates.of_viewers,
        "What they act as today beside holding accounts, oldest first.",
        listing=Listing((), assumed=1),
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

    profile: Profile | None = batch(profile.of_viewers, "What they have said of themselves, and how they are reached.")

    programs: list[Consent] = batch(
        consents.of_viewers,
        "The programs that they let read on their behalf, by name.",
        listing=Listing((), assumed=5),
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
    ) -> AccountConnection | None: ...

    @batch(checkouts.of_viewers, "What they have paid, or are paying, through the portal, newest first.", listing=PAGE)
    def checkouts(
        self, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[Checkout] | None: ...

    @batch(
        audit.of_viewers,
        "What happened to their sign-in and what is their own, of the last two years: what they did, and what the"
        " manager's staff did.",
        listing=PAGE,
    )
    def audit(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[AuditFilter | None, arg("Which events; all unless said.", "filter")] = UNSET,
        order: Annotated[AuditOrder, ORDER] = AuditOrder.AT_DESC,
    ) -> Connection[AuditEvent] | None: ...

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

    @batch(
        supplier_invoices.of_viewers,
        "What they billed as suppliers, newest first: null, with FORBIDDEN, for who acts for none today. Null, with an"
        " error, if any office that it is asked of does not answer.",
        listing=PAGE,
    )
    def supplier_documents(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Annotated[SupplierInvoiceFilter | None, arg("Which invoices; all unless said.", "filter")] = UNSET,
        order: Annotated[SupplierInvoiceOrder, ORDER] = SupplierInvoiceOrder.ISSUED_ON_DESC,
    ) -> Connection[SupplierInvoice] | None: ...
