"""Booking for a program that nobody can write to: what is posted goes into its outbox, and shows at once.

Everything here blocks and runs under the lock of the office's folder. A posting is done when it stands in the journal;
the outbox file and what the snapshot shows follow from that, now or after whatever kept them from it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Hit, OfficeError, Setting
from ventanilla.backoffice_adapters.database import Database, DatabaseUnavailableError, Work
from ventanilla.backoffice_adapters.files.acknowledgements import Acknowledgements, Arrived
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration, OutboxConfiguration
from ventanilla.backoffice_adapters.files.journal import (
    Ended,
    Entry,
    Event,
    Forgotten,
    Heard,
    Journal,
    JournalError,
    Line,
    Sent,
    UnsureError,
    Written,
)
from ventanilla.backoffice_adapters.files.outbox import Outbox
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome
from ventanilla.backoffice_adapters.files.overlay import Overlay, Standing
from ventanilla.backoffice_adapters.files.problems import DropError, reason_of
from ventanilla.backoffice_adapters.files.snapshots import Refusal, Snapshot, Snapshots, State
from ventanilla.backoffice_adapters.records import AccountRef, NewPayment, NewReversal, Origin, PostedPayment

Item = NewPayment | NewReversal
_CONFLICT = Fault(code=FaultCode.CONFLICT, detail="this key was posted with other content; take a new key for it")
FAILURES: Final = (OSError, JournalError, DatabaseUnavailableError, sqlite3.Error)
"""What keeps postings out before anything is posted."""
_log = logging.getLogger(__name__)


class Postings:
    """What was posted to one office: its journal, its outbox, the program's answers, and what shows of it."""

    def __init__(
        self, setting: Setting, configuration: FilesConfiguration, own: OutboxConfiguration, snapshots: Snapshots
    ) -> None:
        self._setting = setting
        self._snapshots = snapshots
        self._outbox = Outbox(setting, configuration, own)
        self._answers = Acknowledgements(setting, configuration, own)
        self._journal = Journal(setting.folder / "posted.jsonl")
        self._overlay = Overlay(self._journal, setting.office, ZoneInfo(setting.time_zone))
        self._agreed: tuple[Snapshot, int] | None = None
        self._held: tuple[Entry, ...] = ()
        self._read: list[Arrived] = []
        self.trouble = ""
        """Why files cannot be written or read, if they cannot."""

    def start(self) -> None:
        """Make the folders."""
        self._answers.prepare()

    def due(self, snapshot: Snapshot | None) -> bool:
        """Whether there is anything to hear, to show or to write; needs no lock."""
        disagrees = snapshot is not None and self._agreed != (snapshot, self._journal.size)
        return disagrees or self._journal.moved or bool(self._journal.unwritten) or self._answers.waiting()

    def forget(self) -> None:
        """What was posted is no longer there: the office was filled anew."""
        self._journal.catch_up()
        if self._journal.entries:
            self._journal.append(Forgotten())

    # -- what shows ----------------------------------------------------------------------------------------------

    def shown(self, snapshot: Snapshot) -> Snapshot:
        """Let a snapshot show what was posted; the one that does, which is another if this one showed too much."""
        self._journal.catch_up()
        if self._agreed != (snapshot, self._journal.size):
            # One from before there was an outbox has nothing laid over it.
            snapshot = snapshot if snapshot.base else self._snapshots.with_base(snapshot)
            standing = asyncio.run(self._agree(snapshot))
            if standing.spoilt:
                snapshot = self._snapshots.anew(snapshot)
                standing = asyncio.run(self._agree(snapshot))
            self._agreed, self._held = (snapshot, self._journal.size), standing.held
        return snapshot

    async def _agree(self, snapshot: Snapshot) -> Standing:
        database = self._database(snapshot)
        await database.open()
        try:
            standing = await self._overlay.standing(database, snapshot.payments_at)
            if not standing.spoilt:
                await self._overlay.lay(database, standing.missing, self._origin(snapshot))
        finally:
            await database.close()
        return standing

    def finish(self) -> None:
        """Once a snapshot is published: what its export holds has ended, and files are written and taken away."""
        held, self._held, read, self._read = self._held, (), self._read, []
        for arrived in read:
            self._answers.remove(arrived)
        try:
            if held:
                self._append(Ended(keys=tuple(entry.sent.key for entry in held)))
            self._write()
        except (OSError, UnsureError) as error:
            self._agreed = None if held else self._agreed
            self._fail(f"outbox files cannot be written: {error}")
        else:
            self.trouble = ""

    def _write(self) -> None:
        if self._journal.unwritten:
            self._outbox.prepare()
        for sequence in list(self._journal.unwritten):
            self._outbox.put(sequence, self._journal.live.values())
            self._append(Written(sequence=sequence))

    def _append(self, event: Event) -> None:
        """Write what the snapshot that was agreed on shows as it is."""
        self._journal.append(event)
        if self._agreed:
            self._agreed = self._agreed[0], self._journal.size

    def _fail(self, trouble: str) -> None:
        if trouble != self.trouble:  # told once, not at every try
            _log.error("office %s: %s", self._setting.office, trouble)
        self.trouble = trouble

    # -- what is posted ------------------------------------------------------------------------------------------

    def book(self, snapshot: Snapshot, items: Sequence[Item]) -> list[Hit[PostedPayment]]:
        """Post each item exactly once under its key, and let `snapshot` show it."""
        try:
            self._outbox.prepare()
            return asyncio.run(self._book(snapshot, items))
        except FAILURES as error:
            raise OfficeError(unavailable(error)) from error

    async def _book(self, snapshot: Snapshot, items: Sequence[Item]) -> list[Hit[PostedPayment]]:
        database, origin, sequence = self._database(snapshot), self._origin(snapshot), self._journal.sequence
        await database.open()
        try:
            return [await self._one(database, new, origin, sequence) for new in items]
        finally:
            await database.close()

    async def _one(self, database: Database, new: Item, origin: Origin, sequence: int) -> PostedPayment | Fault:
        if known := self._journal.entries.get(new.key):
            return replace(known.sent.answer, replayed=True) if _same(known.sent.item, new) else _CONFLICT
        kept = False
        try:
            async with database.write() as work:
                answer = await self._overlay.book(work, new, f"portal-{self._journal.number:06}", origin)
                if isinstance(answer, PostedPayment) and not answer.replayed:
                    # Before the commit: what shows was posted. What was posted and does not show is laid over later.
                    self._append(await self._sent(work, new, answer, sequence))
                    kept = True
        except (OSError, UnsureError, DatabaseUnavailableError) as error:
            self._agreed = None
            if kept or isinstance(error, UnsureError):
                return Fault(code=FaultCode.OUTCOME_UNKNOWN, detail=f"posted, but perhaps not kept: {error}")
            return unavailable(error)
        return answer

    async def _sent(self, work: Work, new: Item, answer: PostedPayment, sequence: int) -> Sent:
        payment = answer.payment
        numbers = await self._overlay.numbers(work, "account", [payment.account_key])
        number = numbers[payment.account_key]
        if isinstance(new, NewPayment):
            kept, lines = replace(new, account=_plain(new.account)), await self._lines(work, answer)
            return Sent(sequence=sequence, lines=lines, account_number=number, payment=kept, answer=answer)
        posted_as = self._journal.posted_as.get(payment.key)
        taken = self._journal.entries[posted_as].answer if posted_as else None
        return Sent(
            sequence=sequence,
            lines=(Line(number=self._journal.number, amount=-new.amount),),
            account_number=number,
            reversal=new,
            program_key=taken and taken.payment if posted_as else payment.key,
            posted_as=posted_as,
            answer=answer,
        )

    async def _lines(self, work: Work, answer: PostedPayment) -> tuple[Line, ...]:
        """A row for each invoice as it was matched here, and one for the rest."""
        numbers = await self._overlay.numbers(work, "invoice", [each.invoice_key for each in answer.allocations])
        number, rest = self._journal.number, answer.payment.unallocated
        lines = [
            Line(number=place, amount=each.amount, invoice=each.invoice_key, invoice_number=numbers[each.invoice_key])
            for place, each in enumerate(answer.allocations, number)
        ]
        return (*lines, *([Line(number=number + len(lines), amount=rest)] if rest else []))

    # -- what is answered ----------------------------------------------------------------------------------------

    def heard(self, state: State, now: float) -> State:
        """Read the files of answers that lie there at the monotonic instant `now`; a bad one goes into quarantine."""
        self._journal.catch_up()
        for arrived in self._answers.arrived():
            known = self._journal.heard.get(arrived.digest)
            if known and known.stamp == arrived.stamp:  # read before, and not taken away since
                self._read.append(arrived)
            else:
                state = self._listen(arrived, state, now)
        return state

    def _listen(self, arrived: Arrived, state: State, now: float) -> State:
        """Take in one file, unless it may still be written to."""
        try:
            heard = self._answers.heard(arrived, self._journal)
        except DropError as error:
            if not self._answers.settled(arrived, now):
                return state
            unheard = self._refused(arrived, error)
        else:
            self._journal.append(heard)
            self._tell(heard)
            unheard = None
        self._read.append(arrived)
        return replace(state, unheard=unheard)

    def _refused(self, arrived: Arrived, error: DropError) -> Refusal:
        lines = [
            f"This file of answers was refused on {self._setting.clock():%Y-%m-%d %H:%M:%S UTC}. Nothing of it counts.",
            "Correct what stands below and write the whole file again.",
        ]
        reason = reason_of(lines, [str(problem) for problem in error.problems])
        folder = self._snapshots.quarantine({arrived.file: arrived.content}, reason)
        where = error.problems[0].where
        _log.warning("office %s: answers refused (%s), see %s/REASON.txt", self._setting.office, where, folder)
        return Refusal(digest=arrived.digest, folder=folder, summary=where)

    def _tell(self, heard: Heard) -> None:
        """Tell an operator of what the program refused: money came in that it does not have."""
        for answer in heard.answers:
            if answer.outcome is Outcome.REFUSED:
                sent = self._journal.entries[answer.key].sent
                _log.error(
                    "office %s: the program refused %s %d, for a reason in posted.jsonl: book it and answer TAKEN",
                    self._setting.office, sent.kind.lower(), sent.lines[0].number,
                )  # fmt: skip

    def _database(self, snapshot: Snapshot) -> Database:
        return Database(f"sqlite://{self._snapshots.path(snapshot)}")

    def _origin(self, snapshot: Snapshot) -> Origin:
        return Origin(source=self._setting.office, as_of=snapshot.as_of)


def _plain(account: AccountRef) -> AccountRef:
    """An account as it is kept: what else others match it by, such as a person's document, is none of the journal's."""
    return AccountRef(office=account.office, key=account.key, number=account.number)


def _same(known: Item, new: Item) -> bool:
    """Whether a key came with the content that it came with before; of an account its key alone counts."""
    if isinstance(known, NewPayment) and isinstance(new, NewPayment):
        return replace(known, account=new.account) == new and known.account.key == new.account.key
    return known == new


def unavailable(why: object) -> Fault:
    """Why nothing was posted."""
    return Fault(code=FaultCode.UNAVAILABLE, detail=f"nothing was posted: {why}")
