"""The address of a mail server in one line, as it stands in a setting: ``smtp://user:password@host:587``."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from ventanilla.mail.smtp import UNNAMED, SmtpServer, SmtpTransport
from ventanilla.store.manager import MailSecurity

_SCHEMES: Final = {
    "smtp": (MailSecurity.STARTTLS, 587),
    "smtps": (MailSecurity.TLS, 465),
    "smtp+insecure": (MailSecurity.NONE, 25),
}
_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:]*:[0-9a-f:.]+")
_MEND: Final = "write smtp://user:password@host:587, with / : @ # ? in user or password as %2F %3A %40 %23 %3F"


def transport_of_url(text: str) -> SmtpTransport:
    """The mail server at ``smtp://`` (STARTTLS), ``smtps://`` (TLS) or ``smtp+insecure://`` (in clear).

    Raises `ValueError`, which says what to mend and repeats nothing, since a password may stand in it.
    """
    parts, port = _split(text.strip())
    if parts.scheme not in _SCHEMES:
        raise ValueError("the mail server's address begins with smtp://, smtps:// or, unencrypted, smtp+insecure://")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise ValueError(f"the mail server's address names no host; {_MEND}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"the mail server's address goes on after the port; {_MEND}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"the mail server's address has a user or a password, where both are needed; {_MEND}")
    security, usual = _SCHEMES[parts.scheme]
    server = SmtpServer(
        host=parts.hostname,
        port=port or usual,
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        name=_own_name(),
    )
    return SmtpTransport(server)


def _split(text: str) -> tuple[SplitResult, int | None]:
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.port != 0:
            return parts, parts.port
    raise ValueError(f"the mail server's address cannot be read; its port is a number from 1 to 65535; {_MEND}")


def _own_name() -> str:
    """This machine's name where it is one that others may know; asking a name server for it could take long."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() and not name.endswith((".local", ".localdomain")) else UNNAMED
