"""Enums of reaching accounts, and of what happened to them."""

from __future__ import annotations

from ventanilla.auth.audit import AuditKind
from ventanilla.resolvers.account_links import UnlinkReason
from ventanilla.resolvers.audit import AuditOrder
from ventanilla.resolvers.linking import LinkReason
from ventanilla.schema.enums.described import Described
from ventanilla.store.manager import LinkProof

ENUMS = (
    Described(
        LinkProof,
        "What somebody must know of an account, besides its number, to reach it.",
        NONE="Nothing more.",
        LAST_INVOICE_AMOUNT="The amount of one of its two newest invoices.",
        HOLDER_DOCUMENT="The number of the holder's identity document.",
        UNIT="What stands on the door, or in the register, of its premises.",
    ),
    Described(
        LinkReason,
        "Why no account was found or linked.",
        ACCOUNT_NOT_FOUND="No account that runs has this number here.",
        ALREADY_LINKED="The viewer reaches it already.",
        PREVIEW_EXPIRED="The preview is over, or the account is not any more as it was shown: look it up again.",
        LINK_LIMIT_REACHED="As many people as may reach it do so.",
        PROOF_REQUIRED="The preview's `proof` has to be given.",
        PROOF_WRONG="What was given does not match the account.",
        PROOF_IMPOSSIBLE="The manager's books hold nothing that would prove this account.",
        RATE_LIMITED="Too many tries; the parameter `retryAfterSeconds` says when to come back.",
    ),
    Described(
        UnlinkReason,
        "Why nothing was changed.",
        NOT_LINKED="The viewer does not reach such an account.",
    ),
    Described(
        AuditKind,
        "What happened.",
        ACCOUNT_LINKED="Somebody began to reach the account.",
        ACCOUNT_UNLINKED="Somebody gave the account up.",
    ),
    Described(
        AuditOrder,
        "How what happened is sorted.",
        AT_DESC="Newest first.",
        AT_ASC="Oldest first.",
    ),
)
