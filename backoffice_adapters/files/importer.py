"""Deciding what happens with the files that lie in the folder. Everything here blocks: it runs in a worker thread."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Hit, OfficeError, Setting
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.control import write_control
from ventanilla.backoffice_adapters.files.drop import Drop, Stamps, as_of
from ventanilla.backoffice_adapters.files.journal import UnsureError
from ventanilla.backoffice_adapters.files.posting import FAILURES, Postings, unavailable
from ventanilla.backoffice_adapters.files.problems import DropError, IncompleteError, Problem, reason_of
from ventanilla.backoffice_adapters.files.reading import read_book
from ventanilla.backoffice_adapters.files.snapshots import Refusal, Snapshots, State, without_snapshot
from ventanilla.backoffice_adapters.files.writing import write_files
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal, PostedPayment

_MOMENT = "%Y-%m-%d %H:%M:%S UTC"
_log = logging.getLogger(__name__)


class Importer:
    """Turns settled, whole and good sets into snapshots, one at a time."""

    def __init__(self, setting: Setting, configuration: FilesConfiguration, version: str) -> None:
        self._setting = setting
        self._configuration = configuration
        self._drop = Drop(setting.folder, configuration)
        self.snapshots = Snapshots(setting, version)
        self._signature = msgspec.json.encode((version, configuration, setting.time_zone, setting.currency))
        own = configuration.outbox
        self._postings = Postings(setting, configuration, own, self.snapshots) if own else None
        self.state = State(version=version)
        self.waiting = ""
        """What the files that lie there lack, if they are not a whole set."""
        self._seen: Stamps | None = None
        self._since = 0.0
        self._done: Stamps | None = None

    def start(self) -> None:
        """Make the folders and load what was imported before."""
        self._drop.prepare()
        with self.snapshots.lock():
            self.state = self.snapshots.load()
        if self._postings:
            self._postings.start()

    def forget(self) -> None:
        """Let go of a snapshot that cannot be opened, so that the files are imported again."""
        with self.snapshots.lock():
            self.state = self.snapshots.publish(without_snapshot(self.snapshots.load()))

    @property
    def trouble(self) -> str:
        """What is wrong with what is posted and answered, if anything."""
        unheard = self.state.unheard
        told = (
            f"the newest answers were refused ({unheard.summary}); see {unheard.folder}/REASON.txt" if unheard else ""
        )
        return (self._postings.trouble if self._postings else "") or told

    def book(self, items: Sequence[NewPayment | NewReversal], deadline: float) -> list[Hit[PostedPayment]]:
        """Post each item exactly once under its key; `OfficeError` where nothing can be posted.

        `deadline` is a monotonic instant: nothing is begun after it.
        """
        if not self._postings:
            detail = "no outbox: payments are posted where `outbox` is configured"
            raise OfficeError(Fault(code=FaultCode.UNSUPPORTED, detail=detail))
        with self.snapshots.lock():
            self.state = self.snapshots.load()
            now = time.monotonic()
            if now > deadline:
                raise OfficeError(unavailable("the office was busy until the deadline"))
            try:
                self._attend(now)
            except (*FAILURES, UnsureError) as error:
                raise OfficeError(unavailable(error)) from error
            if not self.state.snapshot:
                raise OfficeError(unavailable("no files were imported yet"))
            hits = self._postings.book(self.state.snapshot, items)
            self._postings.finish()
            return hits

    def look(self, now: float) -> None:
        """Look at the files at the monotonic instant `now`, and import them if they changed and have settled."""
        stamps = self._drop.stamps()
        if stamps != self._seen:
            self._seen, self._since = stamps, now
        elif stamps != self._done and now - self._since >= self._configuration.settle_s:
            self._settled(stamps, now)
        if self.snapshots.moved or (self._postings and self._postings.due(self.state.snapshot)):
            with self.snapshots.lock():
                self.state = self.snapshots.load()
                self._attend(now)

    def fill(self, book: Book) -> None:
        """Write `book` as the program would and import it; raise `BookError` before anything changed."""
        files, back = write_files(book, self._configuration, self._setting)
        with self.snapshots.lock():
            self.state = self.snapshots.load()
            digest, now = self._digest(files), self._setting.clock()
            fresh = self.snapshots.build(back, digest, now)
            if self._postings:
                self._postings.forget()
                fresh = self.snapshots.with_base(fresh)
            control = self._configuration.control
            self._drop.put({**files, **({control: write_control(files, self._configuration)} if control else {})})
            self._seen = self._done = stamps = self._drop.stamps()
            self.waiting = ""
            self._publish(snapshot=msgspec.structs.replace(fresh, **self._times(stamps)), refusal=None, unheard=None)

    def _attend(self, now: float) -> None:
        """Hear what was answered, and let the snapshot that counts show what was posted."""
        if self._postings:
            self._agree(self._postings.heard(self.state, now))

    def _agree(self, state: State) -> None:
        """Publish `state` with a snapshot that shows what was posted."""
        if self._postings and state.snapshot:
            state = msgspec.structs.replace(state, snapshot=self._postings.shown(state.snapshot))
        if state != self.state:
            self._put(state)
        if self._postings:
            self._postings.finish()

    def _settled(self, stamps: Stamps, now: float) -> None:
        with self.snapshots.lock():
            self.state = self.snapshots.load()
            try:
                files = self._drop.read()
            except IncompleteError as error:
                self.waiting = str(error)
            else:
                if self._drop.stamps() != stamps:
                    return
                # The program answers before it exports: what the files hold of what was posted is answered by now.
                self._attend(now)
                self._take(files, stamps)
            self._done = stamps

    def _take(self, files: Mapping[str, bytes], stamps: Stamps) -> None:
        self.waiting = ""
        digest, snapshot, refusal = self._digest(files), self.state.snapshot, self.state.refusal
        if snapshot and snapshot.digest == digest:  # not a secret: tells whether the files are the same
            fresh = msgspec.structs.replace(snapshot, **self._times(stamps))
            if refusal or fresh != snapshot:
                self._agree(msgspec.structs.replace(self.state, snapshot=fresh, refusal=None))
        elif not refusal or refusal.digest != digest:  # not a secret: likewise
            self._import(files, digest, stamps)

    def _import(self, files: Mapping[str, bytes], digest: str, stamps: Stamps) -> None:
        try:
            book = read_book(files, self._configuration, self._setting)
            self._check_count(len(book.accounts))
            fresh = self.snapshots.build(book, digest, self._setting.clock())
        except DropError as error:
            self._refuse(files, digest, [str(problem) for problem in error.problems], error.problems[0].where)
        except BookError as error:
            self._refuse(files, digest, error.problems, "the rows do not agree with each other")
        else:
            fresh = msgspec.structs.replace(fresh, **self._times(stamps))
            fresh = self.snapshots.with_base(fresh) if self._postings else fresh
            self._agree(msgspec.structs.replace(self.state, snapshot=fresh, refusal=None))

    def _times(self, stamps: Stamps) -> dict[str, Any]:
        """How old a snapshot of the files with these stamps is, and its payments."""
        payments = self._configuration.tables.payments
        written = self._drop.written_at(payments.file, stamps) if self._postings and payments else 0
        return {"as_of": as_of(stamps, self._setting.clock()), "payments_at": written}

    def _check_count(self, found: int) -> None:
        former = self.state.snapshot.accounts if self.state.snapshot else 0
        ratio = self._configuration.min_rows_ratio
        if found < former * ratio:
            problem = Problem(
                file=self._configuration.tables.accounts.file,
                found=f"{found} accounts",
                expected=f"at least {ratio:.0%} of the {former} accounts of the last good import",
                remedy="The set looks cut off: export it again. If they are really gone, lower `min_rows_ratio`.",
            )
            raise DropError([problem])

    def _refuse(self, files: Mapping[str, bytes], digest: str, problems: Sequence[str], summary: str) -> None:
        folder = self.snapshots.quarantine(files, self._reason(problems))
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        self._publish(refusal=Refusal(digest=digest, folder=folder, summary=f"{summary}{more}"))
        _log.warning("office %s: files refused (%s%s), see %s/REASON.txt", self._setting.office, summary, more, folder)

    def _reason(self, problems: Sequence[str]) -> str:
        good = self.state.snapshot
        shown = f"The export of {good.as_of:{_MOMENT}} is shown instead." if good else "There is no earlier export."
        lines = [
            f"These files were refused on {self._setting.clock():{_MOMENT}}. Nothing of them is shown to anybody.",
            shown,
            "Correct what stands below and export the whole set again; it is then taken by itself.",
        ]
        return reason_of(lines, problems)

    def _publish(self, **changes: object) -> None:
        self._put(msgspec.structs.replace(self.state, **changes))

    def _put(self, state: State) -> None:
        """Publish `state`; a snapshot that is another one than before goes on with the journal of changes."""
        if state.snapshot:
            if self.state.told and self.state.told != state.snapshot.name:
                self.snapshots.go_on(self.state.told, state.snapshot)
            state = msgspec.structs.replace(state, former="")
        self.state = self.snapshots.publish(state)

    def _digest(self, files: Mapping[str, bytes]) -> str:
        whole = hashlib.sha256(self._signature)
        for name, content in files.items():
            whole.update(f"\n{name} {len(content)}\n".encode())
            whole.update(content)
        return whole.hexdigest()
