"""How a second factor stands."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.fields import prop


@strawberry.type(description="The viewer's second factor: an authenticator whose codes are shown after signing in.")
class SecondFactor:
    """What its owner sees of it."""

    set_up_at: datetime | None = prop("When it was set up; null if there is none.")
    recovery_codes_left: int = prop("How many recovery codes are good still, of ten.")
    due: bool = prop(
        "Whether it is to be shown in this session before anything else: `showSecondFactor`. Until then the rest fails"
        " with FORBIDDEN, but for `signOut` and what is open to anybody. A session that a passkey began needs none."
    )
