"""Tokens of links: what they are refused with, the same whatever the link is for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ventanilla.auth.challenges import Ended


class BadToken(StrEnum):
    """Why the token of a link proves nothing."""

    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105  the name of a reason, not a secret
    """Altered, invented, of something else or of another manager."""
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  the name of a reason, not a secret
    """Its time is over, or a newer letter took its place."""
    TOKEN_USED = "TOKEN_USED"  # noqa: S105  the name of a reason, not a secret


OF_ENDING: Final[Mapping[Ended, BadToken]] = {
    Ended.UNKNOWN: BadToken.TOKEN_INVALID,
    Ended.EXPIRED: BadToken.TOKEN_EXPIRED,
    Ended.REPLACED: BadToken.TOKEN_EXPIRED,
    Ended.USED: BadToken.TOKEN_USED,
}
"""What the token of a challenge that is over is refused with."""
