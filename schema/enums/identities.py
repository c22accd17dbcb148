"""Enums of signing in at identity providers."""

from __future__ import annotations

from ventanilla.resolvers.identities import StartIdentityLinkReason, UnlinkIdentityReason
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        StartIdentityLinkReason,
        "Why no account at a provider can be linked.",
        NOT_OFFERED="The portal offers no such provider; `portal.identityProviders` names them.",
        ALREADY_LINKED="The viewer has linked an account there; `unlinkIdentity` ends that first.",
    ),
    Described(
        UnlinkIdentityReason,
        "Why an account at a provider stays linked.",
        NOT_LINKED="The viewer has linked none there.",
        LAST_SIGN_IN_WAY="They could not sign in any more: there is no password, code, passkey or other account.",
    ),
)
