"""Whose page opened a socket: browsers let any page open one, send its cookies along, and say whose page it is."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers

from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.visit import Visit

_ORIGIN: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@]+)")
_USUAL_PORT: Final = {"http": ":80", "https": ":443"}


def is_own_origin(headers: Headers, visit: Visit) -> bool:
    """Whether a page of the asked host itself opened the socket; False where no page did: programs send no Origin.

    A page of any other origin, ``null`` included, is refused with 403.
    """
    origins = headers.getlist("origin")
    if not origins:
        return False
    found = _ORIGIN.fullmatch(origins[0].strip().lower()) if len(origins) == 1 else None
    if found is None or not _is_of(visit, found["scheme"], found["host"]):
        raise RefusalError(403, "Pages of another origin may not open a socket here.", code="FORBIDDEN")
    return True


def _is_of(visit: Visit, scheme: str, host: str) -> bool:
    if visit.secure and scheme != "https":
        return False
    usual = _USUAL_PORT[scheme]
    return host.removesuffix(usual) == visit.host.removesuffix(usual)
