"""Addresses that letters can be sent to."""

from __future__ import annotations

import re
from typing import Final

import idna

from ventanilla.mail.transport import Failure, NotSentError

_LOCAL: Final = re.compile(r"[^\s\"(),:;<>@\[\]\\.]+(\.[^\s\"(),:;<>@\[\]\\.]+)*")
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"({_LABEL}\.)+{_LABEL}")
LONGEST_LOCAL: Final = 64
LONGEST: Final = 254


def address_of(text: str) -> str:
    """The address as mail servers take it, its domain in ASCII; raise `NotSentError` where it is none.

    A local part may have letters of any script. Quoted ones, which may hold anything, are not taken.
    """
    local, _, domain = text.strip(" ").rpartition("@")
    address = f"{local}@{_ascii(domain)}"
    if not _LOCAL.fullmatch(local) or not local.isprintable() or len(local.encode()) > LONGEST_LOCAL:
        raise NotSentError(Failure.BAD_ADDRESS, permanent=True)
    if len(address.encode()) > LONGEST:
        raise NotSentError(Failure.BAD_ADDRESS, permanent=True)
    return address


def _ascii(domain: str) -> str:
    try:
        plain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        plain = ""
    if not _DOMAIN.fullmatch(plain):
        raise NotSentError(Failure.BAD_ADDRESS, permanent=True)
    return plain
