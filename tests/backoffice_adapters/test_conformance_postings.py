"""The kit finds what is wrong with payments that are posted and taken back, each broken on purpose."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.breaking import assert_broken, named
from ventanilla.backoffice_adapters.conformance import posting, reversal
from ventanilla.backoffice_adapters.conformance.bench import Harness, open_bench
from ventanilla.backoffice_adapters.conformance.book import NOW, TODAY
from ventanilla.backoffice_adapters.conformance.promises import PROMISES
from ventanilla.backoffice_adapters.conformance.trial import Trial
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.conformance.twin.office import CAPABILITIES
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Support
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Allocation, InvoiceStatus, PaymentStatus
from ventanilla.backoffice_adapters.registry import Registry

# -- payments ----------------------------------------------------------------------------------------------------


class StopsAtTheFirst(TwinOffice):
    """Books nothing any more once one cannot be booked."""

    async def post_payments(self, call: Any, payments: Any) -> Any:
        hits: list[Any] = []
        for new in payments:
            hits += hits[-1:] if hits and isinstance(hits[-1], Fault) else await super().post_payments(call, [new])
        return hits


class NeedsSomething(TwinOffice):
    """Answers nothing at all to nothing."""

    async def post_payments(self, call: Any, payments: Any) -> Any:
        return await super().post_payments(call, payments) or None


class KeysOfOthers(TwinOffice):
    """Calls the payment by the key that it was posted under."""

    def _post(self, new: Any) -> Any:
        posted = super()._post(new)
        return replace(posted, payment=replace(posted.payment, key=new.key))


class ListsNothingNew(TwinOffice):
    """Lists what it was filled with only."""

    async def payments(self, call: Any, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        whole = self.book
        self.book = replace(whole, payments=tuple(one for one in whole.payments if one.key[:4] != "post"))
        try:
            return await super().payments(call, accounts, where, order, window)
        finally:
            self.book = whole


class NeverPaid(TwinOffice):
    """Leaves an invoice partially paid for ever."""

    def _change(self, invoice: Any) -> None:
        super()._change(replace(invoice, status=InvoiceStatus.PARTIALLY_PAID, paid_at=None))


class PaidAtOnce(TwinOffice):
    """Takes any part for all of it."""

    def _change(self, invoice: Any) -> None:
        super()._change(replace(invoice, status=InvoiceStatus.PAID))


class TakesAll(TwinOffice):
    """Matches all that is meant for an invoice with it, whatever is open."""

    def _match(self, payment: Any, item: Any) -> None:
        super()._match(payment, item)
        row = Allocation(payment_key=payment.key, invoice_key=item.invoice_key, amount=item.amount, allocated_on=TODAY)
        others = [one for one in self.book.allocations if one.payment_key != payment.key]
        others += [one for one in self._of(payment.key) if one.invoice_key != item.invoice_key]
        self.book = replace(self.book, allocations=(*others, row))


class AsksForMoreToday(TwinOffice):
    """Takes the day of the word for the day of the payment."""

    def _match(self, payment: Any, item: Any) -> None:
        super()._match(replace(payment, paid_at=NOW), item)


class KeepsItsFigure(TwinOffice):
    """Leaves its own figure as it was."""

    def _moved(self, payment: Any, amount: Any) -> Any:
        return super()._moved(payment, amount - amount)


class BooksAgain(TwinOffice):
    """Books whatever comes."""

    def _once(self, new: Any, booked: Any) -> Any:
        self._posted.clear()
        return super()._once(new, booked)


class BooksAgainAndSaysNotSo(BooksAgain):
    """Books whatever comes, and tells what it did first."""

    told: ClassVar[dict[str, Any]] = {}

    def _once(self, new: Any, booked: Any) -> Any:
        answer = super()._once(new, booked)
        if new.key in self.told:
            return replace(self.told[new.key], replayed=True)
        self.told[new.key] = answer
        return answer


class LooksAndWaits(TwinOffice):
    """Looks whether a key is new, waits, and books it then."""

    async def post_payments(self, call: Any, payments: Any) -> Any:
        known = dict(self._posted)
        await asyncio.sleep(0)
        self._posted = known
        return await super().post_payments(call, payments)


class AnythingUnderAKey(TwinOffice):
    """Never looks at what is posted under a key again."""

    def _once(self, new: Any, booked: Any) -> Any:
        known = self._posted.get(new.key)
        return replace(known[1], replayed=True) if known else super()._once(new, booked)


class AnybodysInvoices(TwinOffice):
    """Does not look whose invoice is paid."""

    def _match(self, payment: Any, item: Any) -> None:
        owner = {entry.key: entry.account for entry in self.book.invoices}.get(item.invoice_key, payment.account)
        super()._match(replace(payment, account=owner), item)


class RemembersRefusals(TwinOffice):
    """Takes a key that was refused for used."""

    refused: ClassVar[set[str]] = set()

    def _once(self, new: Any, booked: Any) -> Any:
        answer = super()._once(new, booked)
        if isinstance(answer, Fault):
            self.refused.add(new.key)
        return Fault(code=FaultCode.CONFLICT) if new.key in self.refused and not isinstance(answer, Fault) else answer


class OneDrawer(TwinOffice):
    """Keeps the keys of all managers in one place."""

    drawer: ClassVar[dict[str, Any]] = {}

    def _once(self, new: Any, booked: Any) -> Any:
        self._posted = self.drawer
        return super()._once(new, booked)


# -- what goes back ----------------------------------------------------------------------------------------------


class StaysPaid(TwinOffice):
    """Leaves invoices as they are when their money goes back."""

    def _reopen(self, invoice: str) -> None:
        pass


class KeepsWhatWentBack(TwinOffice):
    """Leaves its own figure as it was when money goes back."""

    def _moved(self, payment: Any, amount: Any) -> Any:
        return super()._moved(payment, min(amount, amount - amount))


class InvoicesFirst(TwinOffice):
    """Takes from what was matched before it takes the credit."""

    def _payment(self, entry: Any) -> Any:
        payment = super()._payment(entry)
        given = entry.status is PaymentStatus.CONFIRMED and self._of(entry.key)
        return replace(payment, unallocated=payment.unallocated - payment.unallocated) if given else payment


class OldestFirst(TwinOffice):
    """Takes from what was matched first."""

    def _of(self, payment: str) -> Any:
        return super()._of(payment)[::-1]


class ForgetsWhatWentBack(TwinOffice):
    """Does not remember how much of a payment went back before."""

    def _taken_back(self, entry: Any) -> Any:
        return Money(0, self.book.currency)


BROKEN = [
    (StopsAtTheFirst, "what_is_posted_is_answered_in_its_place"),
    (NeedsSomething, "nothing_posted_is_nothing_answered"),
    (KeysOfOthers, "what_was_posted_can_be_read"),
    (ListsNothingNew, "what_was_posted_can_be_read"),
    (NeverPaid, "what_is_settled_is_paid"),
    (PaidAtOnce, "what_is_settled_in_part_is_partially_paid"),
    (TakesAll, "more_than_is_open_is_credit"),
    (TakesAll, "what_is_not_open_takes_nothing"),
    (AsksForMoreToday, "who_paid_in_time_owes_no_more"),
    (KeepsItsFigure, "a_balance_moves_by_what_was_paid"),
    (BooksAgain, "a_key_is_booked_once"),
    (BooksAgainAndSaysNotSo, "a_key_is_booked_once"),
    (BooksAgain, "a_key_is_booked_once_by_many"),
    (LooksAndWaits, "a_key_is_booked_once_by_many"),
    (BooksAgain, "a_key_stands_for_one_content"),
    (AnythingUnderAKey, "a_key_stands_for_one_content"),
    (TakesAll, "many_payments_do_not_settle_more_than_is_open"),
    (AnybodysInvoices, "what_cannot_be_booked_is_invalid"),
    (RemembersRefusals, "what_was_refused_is_not_remembered"),
    (OneDrawer, "two_managers_never_share_a_key"),
    (StaysPaid, "what_goes_back_whole_reopens"),
    (KeepsWhatWentBack, "what_goes_back_whole_reopens"),
    (InvoicesFirst, "a_part_comes_off_the_credit_first"),
    (StaysPaid, "a_part_comes_off_the_credit_first"),
    (OldestFirst, "the_latest_allocation_goes_first"),
    (BooksAgain, "what_goes_back_goes_once"),
    (AnythingUnderAKey, "what_goes_back_goes_once"),
    (ForgetsWhatWentBack, "no_more_goes_back_than_is_left"),
    (ForgetsWhatWentBack, "many_take_back_no_more_than_there_is"),
]
CHAPTERS = {chapter.__name__ for chapter in (posting, reversal)}


@pytest.mark.anyio
@pytest.mark.parametrize(("office", "promise"), BROKEN, ids=named)
async def test_finds_what_is_broken(office: type[TwinOffice], promise: str, tmp_path: Path) -> None:
    await assert_broken(office, promise, tmp_path)


def test_every_promise_of_these_chapters_can_be_broken() -> None:
    promised = {promise.name for promise in PROMISES if promise.check.__module__ in CHAPTERS}
    assert promised <= {name for _, name in BROKEN}


# -- whom the kit writes to --------------------------------------------------------------------------------------


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("options", "capabilities", "reason"),
    [
        ({}, {}, ""),
        ({"writable": False}, {}, "(`writable`)"),
        ({"insert": None}, {}, "(`insert`)"),
        ({}, {"payments.post": Support.NO}, "NO to payments.post"),
        ({}, {"payments.post": Support.EMULATED}, ""),
    ],
)
async def test_only_an_office_that_may_be_written_to_is(
    options: dict[str, Any], capabilities: dict[str, Support], reason: str, tmp_path: Path
) -> None:
    adapter = TwinAdapter(capabilities={**CAPABILITIES, **capabilities})
    async with open_bench(Harness(adapter=adapter, **options), tmp_path) as bench:
        writing = [promise for promise in PROMISES if promise.check.__module__ in CHAPTERS]
        assert all(promise.writes and promise.needs_book for promise in writing)
        assert all(
            promise.not_asked(bench).endswith(reason) and bool(promise.not_asked(bench)) == bool(reason)
            for promise in writing
        )
        for promise in writing[:3]:
            if not reason:
                await promise.check(bench)
        assert bench.mine.office.book == bench.mine.twin.book  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  a twin


def test_a_trial_says_whether_its_office_may_be_written_to() -> None:
    for writable in (True, False):
        assert Trial(adapter="embedded", writable=writable).harness(Registry.discover()).writable is writable


@pytest.mark.anyio
async def test_nobody_writes_to_an_office_that_was_not_filled(tmp_path: Path) -> None:
    async with open_bench(Harness(adapter=TwinAdapter()), tmp_path, filled=False) as bench:
        told = {promise.not_asked(bench) for promise in PROMISES if promise.writes}
        assert told == {"the office does not hold the reference book"}
