"""Where somebody goes on to who comes in: what is to be done first, then where they wanted to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from ventanilla_portal.visit import Visit

_FIRST: Final = {"NEEDS_SECOND_FACTOR": "/second-factor", "NEEDS_PASSWORD": "/change-password"}
"""What keeps everything else closed, and where it is done."""


def next_place(visit: Visit) -> str:
    """Where the visitor wanted to go: a path of this portal, never elsewhere."""
    asked = visit.query["next"]
    own = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if own else "/"


def keeping_next(visit: Visit, path: str) -> str:
    """Another step of coming in, which goes on to the same place afterwards."""
    place = next_place(visit)
    return path if place == "/" else f"{path}?next={quote(place, safe='')}"


def onward(visit: Visit, viewer: Mapping[str, Any]) -> str:
    """Where `viewer`, who is signed in, goes from here."""
    first = _FIRST.get(viewer["onboardingState"])
    return keeping_next(visit, first) if first else next_place(visit)
