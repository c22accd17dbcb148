"""The kit finds what is wrong with journals of changes, each broken on purpose."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import changes
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import ChangeWindow, Fault, InvoiceFilter
from ventanilla.backoffice_adapters.records import Changes


def moved(answer: Any, by: int) -> Any:
    return replace(answer, mark=replace(answer.mark, number=answer.mark.number + by))


# -- reading -----------------------------------------------------------------------------------------------------


class LosesTheNext(TwinOffice):
    """Goes on one change too far."""

    def _part(self, *args: Any) -> Any:
        answer = super()._part(*args)
        return moved(answer, 1) if answer.more else answer


class RepeatsTheLast(TwinOffice):
    """Goes on with what it ended with."""

    def _part(self, *args: Any) -> Any:
        answer = super()._part(*args)
        return moved(answer, -1) if answer.more and len(answer.items) > 1 else answer


class TellsDrafts(TwinOffice):
    """Tells what is nobody's business yet."""

    def _shown(self) -> Any:
        return list(self.book.invoices)


class KnowsNoEnd(TwinOffice):
    """Begins anew once it came to the end."""

    def _part(self, *args: Any) -> Any:
        answer = super()._part(*args)
        return answer if answer.more else replace(answer, mark=replace(answer.mark, number=0))


class UsedUp(TwinOffice):
    """Remembers what it told, and never tells it again."""

    told = 0

    def _part(self, found: Any, known: Any, window: Any, start: Any) -> Any:
        answer = super()._part([one for one in found if one[0] > self.told], known, window, start)
        self.told = answer.mark.number if window.after else 0
        return answer


class CountsAll(TwinOffice):
    """Counts what it tells with what remains."""

    def _part(self, *args: Any) -> Any:
        answer = super()._part(*args)
        return answer if answer.remaining is None else replace(answer, remaining=answer.remaining + len(answer.items))


class CountsUnasked(TwinOffice):
    """Counts always."""

    def _part(self, found: Any, known: Any, window: Any, start: Any) -> Any:
        return super()._part(found, known, replace(window, count=True), start)


class Unfiltered(TwinOffice):
    """Tells everybody everything."""

    async def changed_invoices(self, call: Any, wheres: Any, window: Any) -> Any:
        return await super().changed_invoices(call, [InvoiceFilter() for _ in wheres], window)


class StaysAtTheLastFound(TwinOffice):
    """Moves its mark only as far as it found something."""

    def _part(self, found: Any, known: Any, window: Any, start: Any) -> Any:
        answer = super()._part(found, known, window, start)
        last = found[-1][0] if found else getattr(window.after, "number", 0)
        return answer if answer.more else replace(answer, mark=replace(answer.mark, number=last))


class FirstFilter(TwinOffice):
    """Answers the first filter for all."""

    async def changed_payments(self, call: Any, wheres: Any, window: Any) -> Any:
        return await super().changed_payments(call, [wheres[0] for _ in wheres], window)


class AnyMark(TwinOffice):
    """Takes a number for its own, whatever journal it is of."""

    def _changes(self, kind: Any, rows: Any, wheres: Any, fits: Any, window: Any) -> Any:
        if window.after:
            window = replace(window, after=replace(window.after, journal=f"{self._journal} {kind}"))
        return super()._changes(kind, rows, wheres, fits, window)


class BeginsAnew(TwinOffice):
    """Tells everything to whoever has a mark that it does not know."""

    def _changes(self, kind: Any, rows: Any, wheres: Any, fits: Any, window: Any) -> Any:
        answer = super()._changes(kind, rows, wheres, fits, window)
        return super()._changes(kind, rows, wheres, fits, replace(window, after=None)) if refused(answer) else answer


def refused(answer: Any) -> bool:
    return any(isinstance(hit, Fault) for hit in answer)


class OneMore(TwinOffice):
    """Tells one more than it was asked for."""

    def _part(self, found: Any, known: Any, window: Any, start: Any) -> Any:
        return super()._part(found, known, replace(window, limit=window.limit + 1), start)


# -- what changes ------------------------------------------------------------------------------------------------


class PaidUnnoticed(TwinOffice):
    """Knows an invoice by its row alone, which says nothing of allocations."""

    def _tells(self) -> Any:
        return {**super()._tells(), "invoices": {entry.key: entry.number for entry in self._shown()}}


class MovesAll(TwinOffice):
    """Tells everything anew after each posting."""

    def _once(self, new: Any, booked: Any) -> Any:
        answer = super()._once(new, booked)
        self._known = {kind: {} for kind in self._known}
        return answer


class MarksLater(TwinOffice):
    """Reads first, and says then how far it reaches."""

    async def post_payments(self, call: Any, payments: Any) -> Any:
        await asyncio.sleep(0)
        return await super().post_payments(call, payments)

    async def changed_payments(self, call: Any, wheres: Any, window: ChangeWindow) -> Any:
        (found,) = await super().changed_payments(call, wheres, window)
        if isinstance(found, Changes) and not found.more:
            await asyncio.sleep(0)
            return [replace(found, mark=replace(found.mark, number=self._last))]
        return [found]


class AlwaysNew(TwinOffice):
    """Takes whatever it is filled with for new."""

    async def fill(self, book: Any) -> None:
        self._known = {kind: {} for kind in self._known}
        await super().fill(book)


class NeverRemoves(TwinOffice):
    """Keeps silent about what is gone."""

    def _part(self, *args: Any) -> Any:
        return replace(super()._part(*args), removed=())


class RemovesWhatItTold(TwinOffice):
    """Tells only those who ask for everything of what is gone."""

    async def changed_charges(self, call: Any, wheres: Any, window: Any) -> Any:
        found: list[Any] = await super().changed_charges(call, wheres, window)
        pairs = zip(found, wheres, strict=True)
        return [replace(hit, removed=()) if where.statuses else hit for hit, where in pairs]


class OwnRowOnly(TwinOffice):
    """Looks at the row of an account, and not at whom it names."""

    def _account_tells(self, entry: Any) -> Any:
        return entry


class NoLines(TwinOffice):
    """Does not look at an invoice's lines."""

    def _tells(self) -> Any:
        told = super()._tells()
        bare = {key: (replace(entry, lines=()), rows) for key, (entry, rows) in told["invoices"].items()}
        return {**told, "invoices": bare}


BROKEN = [
    (LosesTheNext, "a_journal_tells_everything_once"),
    (RepeatsTheLast, "a_journal_tells_everything_once"),
    (TellsDrafts, "a_journal_tells_everything_once"),
    (KnowsNoEnd, "the_end_of_a_journal_tells_nothing"),
    (UsedUp, "the_same_mark_tells_the_same"),
    (CountsAll, "what_remains_is_counted_only_when_asked"),
    (CountsUnasked, "what_remains_is_counted_only_when_asked"),
    (Unfiltered, "changes_are_filtered"),
    (StaysAtTheLastFound, "changes_are_filtered"),
    (FirstFilter, "each_filter_has_its_own_page"),
    (AnyMark, "marks_of_others_are_invalid"),
    (BeginsAnew, "marks_of_others_are_invalid"),
    (OneMore, "a_page_of_changes_beyond_the_largest_is_cut"),
    (PaidUnnoticed, "what_is_written_moves_to_the_end"),
    (MovesAll, "what_is_written_moves_to_the_end"),
    (MarksLater, "nobody_misses_what_is_written_while_reading"),
    (AlwaysNew, "what_is_as_it_was_is_no_change"),
    (NeverRemoves, "what_comes_and_goes_is_told"),
    (RemovesWhatItTold, "what_comes_and_goes_is_told"),
    (NeverRemoves, "an_invoice_that_turns_draft_is_removed"),
    (OwnRowOnly, "whatever_a_record_tells_is_a_change"),
    (NoLines, "whatever_a_record_tells_is_a_change"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


def test_every_promise_of_this_chapter_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ == changes.__name__}
    assert promised <= {name for _, name in BROKEN}
