"""What one step leaves for the next of the same page, in a cookie that this page alone gets.

A telephone forgets a page while its owner reads a letter elsewhere; what was asked for must still be there then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from ventanilla_portal.visit import Visit

_NAME: Final = "portal-kept"


def keep(visit: Visit, values: Mapping[str, str], seconds: int) -> None:
    """Keep `values` in this browser for so many seconds; no script reads them."""
    _set(visit, quote(urlencode(values), safe=""), seconds)


def kept(visit: Visit) -> Mapping[str, str]:
    """What was kept; empty where nothing is, or not any more."""
    return dict(parse_qsl(unquote(visit.request.cookies.get(_NAME, ""))))


def forget(visit: Visit) -> None:
    """Let go of what was kept."""
    _set(visit, "", 0)


def _set(visit: Visit, value: str, seconds: int) -> None:
    secure = "; Secure" if visit.request.url.scheme == "https" else ""
    path = visit.request.url.path
    visit.cookies.append(f"{_NAME}={value}; Max-Age={seconds}; Path={path}; HttpOnly; SameSite=Lax{secure}")
