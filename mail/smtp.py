"""Mail servers, by SMTP: one connection for a batch, and every answer of the server as one of our failures."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.policy import SMTPUTF8 as UNICODE_LINES
from functools import cache
from typing import Final

import aiosmtplib
from anyio import to_thread

from ventanilla.backoffice_adapters.records import Record
from ventanilla.mail.address import address_of
from ventanilla.mail.refusals import Step, failure_of
from ventanilla.mail.transport import Connection, Failure, NotSentError
from ventanilla.store.manager import MailSecurity

CONNECT_S: Final = 10
"""How long a connection may take, and the server's greeting again."""
COMMAND_S: Final = 30
"""How long each answer may take. A letter has four: it is decided after two minutes at most."""
UNNAMED: Final = "[127.0.0.1]"
"""What a machine without a name calls itself."""
_GOODBYE_S: Final = 5
_TAKEN: Final = 250
_GO_ON: Final = 354
_CLOSING: Final = 421
_DOT: Final = re.compile(rb"(?m)^\.")


class SmtpServer(Record):
    """A mail server and how we come to it."""

    host: str
    port: int
    security: MailSecurity
    user: str | None = None
    password: str | None = None
    name: str = UNNAMED
    """What we call ourselves in EHLO."""
    connect_s: float = CONNECT_S
    command_s: float = COMMAND_S

    def __repr__(self) -> str:
        return f"SmtpServer(host={self.host!r}, port={self.port}, security={self.security!r})"


class SmtpTransport:
    """Hands letters to a mail server. Its certificate is checked, against `tls` where one is given."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext | None = None) -> None:
        self.server = server
        self._tls = tls

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connection]:
        """Connect, encrypt and sign in; raise `NotSentError` where one of these fails."""
        client = await self._client()
        try:
            await _connect(client, self.server)
            yield _SmtpConnection(client)
            with suppress(OSError, aiosmtplib.SMTPException):
                await client.quit(timeout=_GOODBYE_S)
        finally:
            client.close()

    async def _client(self) -> aiosmtplib.SMTP:
        server = self.server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=server.name,
            timeout=server.command_s,
            use_tls=server.security is MailSecurity.TLS,
            start_tls=server.security is MailSecurity.STARTTLS,
            tls_context=self._tls or await to_thread.run_sync(_certificates),
        )


@cache
def _certificates() -> ssl.SSLContext:
    """Those that this machine trusts: reading them takes a while."""
    return ssl.create_default_context()


async def _connect(client: aiosmtplib.SMTP, server: SmtpServer) -> None:
    try:
        await client.connect(timeout=server.connect_s)
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
    except aiosmtplib.SMTPResponseException as error:
        raise failure_of(error.code, error.message, Step.CONNECT) from None
    except (OSError, aiosmtplib.SMTPException) as error:
        raise NotSentError(_connect_failure(error)) from None


def _connect_failure(error: Exception) -> Failure:
    if isinstance(error, TimeoutError):
        return Failure.TIMEOUT
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Failure.REFUSED_US
    return Failure.UNREACHABLE if isinstance(error, OSError) else Failure.REFUSED_US  # it lacks STARTTLS or AUTH


class _SmtpConnection:
    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand a message over, and make the connection fit for the next one if that fails."""
        if not self._client.is_connected:
            raise NotSentError(Failure.UNREACHABLE)
        try:
            await self._hand_over(message, sender, recipient)
        except NotSentError as refused:
            await self._start_over(refused.failure)
            raise
        except BaseException:  # whoever was cancelled in the middle left an answer behind that nobody awaits
            self._client.close()
            raise

    async def _hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None:
        recipient = address_of(recipient)
        unicode = not f"{sender}{recipient}".isascii()
        if unicode and not self._client.supports_extension("smtputf8"):
            raise NotSentError(Failure.BAD_ADDRESS, permanent=True)
        encoding, options = ("utf-8", ["SMTPUTF8"]) if unicode else ("ascii", [])
        body = message.as_bytes(policy=UNICODE_LINES if unicode else LINES)
        async with _told(Step.MAIL):
            await self._client.mail(sender, options=options, encoding=encoding)
        async with _told(Step.RCPT):
            await self._client.rcpt(recipient, encoding=encoding)
        await self._data(body)

    async def _start_over(self, failure: Failure) -> None:
        if not self._client.is_connected:
            return
        if failure is Failure.UNREACHABLE:  # what came was no answer, so the next might belong to this letter
            self._client.close()
            return
        try:
            await self._client.rset()
        except (OSError, aiosmtplib.SMTPException):
            self._client.close()

    async def _data(self, body: bytes) -> None:
        async with _told(Step.DATA):
            answer = await self._client.execute_command(b"DATA")
        if answer.code != _GO_ON:
            raise failure_of(answer.code, answer.message, Step.DATA)
        try:
            answer = await self._answer_to(body)
        except (OSError, aiosmtplib.SMTPException):  # the server may have all of it: nobody knows
            self._client.close()
            raise NotSentError(Failure.UNKNOWN) from None
        if answer.code == _CLOSING:
            self._client.close()
        if answer.code != _TAKEN:
            raise failure_of(answer.code, answer.message, Step.BODY)

    async def _answer_to(self, body: bytes) -> aiosmtplib.SMTPResponse:
        """Write the letter and hear what becomes of it: aiosmtplib's own `data` does not tell the two apart."""
        protocol = self._client.protocol
        if protocol is None:
            raise NotSentError(Failure.UNREACHABLE)
        protocol.write(_DOT.sub(b"..", body) + b".\r\n")
        return await protocol.read_response(timeout=self._client.timeout)


@asynccontextmanager
async def _told(step: Step) -> AsyncGenerator[None]:
    """Turn what goes wrong at a step into one of our failures."""
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        raise failure_of(error.code, error.message, step) from None
    except TimeoutError:
        raise NotSentError(Failure.TIMEOUT) from None
    except (OSError, aiosmtplib.SMTPException):
        raise NotSentError(Failure.UNREACHABLE) from None
