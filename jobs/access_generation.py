"""Batches of access are generated: their people are read from the offices and written down, part by part.

Each part is one transaction, with how far it has come; the office is asked before it, never within. So whoever is
killed costs a question, and nobody is written down twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from ventanilla.auth import access_generation, access_invitations, access_invitees
from ventanilla.auth.access_generation import Place, TakenBatch
from ventanilla.auth.access_invitees import Invitee, invitee_of
from ventanilla.backoffice_adapters.contract import Call, Clock, OfficeError
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.jobs.letters import LEASE
from ventanilla.resolvers.access_audiences import Part, Selection, first_place, offices_with_parties, read
from ventanilla.resolvers.problems import ProblemCode, of_fault
from ventanilla.store.due import Due
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store

_OTHERS: Final = timedelta(seconds=1)
"""How long to leave a manager alone whose batches other workers have taken by now."""
_log = structlog.get_logger("ventanilla.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class Generating:
    """The errand: batches that were asked for are generated."""

    store: Store
    registry: Registry
    offices: Offices
    clock: Clock
    lease: timedelta = LEASE

    @property
    def doing(self) -> str:
        """What it is, for the log."""
        return "generating access"

    async def due(self, now: datetime) -> Due:
        """Whose batches are to be generated."""
        return await access_generation.due_managers(self.store, now)

    async def serve(self, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
        """Generate one batch of the manager, or as much of it until `stopping`."""
        async with self.store.work(manager.slug) as work:
            now = self.clock()
            taken = await access_generation.take(work, now, uuid4().hex, self.lease)
        if taken is None:
            return now + _OTHERS
        await _Run(self, manager, taken).go(stopping)
        return None


class _Run:
    """One batch in a worker's hands."""

    def __init__(self, errand: Generating, manager: Manager, taken: TakenBatch) -> None:
        self._errand = errand
        self._manager = manager
        self._taken = taken
        self._offices = offices_with_parties(manager, errand.registry)
        plan = taken.plan
        self._selection = Selection(audience=plan.audience, filter_mode=plan.filter_mode, parties=plan.parties)

    async def go(self, stopping: Callable[[], bool]) -> None:
        """Go on from where the batch stands, to its end."""
        place = self._taken.place or first_place(self._selection, self._offices)
        if place is None:
            await self._fail(ProblemCode.NOT_SUPPORTED)
        while place is not None and not stopping():
            try:
                part = await read(self._office, self._call(), self._selection, self._offices, place)
            except OfficeError as error:
                await self._fail(of_fault(error.fault).code)
                return
            place = await self._written(part)
        if place is not None:
            async with self._errand.store.work(self._manager.slug) as work:
                await access_generation.give_back(work, self._taken, self._errand.clock())

    async def _office(self, name: str) -> GuardedOffice:
        return await self._errand.offices.get(self._manager.plans[name])

    async def _written(self, part: Part) -> Place | None:
        """Write a part down; where to go on, None for a batch that is whole, was cancelled or is another's."""
        invitees = await self._invitees(part)
        async with self._errand.store.work(self._manager.slug) as work:
            now = self._errand.clock()
            row = await access_generation.still(work, self._taken)
            if row is None:
                return None
            await access_invitations.write(work, row.id, invitees)
            if part.then is None:
                access_generation.finish(row, now)
            else:
                access_generation.go_on(row, part.then, now + self._errand.lease)
        if part.then is None:
            _log.info("access generated", manager=self._manager.slug, batch=self._taken.id)
        return part.then

    async def _invitees(self, part: Part) -> list[Invitee]:
        plan, today = self._taken.plan, self._today()
        known = [each for one in part.contractors if (each := invitee_of(one, plan, today))]
        return await access_invitees.judged(self._errand.store, self._manager.slug, known, today)

    async def _fail(self, code: ProblemCode) -> None:
        async with self._errand.store.work(self._manager.slug) as work:
            if row := await access_generation.still(work, self._taken):
                await access_generation.fail(work, row, code.value)
        _log.warning("access not generated", manager=self._manager.slug, batch=self._taken.id, problem=code.value)

    def _today(self) -> date:
        return self._errand.clock().astimezone(self._manager.zone).date()

    def _call(self) -> Call:
        return Call(
            manager=self._manager.slug,
            request_id=f"access {self._taken.id}",
            locale=self._manager.languages[0],
            now=self._errand.clock(),
            today=self._today(),
            deadline=time.monotonic() + self._errand.lease.total_seconds() / 2,
        )
