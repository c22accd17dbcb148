"""What carries letters away: the interface behind which mail servers and the demo's mailbox stand."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol


class Failure(StrEnum):
    """Why a letter was not taken."""

    UNREACHABLE = "UNREACHABLE"
    """No connection to the mail server, or it broke."""
    TIMEOUT = "TIMEOUT"
    REFUSED_US = "REFUSED_US"
    """The mail server does not let us send: credentials, encryption or policy."""
    BUSY = "BUSY"
    """The server puts us off: too many letters, greylisting, a full disk."""
    NO_SUCH_MAILBOX = "NO_SUCH_MAILBOX"
    MAILBOX_FULL = "MAILBOX_FULL"
    REFUSED = "REFUSED"
    """The server will not take this letter."""
    BAD_ADDRESS = "BAD_ADDRESS"
    """The address is none that mail can be sent to."""
    UNKNOWN = "UNKNOWN"


class NotSentError(Exception):
    """A letter that was not taken, or of which nobody knows whether it was. It holds no text of the server's."""

    def __init__(
        self, failure: Failure, *, permanent: bool = False, code: str | None = None, mend: str | None = None
    ) -> None:
        """`permanent`: trying again cannot help. `code` is the server's own, ``550 5.1.1``; `mend` what to do here."""
        told = f"{f' ({code})' if code else ''}{', for good' if permanent else ''}{f': {mend}' if mend else ''}"
        super().__init__(f"{failure}{told}")
        self.failure = failure
        self.permanent = permanent
        self.code = code
        self.mend = mend


class Connection(Protocol):
    """One connection, on which any number of letters leave one after another."""

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand a message over; `sender` is where bounces go. Returns once it is taken; raises `NotSentError`.

        After an error the connection goes on if it can; what it cannot do any more it refuses with UNREACHABLE.
        """
        ...


class Transport(Protocol):
    """A way to get letters away."""

    def connected(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for a batch; entering it raises `NotSentError` where there is none to be had."""
        ...
