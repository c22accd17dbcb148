"""Exports: everything of one noun that a manager's offices keep, and later what changed since, for programs.

Each office keeps a journal of changes; they are read one after another, a page at a time, and the cursor of a page says
how far each was read. See `narrowed.EXPORTED` for which scopes open what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final

import msgspec

from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    Changes,
    ChangeWindow,
    ChargeFilter,
    Fault,
    FaultCode,
    InvoiceFilter,
    MeterReadingFilter,
    PaymentFilter,
    Support,
)
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers import export_places
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.asking import support
from ventanilla.resolvers.connections import BatchList
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.export_places import Place
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode, invalid_argument, of_fault
from ventanilla.resolvers.reads import Wanted

MOST_CHANGES: Final = 1_000
"""The most records and removed ones together that one page of an export has, and how many it has unless told."""


_Part = tuple[str, Changes[Any]]
"""What one office told of a page."""


class Export(Record):
    """Where everything begins that programs of the manager's own read. It holds nothing itself."""


class ExportPageInfo(Record):
    """How to go on."""

    end_cursor: str
    has_next_page: bool


class Exported(Record):
    """A page of an export."""

    nodes: Sequence[Any]
    removed_ids: list[str]
    page_info: ExportPageInfo
    remaining: int | None
    """None where nobody will look."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What is read of a noun: the contract's method that tells what changed, and those that lead people to it."""

    kind: Kind
    method: str
    shown_by: tuple[str, ...]

    def routed(self, context: Context) -> str | None:
        """The office to which the manager routes the noun, if any."""
        routes = [context.manager.routing.get(CAPABILITY_OF[each]) for each in (self.method, *self.shown_by)]
        return next(filter(None, routes), None)

    def offices(self, context: Context) -> list[str]:
        """The manager's offices that keep such things, by name."""
        licences = context.manager.licences
        held = {licences[licence] for licence in LICENCES_OF[self.method] if licence in licences}
        routed = self.routed(context)
        kept = {routed} if routed else held
        return sorted(each for each in kept if _tells(context, each, self.method, *self.shown_by))


@dataclass(frozen=True, slots=True)
class _Question:
    """What one page is asked for."""

    context: Context
    journal: Journal
    where: Record
    wanted: Wanted

    @property
    def counts(self) -> bool:
        """Whether somebody will look at how many are left."""
        return self.wanted is None or "remaining" in self.wanted

    async def ask(self, office: str, place: Place, limit: int) -> Changes[Any]:
        """What changed at an office since; a `Problem` where it cannot be told."""
        after = place.marks.get(office)
        window = ChangeWindow(limit=limit, after=after, count=self.counts)
        call = msgspec.structs.replace(self.context.call, wanted=_of_rows(self.wanted))
        guarded = await self.context.office(office)
        (hit,) = await guarded.ask(self.journal.method, call, [self.where], window, fresh=True)
        if isinstance(hit, Fault):
            raise _gone(office) if hit.code is FaultCode.INVALID and after else of_fault(hit)
        if hit is None:  # a journal tells a page, whatever is asked
            raise Problem(ProblemCode.BACK_OFFICE_BAD_ANSWER)
        return hit


def _tells(context: Context, office: str, *methods: str) -> bool:
    return any(support(context, office, CAPABILITY_OF[method]) is not Support.NO for method in methods)


def _gone(office: str) -> Problem:
    return invalid_argument(
        f"The back office {office!r} was set up anew since this cursor was told. Begin again without `after`:"
        " everything is told once more, and what you have that is not among it is gone."
    )


@lru_cache(maxsize=1_024)
def _of_rows(wanted: Wanted) -> Wanted:
    """What is read of the records of a page, given what is read of the page; None if that may be anything."""
    if wanted is None:
        return None
    paths = [path.split(".") for path in wanted if path.partition(".")[0] == "nodes"]
    return None if ["nodes"] in paths else frozenset(path[1] for path in paths)


@call(scope=Scope.EXPORT)
async def export(_context: Context) -> Export:
    """Where exports begin, for programs of the manager's own and nobody else."""
    return Export()


def _exported(noun: str, journal: Journal, everything: Record) -> BatchList:
    """Declare the batch function that answers a page of the export of `noun`."""

    async def exported(
        context: Context,
        exports: Sequence[Export],
        *,
        first: int | None = None,
        after: str | None = None,
        where: Record | None = None,
        offices: Sequence[str] | None = None,
        wanted: Wanted = None,
    ) -> list[Exported]:
        limit = _limit(first)
        asked = _asked(context, journal, offices)
        kept = where or everything
        purpose = export_places.purpose(noun, kept, everything)
        place = export_places.read(context, purpose, after, asked)
        found = await _page(_Question(context, journal, kept, wanted), asked, place, limit, purpose)
        return [found] * len(exports)

    exported.__name__, exported.__module__ = noun, __name__
    exported.__doc__ = f"What there is of the manager's {noun.replace('_', ' ')}, and what changed since."
    return batch(scope=Scope.EXPORT, method=journal.method)(exported)


def _limit(first: int | None) -> int:
    limit = MOST_CHANGES if first is None else first
    if not 1 <= limit <= MOST_CHANGES:
        raise invalid_argument(f"`first` is from 1 to {MOST_CHANGES}; it was {limit}.")
    return limit


def _asked(context: Context, journal: Journal, chosen: Sequence[str] | None) -> list[str]:
    """The offices that are asked, by name; a `Problem` where one of them cannot tell, so that nothing is left out
    unnoticed.
    """
    known = journal.offices(context)
    if unknown := sorted(set(chosen or ()) - set(known)):
        told = ", ".join(known) or "none"
        raise invalid_argument(f"No back office {unknown[0][:80]!r} keeps such things; those that do: {told}.")
    asked = [office for office in known if not chosen or office in chosen]
    able = [office for office in asked if _tells(context, office, journal.method)]
    if not asked or able != asked:
        raise _unable(asked, able)
    return asked


def _unable(asked: Sequence[str], able: Sequence[str]) -> Problem:
    if not able:
        return Problem(ProblemCode.NOT_SUPPORTED)
    lacking = ", ".join(office for office in asked if office not in able)
    others = ", ".join(f'"{office}"' for office in able)
    told = f"The back office {lacking} cannot tell what changed. Ask the others alone: `offices: [{others}]`."
    return Problem(ProblemCode.NOT_SUPPORTED, told)


async def _page(question: _Question, offices: Sequence[str], place: Place, limit: int, purpose: str) -> Exported:
    """One page: as much as there is room for, of one office after another from the place on."""
    parts, to_come = await _read(question, place.offices(offices), place, limit)
    reached = {**place.marks, **{office: found.mark for office, found in parts}}
    place = Place(turn=to_come[0] if to_come else None, marks=reached)
    return Exported(
        nodes=_joined([found.items for _, found in parts if found.items]),
        removed_ids=_removed(question, parts),
        page_info=ExportPageInfo(
            end_cursor=export_places.written(question.context, purpose, place), has_next_page=bool(to_come)
        ),
        remaining=await _remaining(question, parts, to_come, place) if question.counts else None,
    )


async def _read(question: _Question, offices: Sequence[str], place: Place, limit: int) -> tuple[list[_Part], list[str]]:
    """What the offices told, and those that are still to be read.

    Of one that fails after others have told something, the next page tells: it begins with that one.
    """
    parts: list[_Part] = []
    for at, office in enumerate(offices):
        if limit <= 0:
            return parts, [*offices[at:]]
        try:
            found = await question.ask(office, place, limit)
        except Problem:
            if not parts:
                raise
            return parts, [*offices[at:]]
        parts.append((office, found))
        limit -= len(found.items) + len(found.removed)
        if found.more:
            return parts, [*offices[at:]]
    return parts, []


async def _remaining(question: _Question, parts: Sequence[_Part], to_come: Sequence[str], place: Place) -> int:
    """How many changes come after the page: of the office that it ends within, and of those that were not read."""
    office, found = parts[-1]
    within = found.remaining or 0
    unread = [each for each in to_come if each != office]
    firsts = [await question.ask(each, place, 1) for each in unread]
    return within + sum(len(each.items) + len(each.removed) + (each.remaining or 0) for each in firsts)


def _joined(lists: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """All records; those of one office as the rows that they may be."""
    return lists[0] if len(lists) == 1 else list(chain.from_iterable(lists))


def _removed(question: _Question, parts: Sequence[_Part]) -> list[str]:
    """The ids of what is gone."""
    ids, kind = question.context.ids, question.journal.kind
    return [each for office, found in parts for each in ids.column(kind, office, found.removed)]


accounts = _exported("accounts", Journal(Kind.ACCOUNT, "changed_accounts", ("accounts",)), AccountFilter())
"""Accounts."""
invoices = _exported("invoices", Journal(Kind.INVOICE, "changed_invoices", ("invoices",)), InvoiceFilter())
"""Invoices and notes."""
charges = _exported("charges", Journal(Kind.CHARGE, "changed_charges", ("charges",)), ChargeFilter())
"""Charges."""
payments = _exported("payments", Journal(Kind.PAYMENT, "changed_payments", ("payments",)), PaymentFilter())
"""Payments."""
meter_readings = _exported(
    "meter_readings",
    Journal(Kind.METER_READING, "changed_meter_readings", ("meter_readings", "meters")),
    MeterReadingFilter(),
)
"""Readings of meters."""
