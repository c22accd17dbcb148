"""Enums of a person's profile, and of the programs that act for them."""

from __future__ import annotations

from ventanilla.auth.contact import ContactState
from ventanilla.resolvers.consents import WithdrawConsentReason
from ventanilla.resolvers.profile import ConfirmNewEmailReason, UpdateContactReason, UpdateProfileReason
from ventanilla.schema.enums.described import Described

_REQUIRED = "A field cannot be empty."
_INVALID = "A field cannot be what was given; `message` says what it takes."
_ALTERED = "The token is not one of this portal's links: it was cut off or altered."
_OVER = "The link's time is over, or a newer letter took its place: ask for another letter."
_USED = "The link was used already."

ENUMS = (
    Described(
        ContactState,
        "What came of wanting to be reached otherwise.",
        UPDATED="It is as was asked for.",
        EMAIL_VERIFICATION_SENT="A letter is on its way to the new address, and one that says so to the present one;"
        " all else is as was asked for. The address serves for nothing until its link is followed.",
    ),
    Described(
        UpdateProfileReason,
        "Why a profile stays as it is; `path` names the field.",
        FIELD_REQUIRED=_REQUIRED,
        FIELD_INVALID=_INVALID,
    ),
    Described(
        UpdateContactReason,
        "Why somebody is reached as before; `path` names the field.",
        FIELD_REQUIRED=_REQUIRED,
        FIELD_INVALID=_INVALID,
        REAUTHENTICATION_REQUIRED="A new e-mail address takes a session that began at most fifteen minutes ago: sign in"
        " anew.",
        RATE_LIMITED="Too many letters; the param `retryAfterSeconds` says when to try again.",
    ),
    Described(
        ConfirmNewEmailReason,
        "Why the e-mail address stays as it is.",
        TOKEN_INVALID=_ALTERED,
        TOKEN_EXPIRED=_OVER,
        TOKEN_USED=_USED,
        EMAIL_TAKEN="Somebody has this address by now: sign in with it, or ask for another one.",
    ),
    Described(
        WithdrawConsentReason,
        "Why nothing was withdrawn.",
        NOT_FOUND="No such program acts on the viewer's behalf now.",
    ),
)
