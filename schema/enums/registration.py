"""Enums of people who come by themselves: why a registration, a letter or a password was refused."""

from __future__ import annotations

from ventanilla.resolvers.asked import LetterReason
from ventanilla.resolvers.passwords import ChangePasswordReason, ResetPasswordReason
from ventanilla.resolvers.registration import RegisterReason, VerifyEmailReason
from ventanilla.schema.enums.described import Described

_POLICY = (
    "The manager's policy refuses the password. Each rule it breaks is a param `violation`: `TOO_SHORT` (with"
    " `minLength`), `TOO_LONG` (with `maxLength`), `NO_DIGIT`, `NO_SYMBOL`, `NO_UPPER`, `NO_LOWER`, `REFUSED` (one that"
    " everybody tries first), `PERSONAL` (it contains the person's name or e-mail) or `REUSED`."
)
_RATE = "Too many letters for this e-mail or from this address; the param `retryAfterSeconds` says when to try again."
_INVALID = "The token is not one of this portal's links: it was cut off or altered."
_EXPIRED = "The link's time is over, or a newer letter took its place: ask for another letter."
_USED = "The link was used already."

ENUMS = (
    Described(
        RegisterReason,
        "Why a registration was not taken; `path` names the field.",
        FIELD_REQUIRED="A field is empty.",
        FIELD_INVALID="A field cannot be what was given; `message` says what it takes.",
        PASSWORD_POLICY=_POLICY,
        TERMS_NOT_ACCEPTED="The terms of use were not accepted; the param `version` names those in force.",
        TERMS_VERSION_STALE="Other terms were accepted than those in force; the param `version` names them.",
        RATE_LIMITED=_RATE,
    ),
    Described(
        LetterReason,
        "Why no letter was written.",
        FIELD_INVALID="This could not be an e-mail address.",
        RATE_LIMITED=_RATE,
    ),
    Described(
        VerifyEmailReason,
        "Why nothing was verified.",
        TOKEN_INVALID=_INVALID,
        TOKEN_EXPIRED=_EXPIRED,
        TOKEN_USED=_USED,
        EMAIL_TAKEN="Somebody has this e-mail address by now: sign in, or ask for another password.",
    ),
    Described(
        ResetPasswordReason,
        "Why the password stays as it is.",
        TOKEN_INVALID=_INVALID,
        TOKEN_EXPIRED=_EXPIRED,
        TOKEN_USED=_USED,
        PASSWORD_POLICY=_POLICY,
        TOO_MANY_ATTEMPTS="Too many tries from this address, signing in included; the param `retryAfterSeconds` says"
        " when to try again.",
    ),
    Described(
        ChangePasswordReason,
        "Why the password stays as it is.",
        INVALID_CREDENTIALS="The current password is wrong.",
        PASSWORD_POLICY=_POLICY,
        TOO_MANY_ATTEMPTS="Too many tries for this account or from this address, signing in included; the param"
        " `retryAfterSeconds` says when to try again.",
    ),
)
