"""What was posted and what the program said of it: a file that only grows, one line an event.

It is the truth: what stands in it was posted, whatever became of the files and snapshots that are made from it. It is
read and written under the lock of the office's folder, so that each process knows what all of them wrote.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ventanilla.backoffice_adapters.files.drop import secure_folder
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome, PostingKind
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal, PostedPayment, Record

_log = logging.getLogger(__name__)


class UnsureError(Exception):
    """A line was written, and nobody knows whether the disk has it."""


class JournalError(Exception):
    """The journal holds what nobody wrote; the message says where."""


# -- events ------------------------------------------------------------------------------------------------------


class Line(Record):
    """A row of an outbox file: the part of a posting that is for one invoice, or for none."""

    number: int
    amount: Money
    """Negative where money is taken back."""
    invoice: str | None = None
    invoice_number: str | None = None


class Sent(Record, tag="SENT"):
    """Something was posted: `payment` or `reversal` says what, `answer` what was answered."""

    sequence: int
    """The outbox file that its rows stand in."""
    lines: tuple[Line, ...]
    account_number: str
    payment: NewPayment | None = None
    reversal: NewReversal | None = None
    program_key: str | None = None
    """Of a payment that is taken back: the program's own key, as far as it was known."""
    posted_as: str | None = None
    """Of a payment that is taken back: the key that it was posted under, if it was."""
    answer: PostedPayment

    @property
    def key(self) -> str:
        """The key that it was posted under."""
        return self.item.key

    @property
    def item(self) -> NewPayment | NewReversal:
        """What was posted."""
        item = self.payment or self.reversal
        if item is None:
            msg = f"a posting in outbox file {self.sequence} says neither what was paid nor what was taken back"
            raise JournalError(msg)
        return item

    @property
    def kind(self) -> PostingKind:
        """What the program is asked for."""
        return PostingKind(self.reversal.kind) if self.reversal else PostingKind.PAYMENT

    @property
    def amount(self) -> Money:
        """What its rows add up to."""
        return -self.item.amount if self.reversal else self.item.amount


class Written(Record, tag="WRITTEN"):
    """An outbox file was put into its folder."""

    sequence: int


class Answer(Record):
    """What the program said of one posting."""

    key: str
    outcome: Outcome
    payment: str | None = None
    """The program's own key of the payment that it took."""
    reason: str | None = None


class Heard(Record, tag="HEARD"):
    """A file of answers was read; `stamp` is the file's time in nanoseconds."""

    file: str
    digest: str
    stamp: int
    answers: tuple[Answer, ...]


class Ended(Record, tag="ENDED"):
    """The export that is shown holds what was posted under these keys: it is the truth of them from now on."""

    keys: tuple[str, ...]


class Forgotten(Record, tag="FORGOTTEN"):
    """The office was filled anew: what was posted before is no longer there. Numbers go on."""


Event = Sent | Written | Heard | Ended | Forgotten


class Entry(Record):
    """One posting and what became of it."""

    sent: Sent
    answer: Answer | None = None
    answered_at: int = 0
    """The time of the file that says so, in nanoseconds."""

    @property
    def outcome(self) -> Outcome | None:
        """What the program said; None as long as it said nothing."""
        return self.answer and self.answer.outcome


# -- the file ----------------------------------------------------------------------------------------------------


class Journal:
    """The events in a file, and what they amount to. Everything here needs the lock of the office's folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clear()

    def _clear(self) -> None:
        self.size = 0
        """How many bytes of it are known here."""
        self._inode = 0
        self.entries: dict[str, Entry] = {}
        """Everything posted, by key, in its order."""
        self.live: dict[str, Entry] = {}
        """Those of them that no export has yet shown."""
        self.posted_as: dict[str, str] = {}
        """The key of a payment → the key that it was posted under."""
        self.taken: dict[str, str] = {}
        """The program's own key of a payment → the key that it was posted under."""
        self.heard: dict[str, Heard] = {}
        """The files of answers that were read, by digest."""
        self.unwritten: dict[int, None] = {}
        """The numbers of outbox files that are still to be put into their folder."""
        self.sequence = 1
        """The number of the next outbox file."""
        self.number = 1
        """The number of the next row."""

    @property
    def moved(self) -> bool:
        """Whether others wrote since it was last read; needs no lock."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return bool(self.size)
        return (found.st_size, found.st_ino) != (self.size, self._inode)

    def catch_up(self) -> None:
        """Read what was written since; cut off a line that a killed process left unfinished."""
        if not self.moved:
            return
        if not self._path.exists():
            self._clear()
            return
        with self._path.open("r+b") as file:
            found = os.fstat(file.fileno())
            if found.st_ino != self._inode or found.st_size < self.size:
                self._clear()
            self._inode = found.st_ino
            file.seek(self.size)
            fresh = file.read()
            whole = fresh.rfind(b"\n") + 1
            if whole < len(fresh):
                _log.warning("%s: an unfinished line was cut off", self._path.name)
                file.truncate(self.size + whole)
        for event in self._events(fresh[:whole]):
            self._take(event)
        self.size += whole

    def append(self, *events: Event) -> None:
        """Write `events` so that nothing can undo them.

        Raise `OSError` if the disk does not take them, and leave nothing of them; `UnsureError` if nobody knows.
        """
        content = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
        if not self._path.exists():
            self._path.touch()
            secure_folder(self._path.parent)
        with self._path.open("ab", buffering=0) as file:
            try:
                _write(file.fileno(), content)
            except OSError:
                os.ftruncate(file.fileno(), self.size)
                raise
            _secure(file.fileno(), self._path)
            self._inode = os.fstat(file.fileno()).st_ino
        self.size += len(content)
        for event in events:
            self._take(event)

    def _events(self, content: bytes) -> list[Event]:
        """What whole lines say, all or none of them."""
        events: list[Event] = []
        place = self.size
        for line in content.split(b"\n")[:-1]:
            try:
                events.append(msgspec.json.decode(line, type=Event))
            except msgspec.MsgspecError as error:
                msg = f"{self._path.name} is damaged at byte {place}; bring it back from a backup: {error}"
                raise JournalError(msg) from None
            place += len(line) + 1
        return events

    def _take(self, event: Event) -> None:
        match event:
            case Sent():
                self._sent(event)
            case Written():
                self.unwritten.pop(event.sequence, None)
            case Heard():
                self._hear(event)
            case Ended():
                for key in event.keys:
                    self.live.pop(key, None)
            case Forgotten():
                for known in (self.entries, self.live, self.posted_as, self.taken, self.unwritten):
                    known.clear()

    def _sent(self, sent: Sent) -> None:
        self.entries[sent.key] = self.live[sent.key] = Entry(sent=sent)
        if sent.payment:
            self.posted_as[sent.answer.payment.key] = sent.key
        self.unwritten[sent.sequence] = None
        self.sequence = sent.sequence + 1
        self.number = sent.lines[-1].number + 1

    def _hear(self, heard: Heard) -> None:
        self.heard[heard.digest] = heard
        for answer in heard.answers:
            entry = replace(self.entries[answer.key], answer=answer, answered_at=heard.stamp)
            self.entries[answer.key] = self.live[answer.key] = entry
            if answer.payment:
                self.taken[answer.payment] = answer.key


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _secure(file: int, path: Path) -> None:
    try:
        os.fsync(file)
    except OSError as error:
        msg = f"{path.name}: {error.strerror}"
        raise UnsureError(msg) from error
