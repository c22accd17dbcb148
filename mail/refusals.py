"""What a mail server's answers mean. Its words are not kept: they may name people, and anybody may write there."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from ventanilla.mail.transport import Failure, NotSentError

_ENHANCED: Final = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})\b")
_OURS: Final = frozenset({454, 530, 534, 535, 538})
"""What servers say when they want another sign-in, or an encrypted connection."""
_SUBJECTS: Final = {
    "1.0": Failure.NO_SUCH_MAILBOX,
    "1.1": Failure.NO_SUCH_MAILBOX,
    "1.2": Failure.NO_SUCH_MAILBOX,
    "1.3": Failure.BAD_ADDRESS,
    "1.6": Failure.NO_SUCH_MAILBOX,
    "1.7": Failure.REFUSED_US,
    "1.8": Failure.REFUSED_US,
    "1.10": Failure.NO_SUCH_MAILBOX,
    "2.1": Failure.NO_SUCH_MAILBOX,
    "2.2": Failure.MAILBOX_FULL,
}
"""What the second and third digit of an enhanced code mean (RFC 3463) where they say more than the code."""
_OF_RECIPIENTS: Final = {
    501: Failure.BAD_ADDRESS,
    550: Failure.NO_SUCH_MAILBOX,
    551: Failure.NO_SUCH_MAILBOX,
    552: Failure.MAILBOX_FULL,
    553: Failure.BAD_ADDRESS,
}
"""What a code says of a recipient where the server gives no enhanced one."""


class Step(Enum):
    """How far a letter was when the server refused."""

    CONNECT = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    BODY = auto()


def failure_of(code: int, text: str, step: Step) -> NotSentError:
    """The failure that a server's answer is. What only an operator can mend is never permanent."""
    if not 400 <= code <= 599:  # whatever speaks there, it is not SMTP
        return NotSentError(Failure.UNREACHABLE)
    enhanced = _ENHANCED.match(text)
    failure = _failure(code, enhanced[1] if enhanced else None, step)
    permanent = code >= 500 and failure is not Failure.REFUSED_US
    return NotSentError(failure, permanent=permanent, code=f"{code} {enhanced[0]}" if enhanced else f"{code}")


def _failure(code: int, subject: str | None, step: Step) -> Failure:
    if code in _OURS:
        return Failure.REFUSED_US
    if code < 500:
        return Failure.MAILBOX_FULL if subject == "2.2" else Failure.BUSY
    if step in (Step.CONNECT, Step.MAIL):
        return Failure.REFUSED_US
    if subject is None:
        return _OF_RECIPIENTS.get(code, Failure.REFUSED) if step is Step.RCPT else Failure.REFUSED
    return _SUBJECTS.get(subject, Failure.REFUSED)
