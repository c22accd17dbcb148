"""A folder in place of a mail server, for the demo and for development: every letter is a file."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTPUTF8, default
from pathlib import Path
from typing import Final
from uuid import uuid4

from anyio import to_thread

from ventanilla.backoffice_adapters.records import Record
from ventanilla.mail.address import address_of
from ventanilla.mail.transport import Connection, Failure, NotSentError

MOST: Final = 500
"""How many letters a folder keeps."""
_NAME: Final = re.compile(r"(\d{10})-([0-9a-f]{32})\.eml")


class MailboxLetter(Record):
    """A letter as it lies in the folder."""

    id: str
    """Of its file."""
    subject: str
    sender: str
    """Whom it comes from, with the name."""
    recipient: str
    at: datetime | None
    text: str
    html: str


class Mailbox:
    """The letters of a folder; it need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def letters(self) -> list[MailboxLetter]:
        """All of them, the newest first."""
        return await to_thread.run_sync(self._letters)

    async def ids(self) -> list[str]:
        """The ids of all of them, the newest first; quick, for none is opened."""
        return await to_thread.run_sync(lambda: [path.stem for path in reversed(_files(self.folder))])

    async def letter(self, id: str) -> MailboxLetter | None:
        """One of them; None where there is none, or no longer."""
        return await to_thread.run_sync(self._letter, id)

    def _letters(self) -> list[MailboxLetter]:
        found = (self._read(path) for path in reversed(_files(self.folder)))
        return [letter for letter in found if letter]

    def _letter(self, id: str) -> MailboxLetter | None:
        name = f"{id}.eml"
        return self._read(self.folder / name) if _NAME.fullmatch(name) else None

    def _read(self, path: Path) -> MailboxLetter | None:
        try:
            return _opened(path.stem, message_from_string(path.read_text("utf-8", "replace"), policy=default))
        except FileNotFoundError:
            return None  # newer ones took its place


class MailboxTransport:
    """Puts letters into a folder, whole or not at all; it keeps the newest `most`."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self.most = most

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connection]:
        """Always there."""
        yield _MailboxConnection(self.folder, self.most)


class _MailboxConnection:
    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Put a letter into the folder; one that cannot be written is BUSY, as a mail server with a full disk is."""
        del sender
        address_of(recipient)
        try:
            await to_thread.run_sync(_put, self._folder, message.as_bytes(policy=SMTPUTF8), self._most)
        except OSError:
            raise NotSentError(Failure.BUSY) from None


def _put(folder: Path, letter: bytes, most: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    before = _files(folder)
    number = int(before[-1].name.partition("-")[0]) + 1 if before else 1
    name = f"{number:010}-{uuid4().hex}"
    hidden = folder / f".{name}"
    try:
        hidden.write_bytes(letter)
        hidden.rename(folder / f"{name}.eml")
    except OSError:
        hidden.unlink(missing_ok=True)
        raise
    for old in before[: max(0, len(before) + 1 - most)]:
        old.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    """The letters of a folder, the oldest first."""
    names = (path for path in _entries(folder) if _NAME.fullmatch(path.name))
    return sorted(names, key=lambda path: path.name)


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _opened(id: str, message: EmailMessage) -> MailboxLetter:
    date = message["Date"]
    return MailboxLetter(
        id=id,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        at=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
