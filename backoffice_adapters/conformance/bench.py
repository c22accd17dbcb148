"""The work-bench of the kit: two managers' offices under test, each beside its twin."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.conformance.book import NOW, TODAY, ZONE, book, grown, other_book
from ventanilla.backoffice_adapters.conformance.questions import (
    OFFICE,
    Listing,
    Question,
    every_journal,
    every_question,
    parents,
)
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import (
    Call,
    ChangeWindow,
    Configuration,
    Manifest,
    Office,
    Setting,
    Support,
    Window,
)
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.guard import GuardedOffice, OfficeCall
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.backoffice_adapters.records import AccountRef, Licence, Record
from ventanilla.backoffice_adapters.registry import Registry

Fill = Callable[[Any, Book], Awaitable[None]]
"""Makes an open office hold exactly this book."""


class FillError(Exception):
    """A trial's offices cannot be filled like this; the message says what to do."""


_SHARED = (
    "the first manager's office holds the second one's book; give the second a place of its own "
    "(`other_configuration`), or keep nothing in the adapter that all managers share"
)


async def fill_directly(office: Any, content: Book) -> None:
    """Fill an office that is `Fillable`."""
    if not isinstance(office, Fillable):
        raise FillError(f"{type(office).__name__} has no `fill(book)`; name a function that fills it (`fill`)")
    await office.fill(content)


def as_it_is(content: Book) -> Book:
    """Change nothing."""
    return content


class Harness(Record):
    """What the kit must know of an adapter: how to open it and how to put a book in."""

    adapter: Any
    """The `Adapter`."""
    configuration: Mapping[str, Any] = {}
    other_configuration: Mapping[str, Any] | None = None
    """The second manager's, where it must differ (another database); None: the same."""
    licence: Licence = Licence.RENT
    """The licence that the reference accounts are written for; one of the manifest's."""
    currency: str = "PLN"
    fill: Fill = fill_directly
    insert: Fill | None = fill_directly
    """Makes a filled office hold the same book and some rows more, fewer or other ones, what is the same untouched;
    None: it cannot, and nothing grows in the kit."""
    writable: bool = True
    """Whether a filled office may be written to as the gateway does, by posting payments; it then gets its book again
    (`insert`), which ends what was written. False for a place from which nothing takes that away."""
    adapt: Callable[[Book], Book] = as_it_is
    """What is left of the reference book where a format cannot express all of it. Say why where you write it."""
    broken: Mapping[str, Any] | None = None
    """A configuration with which `open` must raise `OfficeError`."""


class Side:
    """One manager: the office under test, its guard, and the twin that holds the same book."""

    def __init__(self, guard: GuardedOffice, office: Office, twin: TwinOffice, calls: list[OfficeCall]) -> None:
        self.guard = guard
        self.office = office
        self.twin = twin
        self.calls = calls

    @property
    def manifest(self) -> Manifest:
        """What the adapter says of itself."""
        return self.guard.manifest

    def call(self, today: date = TODAY) -> Call:
        """What each call carries, with half a minute to answer."""
        return Call(
            manager=self.guard.plan.manager,
            request_id="conformance",
            locale="es-AR",
            now=datetime.combine(today, NOW.time(), UTC),
            today=today,
            deadline=time.monotonic() + 30,
        )

    async def ask(
        self,
        method: str,
        subjects: Sequence[Any],
        *args: Any,
        today: date = TODAY,
        wanted: frozenset[str] | None = None,
    ) -> list[Any]:
        """Ask the office itself, so that what it raises is seen as it is; never more at once than it takes."""
        most, call = self.manifest.max_batch, replace(self.call(today), wanted=wanted)
        answers: list[Any] = []
        for start in range(0, len(subjects), most):
            answers += await getattr(self.office, method)(call, subjects[start : start + most], *args)
        return answers

    async def expected(self, method: str, subjects: Sequence[Any], *args: Any, today: date = TODAY) -> list[Any]:
        """What the twin answers to the same."""
        return await getattr(self.twin, method)(self.call(today), subjects, *args)

    async def refs(self) -> list[AccountRef]:
        """A reference to each account of the book."""
        found = await self.expected("accounts", [entry.key for entry in self.twin.book.accounts])
        return [account.ref for account in found]

    async def questions(self, *, unanswered: bool = False) -> list[Question]:
        """Every method but the journals that the manifest declares, with subjects that the book has answers to.

        What an adapted book has no subjects for is left out, unless `unanswered`.
        """
        page = Window(limit=self.page(50), count=True)
        every = every_question(self.twin.book, await self.refs(), page)
        return [one for one in every if self.declares(one.method) and (one.subjects or unanswered)]

    def journals(self) -> list[Question]:
        """Every journal of changes that the manifest declares, from its beginning."""
        every = every_journal(ChangeWindow(limit=self.page(50), count=True))
        return [one for one in every if self.declares(one.method)]

    async def parents(self, listing: Listing) -> tuple[Any, ...]:
        """Whose rows the list has; the first has most."""
        return parents(listing, self.twin.book, await self.refs())

    def declares(self, method: str) -> bool:
        """Whether the manifest gives what `method` serves."""
        return self.guard.supports(METHODS[method].capability) is not Support.NO

    def page(self, limit: int) -> int:
        """`limit`, or the office's largest page."""
        return min(limit, self.manifest.max_page)


class Bench:
    """Both sides. `mine` is the manager under test, `other` the one that must never show through."""

    filled = False
    """Whether both offices hold their reference books; else nobody knows what they hold."""

    def __init__(self, harness: Harness, folder: Path, mine: Side, other: Side) -> None:
        self.harness = harness
        self._folder = folder
        self.mine = mine
        self.other = other

    @property
    def can_fill(self) -> bool:
        """Whether there is a way to put a book in."""
        return self.harness.fill is not fill_directly or isinstance(self.mine.office, Fillable)

    async def fill(self) -> None:
        """Overwrite what both offices hold with their reference books."""
        licence, currency = self.harness.licence, self.harness.currency
        for side, content in ((self.mine, book(licence, currency)), (self.other, other_book(licence, currency))):
            kept = self.harness.adapt(content)
            await self.harness.fill(side.office, kept)
            await side.twin.fill(kept)
        await self._refuse_shared()
        self.filled = True

    async def _refuse_shared(self) -> None:
        """Raise `FillError` if the first manager's accounts are those that the second was filled with."""
        keys = [entry.key for entry in self.other.twin.book.accounts]
        if self.mine.declares("accounts"):
            people = [getattr(hit, "holder", None) for hit in await self.mine.ask("accounts", keys)]
            if people == [account.holder for account in await self.other.expected("accounts", keys)]:
                raise FillError(_SHARED)

    def unopened(self, manager: str, configuration: Mapping[str, Any]) -> Office:
        """One more office of this adapter, with an empty folder of its own."""
        plan = plan_of(self.harness, manager, configuration)
        folder = self._folder / manager
        folder.mkdir(exist_ok=True)
        registry = _registry(self.harness)
        return self.harness.adapter.office(_setting(plan, registry.configure(plan.adapter, configuration), folder))

    @asynccontextmanager
    async def grown(self) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
        """Lend a function that puts more rows in; afterwards both office and twin hold what they held."""
        async with self.rewritten() as rewrite:
            yield lambda: rewrite(grown)

    @asynccontextmanager
    async def rewritten(self) -> AsyncGenerator[Callable[[Callable[[Book], Book]], Awaitable[None]]]:
        """Lend a function that puts a changed book in; afterwards both office and twin hold what they held."""
        before = self.mine.twin.book

        async def rewrite(change: Callable[[Book], Book]) -> None:
            await self._hold(self.mine, self.harness.adapt(change(before)))

        try:
            yield rewrite
        finally:
            await self._hold(self.mine, before)

    @asynccontextmanager
    async def written(self, *, both: bool = False) -> AsyncGenerator[Side]:
        """Lend the first manager's office to be written to, or `both`; afterwards they hold what they held."""
        try:
            yield self.mine
        finally:
            for side in (self.mine, self.other) if both else (self.mine,):
                await self._hold(side, side.twin.book)

    async def _hold(self, side: Side, content: Book) -> None:
        if self.harness.insert is not None:
            await self.harness.insert(side.office, content)
            await side.twin.fill(content)


def plan_of(harness: Harness, manager: str, configuration: Mapping[str, Any] | None = None) -> OfficePlan:
    """The plan of one manager's office of the adapter under test."""
    manifest: Manifest = harness.adapter.manifest
    return OfficePlan(
        manager=manager,
        office=OFFICE,
        adapter=manifest.name,
        licences=manifest.licences,
        currency=harness.currency,
        time_zone=ZONE,
        configuration=dict(harness.configuration if configuration is None else configuration),
    )


@asynccontextmanager
async def open_bench(harness: Harness, folder: Path, *, filled: bool = True) -> AsyncGenerator[Bench]:
    """Open two managers' offices under `folder`, each `filled` with its book or as it is."""
    calls: list[OfficeCall] = []
    offices = Offices(_registry(harness), folder, _now, observe=calls.append)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(offices.close)
        mine = await _side(stack, offices, plan_of(harness, "mine"), calls)
        other = await _side(stack, offices, plan_of(harness, "other", harness.other_configuration), calls)
        bench = Bench(harness, folder, mine, other)
        if filled:
            await bench.fill()
        yield bench


async def _side(stack: AsyncExitStack, offices: Offices, plan: OfficePlan, calls: list[OfficeCall]) -> Side:
    guard = await offices.get(plan)
    office = await stack.enter_async_context(guard.opened())
    return Side(guard, office, TwinOffice(_setting(plan, Configuration(), Path())), calls)


def _registry(harness: Harness) -> Registry:
    return Registry({harness.adapter.manifest.name: lambda: harness.adapter})


def _setting(plan: OfficePlan, configuration: Configuration, folder: Path) -> Setting:
    return Setting(
        manager=plan.manager,
        office=plan.office,
        licences=plan.licences,
        currency=plan.currency,
        time_zone=plan.time_zone,
        configuration=configuration,
        folder=folder,
        clock=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
