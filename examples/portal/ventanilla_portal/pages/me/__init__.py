"""Pages of what is the viewer's own: profile, security, sessions, activity, data."""

from __future__ import annotations

from urllib.parse import quote

from ventanilla_portal.visit import Done, Visit


async def sign_in_anew(visit: Visit, email: str, back: str) -> Done:
    """End this session, to begin one at once that is young enough for what was wanted; then come back to `back`.

    The page's document has the mutation ``SignOutHere``, and its words what is said, ``again``.
    """
    await visit.mutate("SignOutHere", {})
    return visit.done(to=f"/sign-in?email={quote(email, safe='')}&next={quote(back, safe='')}", said="again")
