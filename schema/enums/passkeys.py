"""Enums of passkeys."""

from __future__ import annotations

from ventanilla.auth.passkey_ceremonies import PasskeyHint
from ventanilla.resolvers.passkey_sign_in import PasskeySignInReason, StartPasskeySignInReason
from ventanilla.resolvers.passkeys import (
    FinishPasskeyReason,
    RemovePasskeyReason,
    RenamePasskeyReason,
    StartPasskeyReason,
)
from ventanilla.schema.enums.described import Described

_NOT_OFFERED = "Nobody signs in with a passkey here; `portal.signInWays` tells how."
_NOT_HERE = (
    "Browsers have no passkeys at a bare network address, nor without https except at localhost: lead people to the"
    " portal's name."
)
_NO_NAME = "The name is empty, longer than 120 characters, or not one line."
_NONE = "The viewer has no such passkey."

ENUMS = (
    Described(
        PasskeyHint,
        "Where a passkey is likely to be.",
        CLIENT_DEVICE="In the device that the browser runs on.",
        HYBRID="In the person's telephone, which is asked over the air.",
        SECURITY_KEY="In a key to be plugged in or held to the device.",
    ),
    Described(
        StartPasskeyReason,
        "Why no passkey can be made.",
        WAY_NOT_OFFERED=_NOT_OFFERED,
        NOT_AVAILABLE_HERE=_NOT_HERE,
        REAUTHENTICATION_REQUIRED="The viewer signed in more than fifteen minutes ago: sign in anew, then come again.",
        TOO_MANY_PASSKEYS="The viewer has ten passkeys.",
        FIELD_INVALID=_NO_NAME,
    ),
    Described(
        FinishPasskeyReason,
        "Why no passkey was kept.",
        WAY_NOT_OFFERED=_NOT_OFFERED,
        NOT_AVAILABLE_HERE=_NOT_HERE,
        TICKET_EXPIRED="Its five minutes are over, it was used, a newer one took its place, or it is not the viewer's.",
        PASSKEY_INVALID="The browser's answer is no answer to what was asked here; the ticket can be used again.",
        PASSKEY_EXISTS="This passkey is somebody's already.",
        FIELD_INVALID=_NO_NAME,
    ),
    Described(
        RenamePasskeyReason,
        "Why a passkey keeps its name.",
        NOT_FOUND=_NONE,
        FIELD_INVALID=_NO_NAME,
    ),
    Described(
        RemovePasskeyReason,
        "Why a passkey stays.",
        NOT_FOUND=_NONE,
        LAST_SIGN_IN_WAY="The viewer could not sign in any more: they have no other passkey and no other way.",
    ),
    Described(
        StartPasskeySignInReason,
        "Why no passkey is asked for.",
        WAY_NOT_OFFERED=_NOT_OFFERED,
        NOT_AVAILABLE_HERE=_NOT_HERE,
        TOO_MANY_ATTEMPTS="Too many began from this network address; `params` say when to try again.",
    ),
    Described(
        PasskeySignInReason,
        "Why nobody was signed in.",
        PASSKEY_UNKNOWN="Nobody has this passkey here, or its signature is wrong; which of them is not told.",
        PASSKEY_INVALID="The answer is no answer to what was asked here, or the passkey may have been copied.",
        TICKET_EXPIRED="Its five minutes are over, it was used, or it is none: begin anew.",
        TOO_MANY_ATTEMPTS="Too many tries from this network address; `params` say when to try again.",
        ACCOUNT_DISABLED="The manager has disabled this sign-in.",
        WAY_NOT_OFFERED=_NOT_OFFERED,
        NOT_AVAILABLE_HERE=_NOT_HERE,
    ),
)
