"""What a theme may be, whoever sets it: the operator by the manager's file, or the staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ventanilla.store.manager import Manager
from ventanilla.store.theme import PAIRS, Contrast, Scheme, contrasts, malformed

# One slash: what begins with two, or with one that leans the other way, leads to another host.
_LOGO = re.compile(r"(https://[^\s/\\]|/(?![/\\]))[^\s\\]*")
_LONGEST_LOGO: Final = 2_000


def is_logo_url(url: str) -> bool:
    """Whether a logo may stand at `url`: an https address or a path of the portal, which letters and pages can show."""
    return len(url) <= _LONGEST_LOGO and _LOGO.fullmatch(url) is not None


def theme_problems(manager: Manager) -> Iterator[str]:
    """Every problem of the theme of `manager`, as ``key: what is wrong; what to do``."""
    theme = manager.presentation.theme
    for name, value in (wrong := malformed(theme)):
        yield f"theme.{name}: {value!r} is not a colour; write six hexadecimal digits, #1f4e79"
    if not wrong:
        yield from (_too_low(each) for each in contrasts(theme) if not each.passes)
    if theme.logo_url is not None and not is_logo_url(theme.logo_url):
        yield f"theme.logo_url: {theme.logo_url!r} cannot be shown; write an https:// address or a path from /"


def _too_low(found: Contrast) -> str:
    prefix = "theme.dark." if found.scheme is Scheme.DARK else "theme."
    front, back = PAIRS[found.pair]
    return (
        f"{prefix}{front}: its contrast with {prefix}{back} is {found.ratio:.2f} : 1; at least {found.needed} : 1 is"
        f" needed, which theme.{found.mends} = {found.suggestion!r} has"
    )
