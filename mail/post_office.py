"""Which way a manager's letters take: by its own mail server, or by the one of the process."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ventanilla.backoffice_adapters.secrets import SecretMissingError, resolve
from ventanilla.mail.smtp import SmtpServer, SmtpTransport
from ventanilla.mail.transport import Connection, Failure, NotSentError, Transport
from ventanilla.store.manager import MailChoice, Manager


@dataclass(frozen=True)
class Route:
    """The way of a manager's letters."""

    transport: Transport
    sender: str
    """The address that letters come from."""
    bounces: str
    """The address that mail servers return letters to."""
    letters_per_minute: int


class PostOffice:
    """Knows the way of every manager's letters."""

    def __init__(
        self,
        fallback: Callable[[str], Transport] | None = None,
        sender: str | None = None,
        letters_per_minute: int = 600,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`fallback` makes the transport of a manager (its slug) that has no mail server of its own.

        Its letters come from `sender`, or where that is None from an address of the manager's own host.
        """
        self._fallback = fallback or _nowhere
        self._sender = sender
        self._letters_per_minute = letters_per_minute
        self._environ = environ

    def of(self, manager: Manager) -> Route:
        """The way of this manager's letters. Where something is missing, it refuses once a letter is to leave."""
        if manager.mail is not None:
            return self._own(manager, manager.mail)
        sender = self._sender or _own_address(manager)
        return Route(self._fallback(manager.slug), sender, sender, self._letters_per_minute)

    def _own(self, manager: Manager, choice: MailChoice) -> Route:
        sender = choice.sender or _own_address(manager)
        return Route(self._server(manager, choice), sender, choice.bounces or sender, choice.letters_per_minute)

    def _server(self, manager: Manager, choice: MailChoice) -> Transport:
        try:
            secrets = resolve({"mail.user": choice.user, "mail.password": choice.password}, self._environ)
        except SecretMissingError as error:
            return _Closed(str(error))
        server = SmtpServer(
            host=choice.host,
            port=choice.port,
            security=choice.security,
            user=secrets["mail.user"],
            password=secrets["mail.password"],
            name=_domain(manager),
        )
        return SmtpTransport(server)


class _Closed:
    """Stands where letters cannot leave until an operator has mended something."""

    def __init__(self, mend: str) -> None:
        self._mend = mend

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connection]:
        """Refuse."""
        raise NotSentError(Failure.REFUSED_US, mend=self._mend)
        yield  # what makes it a generator


def _nowhere(slug: str) -> Transport:
    return _Closed(f"manager {slug!r} has no mail server, nor has this process; add [mail] to the manager's file")


def _own_address(manager: Manager) -> str:
    return f"no-reply@{_domain(manager)}"


def _domain(manager: Manager) -> str:
    return manager.hosts[0].partition(":")[0]
