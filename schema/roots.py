"""Where a document begins."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import changes, nodes, portal, sessions, viewer
from ventanilla.schema.account import Account
from ventanilla.schema.fields import arg, call, source
from ventanilla.schema.node import Node
from ventanilla.schema.portal import Portal
from ventanilla.schema.session import SignInInput, SignInPayload, SignOutInput, SignOutPayload
from ventanilla.schema.viewer import Viewer

_ID = arg("An id that this portal gave out.")
_AS_MANY_AS_IDS = Listing(("ids",), assumed=0)


@strawberry.type(description="What can be read. What does not exist and what is somebody else's are both null.")
class Query:
    """The root of queries."""

    portal: Portal = call(portal.portal, "The manager whose host was asked: what a front end needs first.")
    viewer: Viewer | None = call(viewer.viewer, "Who is signed in; null when nobody is.")

    @call(nodes.account, "One of the viewer's accounts; null for anything else.")
    def account(self, id: Annotated[strawberry.ID, _ID]) -> Account | None: ...

    @call(nodes.node, "Anything within the viewer's reach, by id; null for anything else.")
    def node(self, id: Annotated[strawberry.ID, _ID]) -> Node | None: ...

    @call(
        nodes.nodes,
        "Several things by id, in the order of the ids; null where `node` would be.",
        listing=Listing(("ids",), 0),
    )
    def nodes(self, ids: Annotated[list[strawberry.ID], arg("At most 100 ids.")]) -> list[Node | None]: ...


@strawberry.type(description="What can be done. A refusal is data: look at `userErrors`.")
class Mutation:
    """The root of mutations."""

    @call(sessions.sign_in, "Begin a session with e-mail and password.")
    def sign_in(self, credentials: Annotated[SignInInput, arg("Who signs in.", "input")]) -> SignInPayload: ...

    @call(sessions.sign_out, "End this session, or all of the person's sessions.")
    def sign_out(
        self, which: Annotated[SignOutInput | None, arg("Which sessions; this one unless said.", "input")] = UNSET
    ) -> SignOutPayload: ...


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
