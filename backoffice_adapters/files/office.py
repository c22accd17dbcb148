"""An office behind the export of a desktop program: it answers from the newest good import, and watches for files."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Health, Hit, OfficeError, Setting
from ventanilla.backoffice_adapters.database import Database, DatabaseUnavailableError
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.importer import Importer
from ventanilla.backoffice_adapters.files.snapshots import Snapshot, ledger_of
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal, PostedPayment

P = ParamSpec("P")
R = TypeVar("R")
_REST = 5
"""How many settling times the disk is left alone after it failed."""
_log = logging.getLogger(__name__)


class _Served:
    """A snapshot that is answered from. Replaced, it stays open until the last call on it is done."""

    def __init__(self, setting: Setting, importer: Importer, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._database = Database(f"sqlite://{importer.snapshots.path(snapshot)}")
        self._ledger = ledger_of(self._database, setting, lambda: self.snapshot.as_of)
        self._users = 1

    async def open(self) -> None:
        """Connect."""
        await self._database.open()

    @asynccontextmanager
    async def use(self) -> AsyncGenerator[Ledger]:
        """Answer one call from it."""
        self._users += 1
        try:
            yield self._ledger
        finally:
            await self.release()

    async def release(self) -> None:
        """One user less: a call, or the office itself."""
        self._users -= 1
        if not self._users:
            await self._database.close()


def _asked(
    method: Callable[Concatenate[Ledger, P], Awaitable[R]],
) -> Callable[Concatenate[FilesOffice, P], Coroutine[Any, Any, R]]:
    """Make an office's method of a ledger's: it is answered by the snapshot that is current when it is asked."""

    @wraps(method)
    async def answer(self: FilesOffice, *args: P.args, **kwargs: P.kwargs) -> R:
        async with self.current().use() as ledger:
            return await method(ledger, *args, **kwargs)

    return answer


def _told(
    method: Callable[Concatenate[Ledger, P], Awaitable[list[Hit[R]]]],
) -> Callable[Concatenate[FilesOffice, P], Coroutine[Any, Any, list[Hit[R]]]]:
    """Likewise of a journal's: a mark that is not known may be of a snapshot that another process imported."""
    asked = _asked(method)

    @wraps(method)
    async def answer(self: FilesOffice, *args: P.args, **kwargs: P.kwargs) -> list[Hit[R]]:
        hits = await asked(self, *args, **kwargs)
        if not any(isinstance(hit, Fault) and hit.code is FaultCode.INVALID for hit in hits):
            return hits
        await self.look()
        return await asked(self, *args, **kwargs)

    return answer


class FilesOffice:
    """Reads a file drop. A question is answered from the newest good import, never from a file."""

    def __init__(self, setting: Setting, configuration: FilesConfiguration, version: str) -> None:
        self._setting = setting
        self._importer = Importer(setting, configuration, version)
        self._settle_s = configuration.settle_s
        self._served: _Served | None = None
        self._trouble = ""
        self._failed_at = 0.0
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[list[Hit[PostedPayment]]]] = set()
        self._stop = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None

    parties = _asked(Ledger.parties)
    parties_by_key = _asked(Ledger.parties_by_key)
    supplier_invoices_of_parties = _asked(Ledger.supplier_invoices_of_parties)
    accounts = _asked(Ledger.accounts)
    find_accounts = _asked(Ledger.find_accounts)
    changed_accounts = _told(Ledger.changed_accounts)
    balances = _asked(Ledger.balances)
    invoices = _asked(Ledger.invoices)
    invoices_by_key = _asked(Ledger.invoices_by_key)
    changed_invoices = _told(Ledger.changed_invoices)
    invoice_lines = _asked(Ledger.invoice_lines)
    invoice_allocations = _asked(Ledger.invoice_allocations)
    charges = _asked(Ledger.charges)
    charges_by_key = _asked(Ledger.charges_by_key)
    changed_charges = _told(Ledger.changed_charges)
    payments = _asked(Ledger.payments)
    payments_by_key = _asked(Ledger.payments_by_key)
    changed_payments = _told(Ledger.changed_payments)
    payment_allocations = _asked(Ledger.payment_allocations)
    accruals = _asked(Ledger.accruals)
    accruals_by_key = _asked(Ledger.accruals_by_key)
    payment_plans = _asked(Ledger.payment_plans)
    payment_plans_by_key = _asked(Ledger.payment_plans_by_key)
    plan_instalments = _asked(Ledger.plan_instalments)
    instalments_by_key = _asked(Ledger.instalments_by_key)
    late_interest = _asked(Ledger.late_interest)
    enrolments = _asked(Ledger.enrolments)
    buildings = _asked(Ledger.buildings)
    meters = _asked(Ledger.meters)
    meters_by_key = _asked(Ledger.meters_by_key)
    meter_readings = _asked(Ledger.meter_readings)
    meter_readings_by_key = _asked(Ledger.meter_readings_by_key)
    changed_meter_readings = _told(Ledger.changed_meter_readings)
    utility_settlements = _asked(Ledger.utility_settlements)
    utility_settlements_by_key = _asked(Ledger.utility_settlements_by_key)

    async def post_payments(self, call: Call, payments: Sequence[NewPayment]) -> list[Hit[PostedPayment]]:
        """Put each payment into the outbox, exactly once under its key; it shows before this answers."""
        return await self._write(call, payments)

    async def reverse_payments(self, call: Call, reversals: Sequence[NewReversal]) -> list[Hit[PostedPayment]]:
        """Put what is taken back of each payment into the outbox, exactly once under its key."""
        return await self._write(call, reversals)

    async def _write(self, call: Call, items: Sequence[NewPayment | NewReversal]) -> list[Hit[PostedPayment]]:
        """Book `items` to the end, whoever gives up waiting for it."""
        if not items:
            return []
        task = asyncio.create_task(self._booked(call, items))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _booked(self, call: Call, items: Sequence[NewPayment | NewReversal]) -> list[Hit[PostedPayment]]:
        async with self._turn:
            hits = await asyncio.to_thread(self._importer.book, items, call.deadline)
            try:
                await self._serve()
            except DatabaseUnavailableError:
                _log.exception("office %s: what was posted shows with the next look", self._setting.office)
            return hits

    async def open(self) -> None:
        """Serve the last good import at once; without one, wait for the files that lie there to be imported."""
        try:
            await asyncio.to_thread(self._importer.start)
        except OSError as error:
            raise _unavailable(f"the office's folder cannot be used: {error}") from error
        await self._start_serving()
        await self.look()
        if not self._served:
            await asyncio.sleep(self._settle_s)
            await self.look()
        self._watcher = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Finish an import that is under way; calls that are under way finish too."""
        self._stop.set()
        await asyncio.gather(*self._writes, return_exceptions=True)
        if self._watcher:
            await self._watcher
        served, self._served = self._served, None
        if served:
            await served.release()

    async def health(self) -> Health:
        """Tell the age of what is served, and where the newest files are wrong."""
        served = self._served
        return Health(
            ok=bool(served) and not self._wrong(),
            detail=self._wrong() or ("" if served else "no files were imported yet"),
            as_of=served.snapshot.as_of if served else None,
        )

    async def fill(self, book: Book) -> None:
        """Write the files as the program would and import them; raise `BookError` and change nothing otherwise."""
        async with self._turn:
            await asyncio.to_thread(self._importer.fill, book)
            await self._serve()

    def current(self) -> _Served:
        """What answers now; raise `OfficeError` if nothing does."""
        if not self._served:
            raise _unavailable(self._wrong() or "no files were imported yet")
        return self._served

    def _wrong(self) -> str:
        refusal = self._importer.state.refusal
        refused = (
            f"the newest files were refused ({refusal.summary}); see {refusal.folder}/REASON.txt" if refusal else ""
        )
        return self._trouble or self._importer.trouble or self._importer.waiting or refused

    async def _watch(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._settle_s / 2):
                    await self._stop.wait()
            except TimeoutError:
                await self.look()
            else:
                return

    async def look(self) -> None:
        """Import what settled, and go over to what counts now, also if another process imported it."""
        now = time.monotonic()
        if self._trouble and now - self._failed_at < _REST * self._settle_s:
            return
        async with self._turn:
            try:
                await asyncio.to_thread(self._importer.look, now)
                await self._serve()
            except Exception as error:  # noqa: BLE001  whatever it is, the last good import goes on being served
                former, self._trouble = self._trouble, f"files cannot be imported: {type(error).__name__}"
                self._failed_at = now
                if self._trouble != former:  # told once, not at every try of a long night
                    _log.exception("office %s: files cannot be imported", self._setting.office)
            else:
                self._trouble = ""

    async def _start_serving(self) -> None:
        try:
            await self._serve()
        except DatabaseUnavailableError:
            _log.exception(
                "office %s: the last import cannot be opened; the files are read again", self._setting.office
            )
            await asyncio.to_thread(self._importer.forget)

    async def _serve(self) -> None:
        """Go over to the snapshot that counts now."""
        snapshot, former = self._importer.state.snapshot, self._served
        if not snapshot:
            return
        if former and former.snapshot.name == snapshot.name:
            former.snapshot = snapshot
            return
        fresh = _Served(self._setting, self._importer, snapshot)
        await fresh.open()
        self._served = fresh
        if former:
            await former.release()


def _unavailable(detail: str) -> OfficeError:
    return OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=detail))
