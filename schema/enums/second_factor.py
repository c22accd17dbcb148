"""Enums of second factors."""

from __future__ import annotations

from ventanilla.resolvers.second_factor import (
    ConfirmSecondFactorReason,
    ResetSecondFactorReason,
    SecondFactorReason,
    StartSecondFactorReason,
)
from ventanilla.schema.enums.described import Described

_TOO_MANY = "Too many tries; `params` say when to try again, and a request tries one."
_LONG_AGO = "The viewer signed in more than fifteen minutes ago: give `password`, or sign in anew."
_NONE_SET_UP = "There is no second factor."

ENUMS = (
    Described(
        StartSecondFactorReason,
        "Why no second factor was begun.",
        REAUTHENTICATION_REQUIRED=_LONG_AGO,
        INVALID_CREDENTIALS="The password is wrong.",
        TOO_MANY_ATTEMPTS=_TOO_MANY,
    ),
    Described(
        ConfirmSecondFactorReason,
        "Why no second factor was set up.",
        NOT_STARTED="None was begun, its fifteen minutes are over, or it was confirmed already: begin anew.",
        REAUTHENTICATION_REQUIRED="One was set up meanwhile, in another session: show it, then begin anew.",
        CODE_INVALID="The code is wrong: the authenticator has another secret, or its clock is wrong.",
        TOO_MANY_ATTEMPTS=_TOO_MANY,
    ),
    Described(
        SecondFactorReason,
        "Why a code was not taken.",
        NOT_SET_UP=_NONE_SET_UP,
        CODE_INVALID="The code is wrong, or too old.",
        CODE_USED="The code was taken before, or a newer one was: each is good once.",
        TOO_MANY_ATTEMPTS=_TOO_MANY,
    ),
    Described(
        ResetSecondFactorReason,
        "Why nothing was taken away.",
        NOT_FOUND="There is no such person.",
        ONESELF="Nobody does this to themselves: another administrator does, or `removeSecondFactor`.",
        NOT_SET_UP=_NONE_SET_UP,
    ),
)
