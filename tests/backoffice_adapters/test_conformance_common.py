"""The kit finds what is wrong with keys, lists, money and an office's life, each broken on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Health, OfficeError
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import UNREAD


class LooksForTheStart(TwinOffice):
    """Looks for the start's row in the list, and begins anew when that row is gone."""

    async def invoices(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        rows = [order.position(row) for row in self._invoices(call.today)]
        start = window.start if window.start in rows else None
        return await super().invoices(call, accounts, where, order, replace(window, start=start))


class PageNumbers(TwinOffice):
    """Remembers by how many rows a walk has advanced, and so is led astray by rows that come meanwhile."""

    advanced = 0

    async def invoices(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        self.advanced = self.advanced + window.limit if window.start else 0
        whole: list[Any] = await super().invoices(call, accounts, where, order, replace(window, start=None, limit=999))
        rows = [part and part.items[::-1] if window.backwards else part and part.items for part in whole]
        return [
            part and replace(part, items=self._cut(items, window), more=len(items) > self.advanced + window.limit)
            for part, items in zip(whole, rows, strict=True)
        ]

    def _cut(self, items: Any, window: Any) -> Any:
        page = items[self.advanced : self.advanced + window.limit]
        return page[::-1] if window.backwards else page


class Misaligned(TwinOffice):
    """Answers in the order of its table."""

    async def accounts(self, call: Any, keys: Sequence[str]) -> Any:
        found: list[Any] = await super().accounts(call, keys)
        return sorted(found, key=lambda hit: hit.key if hit else "")


class DropsAbsent(TwinOffice):
    """Leaves out what it does not have."""

    async def payments_by_key(self, call: Any, keys: Sequence[str]) -> Any:
        return [hit for hit in await super().payments_by_key(call, keys) if hit]


class DropsTies(TwinOffice):
    """Begins a page after the start's date and forgets the rest of that day."""

    async def charges(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        if window.start:
            extreme = "" if order.descending is not window.backwards else "\uffff"
            window = replace(window, start=replace(window.start, key=extreme))
        return await super().charges(call, accounts, where, order, window)


class Mixed(TwinOffice):
    """Keeps what it read in a place that all managers share."""

    shared: dict[str, Any] = {}

    async def invoices_by_key(self, call: Any, keys: Sequence[str]) -> Any:
        found = await super().invoices_by_key(call, keys)
        return [key and self.shared.setdefault(key, hit) for key, hit in zip(keys, found, strict=True)]


class FloatMoney(TwinOffice):
    """Passes amounts through a float."""

    async def invoices_by_key(self, call: Any, keys: Sequence[str]) -> Any:
        found = await super().invoices_by_key(call, keys)
        return [hit and replace(hit, total=_floated(hit.total)) for hit in found]  # type: ignore[type-var]  no faults


def _floated(money: Money) -> Money:
    return Money(int(money.minor / 100 * 100), money.currency)


class FloatBalance(TwinOffice):
    """Answers amounts that are no integers, though they are right."""

    async def balances(self, call: Any, accounts: Any) -> Any:
        found: list[Any] = await super().balances(call, accounts)
        return [hit and replace(hit, amount=Money(float(hit.amount.minor), "PLN")) for hit in found]  # type: ignore[arg-type]  wrong on purpose


class ShowsDrafts(TwinOffice):
    """Forgets that a draft is nobody's business."""

    def _shown(self) -> Any:
        return list(self.book.invoices)


class OverdueToday(TwinOffice):
    """Counts the due date itself as overdue."""

    async def balances(self, call: Any, accounts: Any) -> Any:
        return await super().balances(replace(call, today=call.today.replace(day=call.today.day + 1)), accounts)


class EndlessDue(TwinOffice):
    """Tells every coming due date."""

    coming = 99


class LocalDays(TwinOffice):
    """Takes the UTC date of a payment for its local date."""

    def _payment_fits(self, row: Any, where: Any) -> bool:
        day = row.paid_at.date()
        since, until = where.paid.since, where.paid.until
        inside = (since is None or since <= day) and (until is None or day <= until)
        return inside and (not where.statuses or row.status in where.statuses)


class PatternKeys(TwinOffice):
    """Lets a key act as a pattern."""

    async def accounts(self, call: Any, keys: Sequence[str]) -> Any:
        first = self.book.accounts[0].key
        return await super().accounts(call, [first if "%" in key else key for key in keys])


class Raises(TwinOffice):
    """Raises where it should answer None."""

    async def charges_by_key(self, call: Any, keys: Sequence[str]) -> Any:
        if "absent" in keys:
            raise OfficeError(Fault(code=FaultCode.NOT_FOUND))
        return await super().charges_by_key(call, keys)


class Ageless(TwinOffice):
    """Tells the moment without its zone."""

    @property
    def _origin(self) -> Any:
        return replace(super()._origin, as_of=self._since.replace(tzinfo=None))


class AlwaysMore(TwinOffice):
    """Says that more follow when the page is full."""

    async def payments(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        parts: list[Any] = await super().payments(call, accounts, where, order, window)
        return [part and replace(part, more=len(part.items) == window.limit) for part in parts]


class CountsThePage(TwinOffice):
    """Counts the rows of the page."""

    async def invoices(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        parts: list[Any] = await super().invoices(call, accounts, where, order, window)
        return [part and replace(part, count=len(part.items)) for part in parts]


class Unwell(TwinOffice):
    """Tells names in its health."""

    async def health(self) -> Health:
        return Health(ok=True, detail=f"last seen: {[party.name for party in self.book.parties]}")


class FailedCounts(TwinOffice):
    """Counts payments that failed as paid."""

    async def invoice_allocations(self, call: Any, invoices: Any) -> Any:
        found: list[Any] = await super().invoice_allocations(call, invoices)
        return [hit and (*hit, hit[-1]) for hit in found]


class AnybodysAccount(TwinOffice):
    """Looks at the key of an account and not at whose it is."""

    def _at_home(self, ref: Any) -> bool:
        return True


class ForgetsLater(TwinOffice):
    """Goes on asking for the first amount after its due date."""

    async def invoices_by_key(self, call: Any, keys: Any) -> Any:
        found: list[Any] = await super().invoices_by_key(call, keys)
        return [hit and replace(hit, open=min(hit.open, hit.total)) for hit in found]


class LeavesOutTooMuch(TwinOffice):
    """Takes what is wanted by the letter, and forgets what an attribute is made of."""

    async def invoices_by_key(self, call: Any, keys: Any) -> Any:
        found: list[Any] = await super().invoices_by_key(call, keys)
        without = call.wanted is None or "due_dates" in call.wanted
        return [hit and (hit if without else replace(hit, due_dates=UNREAD)) for hit in found]


class KnowsNoMore(TwinOffice):
    """Leaves out whatever is not wanted, also where it does not know what that is."""

    async def charges_by_key(self, call: Any, keys: Any) -> Any:
        found: list[Any] = await super().charges_by_key(call, keys)
        without = call.wanted is None or "description" in call.wanted
        return [hit and (hit if without else replace(hit, description=UNREAD)) for hit in found]


class SharesItsLists(TwinOffice):
    """Hands out the very list that it answers from."""

    async def accounts(self, call: Any, keys: Sequence[str]) -> Any:
        kept: dict[Any, Any] = self.__dict__.setdefault("kept", {})
        return kept.setdefault(tuple(keys), await super().accounts(call, keys))


class OneAtATime(TwinOffice):
    """Mixes up calls that run at the same time."""

    async def accounts(self, call: Any, keys: Sequence[str]) -> Any:
        self.keys = keys
        await asyncio.sleep(0)
        return await super().accounts(call, self.keys)


BROKEN = [
    (LooksForTheStart, "a_start_that_is_gone_still_holds_its_place"),
    (PageNumbers, "rows_that_come_while_walking_do_no_harm"),
    (Misaligned, "known_keys_give_their_records"),
    (DropsAbsent, "absent_keys_are_none"),
    (DropsTies, "a_walk_forwards_meets_each_row_once"),
    (DropsTies, "a_walk_backwards_meets_each_row_once"),
    (Mixed, "two_managers_never_mix"),
    (FloatMoney, "great_amounts_are_exact"),
    (FloatBalance, "values_are_of_their_types"),
    (ShowsDrafts, "drafts_are_never_listed"),
    (ShowsDrafts, "drafts_are_never_shown"),
    (OverdueToday, "overdue_is_what_is_past_its_due_date"),
    (OverdueToday, "next_due_is_what_comes"),
    (EndlessDue, "next_due_is_what_comes"),
    (LocalDays, "payments_are_filtered"),
    (PatternKeys, "malformed_keys_are_none"),
    (Raises, "absent_keys_are_none"),
    (Ageless, "records_tell_where_they_come_from"),
    (AlwaysMore, "a_page_knows_whether_more_follow"),
    (CountsThePage, "counts_are_told_only_when_asked"),
    (Unwell, "health_needs_no_data"),
    (FailedCounts, "allocations_add_up_to_what_is_paid"),
    (AnybodysAccount, "accounts_of_other_offices_are_none"),
    (ForgetsLater, "open_follows_the_due_date_in_force"),
    (LeavesOutTooMuch, "what_is_wanted_is_answered"),
    (KnowsNoMore, "what_nobody_knows_wants_all"),
    (SharesItsLists, "answers_are_the_askers_own"),
    (OneAtATime, "calls_at_the_same_time_do_not_disturb_each_other"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)
