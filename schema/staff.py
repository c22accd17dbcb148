"""The staff's side of the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import (
    access_batches,
    access_parties,
    access_requests,
    clients,
    letters,
    people,
    staff_payments,
    strays,
    theme,
)
from ventanilla.schema.access_batch import AccessAudiencePreview, AccessBatch
from ventanilla.schema.client import Client
from ventanilla.schema.connection import Connection
from ventanilla.schema.contractor import Contractor
from ventanilla.schema.enums import (
    AccessAudience,
    Booking,
    CheckoutState,
    FilterMode,
    LetterKind,
    LetterOrder,
    LetterState,
    MoneyOrder,
    NewsStatus,
    PartyRole,
    PersonOrder,
    StrayKind,
    StrayOrder,
    StrayState,
)
from ventanilla.schema.fields import ORDER, PAGE, After, Before, First, Last, arg, batch
from ventanilla.schema.letter import Letter, LetterCounts
from ventanilla.schema.person import Person
from ventanilla.schema.staff_payment import PlatformPayment, StaffCheckout
from ventanilla.schema.stray import StrayPayment
from ventanilla.schema.theme import ThemePreview, UpdatePortalThemeInput

_REFERENCE = arg("Only what has exactly this reference.")
_SINCE = arg("Only what began at this moment or later.")
_UNTIL = arg("Only what began before this moment.")


@strawberry.type(description="What the people who work for the manager see and look after.")
class Staff:
    """The desk of the staff; each noun lays its own on it."""

    @batch(people.by_id, "Somebody of these people; null for anybody else.")
    def person(self, id: Annotated[strawberry.ID, arg("The person's id.")]) -> Person | None: ...

    @batch(people.of_desks, "The people who may sign in here, those who were disabled too.", listing=PAGE)
    def people(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        search: Annotated[
            str | None,
            arg("Only people whose e-mail begins with this, or whose name contains it; case does not matter."),
        ] = UNSET,
        staff_only: Annotated[bool, arg("Only people who work for the manager.")] = False,
        order: Annotated[PersonOrder, ORDER] = PersonOrder.NAME_ASC,
    ) -> Connection[Person]: ...

    letter_counts: LetterCounts = batch(letters.counts, "How the letters of the portal fare.")

    @batch(letters.of_desks, "The letters of the portal of the last 90 days.", listing=PAGE)
    def letters(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        state: Annotated[LetterState | None, arg("Only letters that this became of.")] = UNSET,
        kind: Annotated[LetterKind | None, arg("Only letters of this kind.")] = UNSET,
        recipient: Annotated[str | None, arg("Only letters to this address; case does not matter.")] = UNSET,
        order: Annotated[LetterOrder, ORDER] = LetterOrder.CREATED_AT_DESC,
    ) -> Connection[Letter]: ...

    clients: list[Client] | None = batch(
        clients.of_desks,
        "The programs that may ask for tokens, oldest first, those that were ended too. For those who administer"
        " access; null, with an error, for the rest of the staff.",
        listing=Listing((), assumed=10),
    )

    @batch(access_parties.of_desks, "Whom the manager's offices know, by name: to be picked.", listing=PAGE)
    def parties(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        search: Annotated[str | None, arg("Only whose name contains this, or whose document it is.")] = UNSET,
        roles: Annotated[list[PartyRole] | None, arg("Only who is or was one of these.")] = UNSET,
    ) -> Connection[Contractor]: ...

    @batch(
        access_requests.previews,
        "Whom access would be given to, for those who administer access. All of the audience is read for it.",
        listing=Listing((), assumed=10),
    )
    def access_audience_preview(
        self,
        audience: Annotated[AccessAudience, arg("Whom it is for.")],
        filter_mode: Annotated[FilterMode, arg("Whether people were picked by hand.")] = FilterMode.NONE,
        party_ids: Annotated[list[strawberry.ID] | None, arg("Those who were picked; at most 1000.")] = UNSET,
    ) -> AccessAudiencePreview | None: ...

    @batch(access_batches.by_id, "One batch of these; null for anything else.")
    def access_batch(self, id: Annotated[strawberry.ID, arg("The batch's id.")]) -> AccessBatch | None: ...

    @batch(access_batches.of_desks, "Access for many that was asked for, newest first.", listing=PAGE)
    def access_batches(
        self, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[AccessBatch]: ...

    @batch(staff_payments.checkout_by_id, "One checkout; null for anything else.")
    def checkout(self, id: Annotated[strawberry.ID, arg("The checkout's id.")]) -> StaffCheckout | None: ...

    @batch(staff_payments.checkouts, "What people set out to pay.", listing=PAGE)
    def checkouts(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        reference: Annotated[str | None, _REFERENCE] = UNSET,
        states: Annotated[list[CheckoutState] | None, arg("Only those in one of these states.")] = UNSET,
        since: Annotated[datetime | None, _SINCE] = UNSET,
        until: Annotated[datetime | None, _UNTIL] = UNSET,
        order: Annotated[MoneyOrder, ORDER] = MoneyOrder.CREATED_AT_DESC,
    ) -> Connection[StaffCheckout]: ...

    @batch(staff_payments.payments, "The money that payment platforms told of.", listing=PAGE)
    def payments(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        reference: Annotated[str | None, _REFERENCE] = UNSET,
        statuses: Annotated[list[NewsStatus] | None, arg("Only those that stand so at the platform.")] = UNSET,
        bookings: Annotated[list[Booking] | None, arg("Only those that stand so at the office.")] = UNSET,
        since: Annotated[datetime | None, _SINCE] = UNSET,
        until: Annotated[datetime | None, _UNTIL] = UNSET,
        order: Annotated[MoneyOrder, ORDER] = MoneyOrder.CREATED_AT_DESC,
    ) -> Connection[PlatformPayment]: ...

    @batch(strays.by_id, "One of the stray payments; null for anything else.")
    def stray_payment(self, id: Annotated[strawberry.ID, arg("The stray's id.")]) -> StrayPayment | None: ...

    @batch(strays.of_desks, "Money that does not fit, and what became of it.", listing=PAGE)
    def stray_payments(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        state: Annotated[StrayState | None, arg("Only what is open, or what was dealt with.")] = UNSET,
        kinds: Annotated[list[StrayKind] | None, arg("Only what does not fit for one of these reasons.")] = UNSET,
        reference: Annotated[str | None, _REFERENCE] = UNSET,
        order: Annotated[StrayOrder, ORDER] = StrayOrder.FOUND_AT_DESC,
    ) -> Connection[StrayPayment]: ...

    @batch(
        theme.previews,
        "What a change of the theme would come to, for forms to show while one types. For who administers access.",
    )
    def theme_preview(
        self, change: Annotated[UpdatePortalThemeInput, arg("How it is to look.", "input")]
    ) -> ThemePreview | None: ...
