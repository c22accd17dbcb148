"""Enums of seeing the portal as a customer, and of why something is not there."""

from __future__ import annotations

from ventanilla.resolvers.explaining import Access
from ventanilla.resolvers.problems import AccessReason
from ventanilla.resolvers.seeing import SeeAsReason, StopSeeingAsReason
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        SeeAsReason,
        "Why the portal is not seen as somebody.",
        NOT_FOUND="No customer has that id, or they are disabled, or work for the manager.",
        REASON_REQUIRED="A reason is needed, in at most 300 characters that can be shown.",
    ),
    Described(
        StopSeeingAsReason,
        "Why nothing ended.",
        NOT_SEEING="The session sees the portal as its own person, by now or all along.",
    ),
    Described(
        Access,
        "Whether something is there for who asks.",
        YES="It is answered.",
        NO="It is refused; the reasons say why.",
        DEPENDS="It is answered for some of what it may be asked of; the reasons say what it depends on.",
    ),
    Described(
        AccessReason,
        "Why something is not there, or not always.",
        SIGN_IN="It is for people who are signed in, or for programs that act for one.",
        ROLE="It is for another role: the staff, its admins, or who has a mandate that is in force.",
        SECOND_FACTOR="A second factor is to be shown, or set up, first.",
        CHANGE_PASSWORD="The password is to be changed first: `changePassword`.",  # noqa: S106  a description
        LICENCE="The manager, or each office of the viewer's accounts, has no licence for it.",
        CAPABILITY="An office cannot do it; `portal.capabilities` tells which.",
        SCOPE="The token of the program lacks a scope, or there is none for it.",
        SEEING="Who of the staff sees the portal as the viewer is not let do it: `stopSeeingAs` first.",
        NO_ACCOUNT="It hangs on accounts, and the viewer reaches none.",
        PARENT="It comes with what it belongs to: ask about the field that leads there.",
        UNKNOWN_COORDINATE="The schema has no such field: write `Type.field`, such as `Account.invoices`.",
    ),
)
