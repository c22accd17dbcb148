"""Where a document begins."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import (
    access_batches,
    changes,
    checkouts,
    explaining,
    exports,
    nodes,
    portal,
    staff,
    viewer,
)
from ventanilla.schema.access import AccessExplanation
from ventanilla.schema.access_batch import AccessBatch
from ventanilla.schema.account import Account
from ventanilla.schema.checkout import Checkout
from ventanilla.schema.export import Export
from ventanilla.schema.fields import arg, call, source
from ventanilla.schema.mutations.accounts import Accounts
from ventanilla.schema.mutations.mass_access import MassAccess
from ventanilla.schema.mutations.own import Own
from ventanilla.schema.mutations.paying import Paying
from ventanilla.schema.mutations.signing_in import SigningIn
from ventanilla.schema.mutations.staff import StaffSide
from ventanilla.schema.mutations.staff_payments import StaffPayments
from ventanilla.schema.node import Node
from ventanilla.schema.portal import Portal
from ventanilla.schema.staff import Staff
from ventanilla.schema.viewer import Viewer

_ID = arg("An id that this portal gave out.")


@strawberry.type(description="What can be read. What does not exist and what is somebody else's are both null.")
class Query:
    """The root of queries."""

    portal: Portal = call(portal.portal, "The manager whose host was asked: what a front end needs first.")
    viewer: Viewer | None = call(viewer.viewer, "Who is signed in; null when nobody is.")
    staff: Staff | None = call(staff.staff, "For people who work for the manager; null, with an error, for others.")

    export: Export | None = call(
        exports.export,
        "For programs of the manager's own: everything that its offices keep, and later what changed since; null, with"
        " an error, for others.",
    )

    @call(nodes.account, "One of the viewer's accounts; null for anything else.")
    def account(self, id: Annotated[strawberry.ID, _ID]) -> Account | None: ...

    @call(checkouts.checkout, "One of the viewer's checkouts; null for anything else.")
    def checkout(self, id: Annotated[strawberry.ID, arg("The checkout's id.")]) -> Checkout | None: ...

    @call(nodes.node, "Anything within the viewer's reach, by id; null for anything else.")
    def node(self, id: Annotated[strawberry.ID, _ID]) -> Node | None: ...

    @call(
        nodes.nodes,
        "Several things by id, in the order of the ids; null where `node` would be.",
        listing=Listing(("ids",), 0),
    )
    def nodes(self, ids: Annotated[list[strawberry.ID], arg("At most 100 ids.")]) -> list[Node | None]: ...

    @call(
        explaining.explain,
        "Why something is there for who asks, or not. It is told by the very rules that let in and refuse.",
        listing=Listing(("coordinates",), 0),
    )
    def explain_access(
        self,
        coordinates: Annotated[
            list[str], arg("At most 100 fields, as `Type.field`: `Account.invoices`, `Mutation.seeAs`.")
        ],
    ) -> list[AccessExplanation]: ...


@strawberry.type(description="What can be done. A refusal is data: look at `userErrors`.")
class Mutation(MassAccess, StaffPayments, StaffSide, Paying, Accounts, Own, SigningIn):
    """The root of mutations. The fields of the last part come first."""


@strawberry.type(description="What can be watched: the state now, and again whenever it has changed.")
class Subscription:
    """The root of subscriptions."""

    @source(
        changes.of_account,
        "One of the viewer's accounts now, and again each time its balance has changed; null, and no more, for anything"
        " else.",
        answer=nodes.account,
    )
    def account(self, id: Annotated[strawberry.ID, _ID]) -> Account | None: ...

    @source(
        checkouts.changes,
        "One of the viewer's checkouts now, and again each time it has changed; null, and no more, for anything else.",
        answer=checkouts.checkout,
    )
    def checkout(self, id: Annotated[strawberry.ID, arg("The checkout's id.")]) -> Checkout | None: ...

    @source(
        access_batches.changes,
        "Access for many now, and again each time its state or its counts have changed, for people who work for the"
        " manager; null, and no more, for any other id.",
        answer=access_batches.batch_now,
    )
    def access_batch(self, id: Annotated[strawberry.ID, arg("The batch's id.")]) -> AccessBatch | None: ...
