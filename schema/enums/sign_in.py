"""Enums of signing in with a code, and of sessions."""

from __future__ import annotations

from ventanilla.resolvers.sessions import EndSessionReason
from ventanilla.resolvers.sign_in_codes import SignInCodeReason, SignInWithCodeReason
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        SignInCodeReason,
        "Why no code was sent.",
        FIELD_INVALID="This could be nobody's e-mail address.",
        RATE_LIMITED="Too many codes for this e-mail address or from this network address, or one within the last"
        " minute; `params` say when to try again.",
        WAY_NOT_OFFERED="Nobody signs in with a code here; `portal.signInWays` tells how.",
    ),
    Described(
        SignInWithCodeReason,
        "Why nobody was signed in.",
        CODE_INVALID="The code is wrong, or the ticket is none; the param `triesLeft` says how many more are compared.",
        CODE_EXPIRED="Its ten minutes are over, or a newer code took its place.",
        CODE_USED="Somebody signed in with it already.",
        TOO_MANY_ATTEMPTS="Too many codes tried for this e-mail address or from this network address; `params` say when"
        " to try again. Another code gives no new tries.",
        WAY_NOT_OFFERED="Nobody signs in with a code here; `portal.signInWays` tells how.",
        ACCOUNT_DISABLED="The manager has disabled this sign-in.",
    ),
    Described(
        EndSessionReason,
        "Why no session was ended.",
        NOT_FOUND="The viewer has no such session, or it has ended.",
    ),
)
