from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.moody import LIST, REF, Moody, call, codes, scene
from ventanilla.backoffice_adapters.conformance.book import BUSY, CREDIT
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import (
    Call,
    ChangeWindow,
    Fault,
    FaultCode,
    Health,
    InvoiceFilter,
    InvoiceOrder,
    OfficeError,
    PartyFilter,
    PaymentFilter,
    Support,
    Window,
)
from ventanilla.backoffice_adapters.offices import OfficeDoor
from ventanilla.backoffice_adapters.plan import Patience
from ventanilla.backoffice_adapters.records import UNREAD
from ventanilla.backoffice_adapters.registry import Registry

pytestmark = pytest.mark.anyio


# -- asking ------------------------------------------------------------------------------------------------------


async def test_answers_stand_where_they_were_asked() -> None:
    one, two, three = await scene().accounts(CREDIT, "absent", CREDIT)
    assert one.key == CREDIT == three.key
    assert two is None


async def test_what_the_manifest_refuses_never_reaches_the_office() -> None:
    some = scene(capabilities={"accounts.read": Support.YES, "balances.read": Support.EMULATED})
    hits = await some.ask("charges_by_key", ["a", "b"])
    assert codes(hits) == [FaultCode.UNSUPPORTED] * 2
    assert not some.calls
    assert some.guard.supports("balances.read") is Support.EMULATED
    assert some.guard.supports("charges.read") is Support.NO


async def test_nothing_asked_reaches_nobody() -> None:
    quiet = scene()
    assert await quiet.accounts() == []
    assert not quiet.calls


async def test_long_lists_go_in_batches_at_the_same_time_and_come_back_in_order() -> None:
    many = scene(max_batch=4)
    gate = asyncio.Barrier(3)
    many.office.mood = gate.wait
    keys = [BUSY, CREDIT, "absent"] * 3 + [BUSY]
    hits = await many.accounts(*keys)
    assert [hit and hit.key for hit in hits] == [None if key == "absent" else key for key in keys]
    assert sorted(told.subjects for told in many.calls) == [2, 4, 4]


async def test_every_call_is_observed() -> None:
    seen = scene()
    await seen.accounts(BUSY, CREDIT)
    seen.fails(FaultCode.FORBIDDEN)
    await seen.accounts(BUSY)
    good, bad = seen.calls
    assert (good.manager, good.office, good.method, good.subjects, good.fault) == (
        "mine",
        "ledger",
        "accounts",
        2,
        None,
    )
    assert bad.fault is FaultCode.FORBIDDEN


async def test_another_managers_call_is_refused_as_the_mistake_it_is() -> None:
    mine = scene()
    with pytest.raises(ValueError, match="a call of manager 'other' reached an office of 'mine'"):
        await mine.guard.ask("accounts", call(manager="other"), [BUSY])
    assert not mine.calls


async def test_the_office_is_told_the_deadline_that_the_guard_keeps() -> None:
    seen: list[float] = []

    class Told(Moody):
        async def charges_by_key(self, call: Call, keys: Any) -> Any:
            seen.append(call.deadline - time.monotonic())
            return [None]

    patient = scene(Patience(deadline_s=2))
    patient.office.__class__ = Told
    for within in (60, 1):
        await patient.guard.ask("charges_by_key", call(within), ["x"])
    assert 1.5 < seen[0] <= 2
    assert 0.5 < seen[1] <= 1


# -- time and places ---------------------------------------------------------------------------------------------


async def test_an_office_that_swallows_everything_is_not_waited_for_beyond_the_deadline() -> None:
    slow = scene(Patience(deadline_s=0.05))
    slow.office.mood = lambda: asyncio.sleep(30)
    begun = time.monotonic()
    assert codes(await slow.accounts(BUSY, CREDIT)) == [FaultCode.TIMEOUT] * 2
    assert time.monotonic() - begun < 5
    slow.heals()
    (hit,) = await slow.accounts(BUSY)
    assert hit.key == BUSY


async def test_the_callers_own_deadline_comes_first() -> None:
    slow = scene(Patience(deadline_s=30))
    slow.office.mood = lambda: asyncio.sleep(30)
    assert codes(await slow.guard.ask("accounts", call(0.05), [BUSY])) == [FaultCode.TIMEOUT]
    assert codes(await slow.guard.ask("accounts", call(-1), [BUSY])) == [FaultCode.TIMEOUT]


async def test_no_more_calls_than_places_are_under_way() -> None:
    busy = scene(Patience(concurrency=2))
    under_way: list[int] = [0, 0]

    async def work() -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0.002)
        under_way[0] -= 1

    busy.office.mood = work
    answers = await asyncio.gather(*(busy.accounts(BUSY) for _ in range(9)))
    assert all(hit.key == BUSY for (hit,) in answers)
    assert under_way == [0, 2]


async def test_waiting_for_a_place_ends_with_the_deadline_too() -> None:
    busy = scene(Patience(concurrency=1, deadline_s=0.05))
    busy.office.mood = lambda: asyncio.sleep(30)
    answers = await asyncio.gather(*(busy.accounts(BUSY) for _ in range(3)))
    assert [codes(answer) for answer in answers] == [[FaultCode.TIMEOUT]] * 3


async def test_a_caller_who_gives_up_is_let_go_and_frees_the_place() -> None:
    busy = scene(Patience(concurrency=1))
    busy.office.mood = lambda: asyncio.sleep(30)
    task = asyncio.create_task(busy.accounts(BUSY))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    busy.heals()
    (hit,) = await busy.accounts(BUSY)
    assert hit.key == BUSY


# -- what goes wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(FaultCode))
async def test_an_office_error_is_a_fault_of_each_position(code: FaultCode) -> None:
    broken = scene()
    broken.fails(code)
    assert codes(await broken.accounts(BUSY, CREDIT)) == [code, code]


async def test_the_unexpected_is_logged_once_with_its_stack_and_without_what_it_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = scene()
    broken.fails(KeyError("Ana María Ñandú, 28123456"))
    with caplog.at_level(logging.ERROR):
        assert codes(await broken.accounts(BUSY, CREDIT)) == [FaultCode.PROTOCOL] * 2
    (record,) = caplog.records
    text = record.getMessage()
    assert "office mine/ledger: accounts raised KeyError" in text
    assert "in _moody" in text
    assert "Ana" not in text
    assert BUSY not in text


async def test_a_cancellation_that_slips_out_of_an_office_does_not_cancel_the_visitor() -> None:
    broken = scene()
    broken.fails(asyncio.CancelledError())  # type: ignore[arg-type]  no Exception, which is the point
    assert codes(await broken.accounts(BUSY)) == [FaultCode.PROTOCOL]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda hits: hits[:-1], "answered 1 positions for 2"),
        (lambda hits: [*hits, None], "answered 3 positions for 2"),
        (tuple, "a tuple instead of a list"),
        (lambda hits: None, "a NoneType instead of a list"),
        (lambda hits: [hits[0], {"key": CREDIT}], "answered a dict instead of a Account"),
        (lambda hits: hits[::-1], "belongs to another subject"),
    ],
)
async def test_an_answer_that_does_not_fit_is_not_taken_even_in_part(
    change: Callable[[list[Any]], Any], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    odd = scene()
    odd.office.change = change
    hits = await odd.accounts(BUSY, CREDIT)
    assert codes(hits) == [FaultCode.PROTOCOL] * 2
    assert words in hits[0].detail
    assert words in caplog.text


@pytest.mark.parametrize(
    ("owner", "words"),
    [(CREDIT, "another subject"), (None, "another subject"), (7, "another subject"), (UNREAD, "UnreadError")],
    ids=repr,
)
async def test_a_row_of_another_account_is_not_taken(owner: Any, words: str) -> None:
    odd = scene()
    odd.office.change = lambda parts: [
        replace(parts[0], items=(*parts[0].items, replace(parts[0].items[0], account_key=owner)))
    ]
    (hit,) = await odd.ask("invoices", [REF], *LIST)
    assert hit.code is FaultCode.PROTOCOL
    assert words in hit.detail


async def test_a_fault_in_one_position_leaves_the_others() -> None:
    partly = scene()
    partly.office.change = lambda hits: [hits[0], Fault(code=FaultCode.FORBIDDEN)]
    one, two = await partly.accounts(BUSY, CREDIT)
    assert one.key == BUSY
    assert two.code is FaultCode.FORBIDDEN


async def test_an_office_that_fails_again_and_again_is_left_alone_for_a_while() -> None:
    down = scene()
    down.fails(FaultCode.UNAVAILABLE)
    for _ in range(20):
        (hit,) = await down.accounts(BUSY)
        assert hit.code is FaultCode.UNAVAILABLE
    assert len(down.calls) == 5
    assert 0 < hit.retry_after <= 1


async def test_after_its_rest_one_call_tries_and_all_is_well_again() -> None:
    down = scene()
    down.fails(FaultCode.UNAVAILABLE)
    for _ in range(5):
        await down.accounts(BUSY)
    down.guard._breaker._until = 0  # pyright: ignore[reportPrivateUsage]  the rest is over
    down.office.mood = lambda: asyncio.sleep(0.01)
    answers = await asyncio.gather(*(down.accounts(BUSY) for _ in range(3)))
    assert sorted(str(codes(answer)[0]) for answer in answers) == ["None", "unavailable", "unavailable"]
    assert codes(await down.accounts(BUSY)) == [None]


async def test_an_office_that_says_when_to_come_back_is_obeyed() -> None:
    throttled = scene()

    def throttle() -> None:
        raise OfficeError(Fault(code=FaultCode.THROTTLED, retry_after=20))

    throttled.office.mood = throttle
    await throttled.accounts(BUSY)
    (hit,) = await throttled.accounts(BUSY)
    assert len(throttled.calls) == 1
    assert 10 < hit.retry_after <= 20


# -- stale, with a date ------------------------------------------------------------------------------------------

SILENT = [FaultCode.UNAVAILABLE, FaultCode.TIMEOUT, FaultCode.THROTTLED, FaultCode.PROTOCOL]


@pytest.mark.parametrize("code", SILENT)
async def test_while_the_office_is_silent_the_last_answer_is_served_as_stale(code: FaultCode) -> None:
    down = scene()
    (before,) = await down.accounts(BUSY)
    down.fails(code)
    down.clock.now += timedelta(hours=3)
    one, two = await down.accounts(BUSY, CREDIT)
    assert one == replace(before, origin=replace(before.origin, stale=True))
    assert one.origin.as_of == before.origin.as_of
    assert two.code is code
    assert not before.origin.stale
    down.heals()
    (after,) = await down.accounts(BUSY)
    assert not after.origin.stale


@pytest.mark.parametrize("code", sorted(set(FaultCode) - set(SILENT)))
async def test_a_refusal_is_not_papered_over(code: FaultCode) -> None:
    refusing = scene()
    await refusing.accounts(BUSY)
    refusing.fails(code)
    assert codes(await refusing.accounts(BUSY)) == [code]


async def test_every_row_of_a_stale_page_says_so_and_shares_one_origin() -> None:
    down = scene()
    (before,) = await down.ask("invoices", [REF], *LIST)
    down.fails(FaultCode.UNAVAILABLE)
    (page,) = await down.ask("invoices", [REF], *LIST)
    assert [row.key for row in page.items] == [row.key for row in before.items]
    assert page.more == before.more
    assert {row.origin.stale for row in page.items} == {True}
    assert len({id(row.origin) for row in page.items}) == 1


async def test_another_question_is_another_memory() -> None:
    down = scene()
    await down.ask("invoices", [REF], *LIST)
    down.fails(FaultCode.UNAVAILABLE)
    where, order, window = LIST
    others = [
        (InvoiceFilter(number="x"), order, window),
        (where, InvoiceOrder.DUE_ON_ASC, window),
        (where, order, replace(window, backwards=True)),
    ]
    for other in others:
        assert codes(await down.ask("invoices", [REF], *other)) == [FaultCode.UNAVAILABLE]
    elsewhere = replace(call(), locale="pl-PL")
    assert codes(await down.guard.ask("invoices", elsewhere, [REF], *LIST)) == [FaultCode.UNAVAILABLE]


async def test_plain_rows_are_served_as_they_were() -> None:
    down = scene()
    (before,) = await down.ask("invoice_lines", ["inv01"])
    down.fails(FaultCode.TIMEOUT)
    assert await down.ask("invoice_lines", ["inv01"]) == [before]
    assert before


async def test_what_is_too_old_is_not_served() -> None:
    down = scene(Patience(stale_s=60))
    await down.accounts(BUSY)
    down.fails(FaultCode.UNAVAILABLE)
    down.clock.now += timedelta(seconds=60)
    assert codes(await down.accounts(BUSY)) == [None]
    down.clock.now += timedelta(seconds=1)
    assert codes(await down.accounts(BUSY)) == [FaultCode.UNAVAILABLE]


async def test_nothing_is_remembered_where_the_plan_says_so() -> None:
    down = scene(Patience(stale_s=0))
    await down.accounts(BUSY)
    down.fails(FaultCode.UNAVAILABLE)
    assert codes(await down.accounts(BUSY)) == [FaultCode.UNAVAILABLE]


@pytest.mark.parametrize(
    ("adapter_says", "manager_says", "remembered"), [(0, None, False), (0, 60, True), (60, None, True), (60, 0, False)]
)
async def test_the_adapter_says_what_is_remembered_unless_the_manager_does(
    adapter_says: float, manager_says: float | None, remembered: bool
) -> None:
    down = scene(Patience(stale_s=manager_says), stale_s=adapter_says)
    await down.accounts(BUSY)
    down.fails(FaultCode.UNAVAILABLE)
    assert codes(await down.accounts(BUSY)) == [None if remembered else FaultCode.UNAVAILABLE]


@pytest.mark.parametrize("name", ["embedded", "files"])
def test_what_lies_beside_the_gateway_is_not_remembered(name: str) -> None:
    assert Registry.discover().get(name).manifest.stale_s == 0


async def test_nothing_that_decides_access_is_stale() -> None:
    down = scene()
    number = down.office.book.accounts[0].number
    people = ("parties", [PartyFilter()], Window(limit=1)), ("parties_by_key", ["par1"])
    await down.ask("find_accounts", [number])
    await down.accounts(BUSY)
    assert [codes(await down.ask(*who)) for who in people] == [[None], [None]]
    down.fails(FaultCode.UNAVAILABLE)
    assert codes(await down.ask("find_accounts", [number])) == [FaultCode.UNAVAILABLE]
    assert [codes(await down.ask(*who)) for who in people] == [[FaultCode.UNAVAILABLE]] * 2
    assert codes(await down.ask("accounts", [BUSY], fresh=True)) == [FaultCode.UNAVAILABLE]
    assert codes(await down.accounts(BUSY)) == [None]


async def test_who_asks_what_changed_is_never_told_what_was_said_before() -> None:
    down = scene()
    asked = "changed_payments", [PaymentFilter()], ChangeWindow(limit=3)
    assert codes(await down.ask(*asked)) == [None]
    down.fails(FaultCode.UNAVAILABLE)
    assert codes(await down.ask(*asked)) == [FaultCode.UNAVAILABLE]


async def test_what_is_gone_is_not_brought_back() -> None:
    down = scene()
    await down.accounts(BUSY)
    held, down.office.book = down.office.book, replace(down.office.book, accounts=())
    assert await down.accounts(BUSY) == [None]
    down.office.book = held
    down.fails(FaultCode.UNAVAILABLE)
    assert codes(await down.accounts(BUSY)) == [FaultCode.UNAVAILABLE]


async def test_a_position_that_fails_falls_back_by_itself() -> None:
    partly = scene()
    await partly.accounts(BUSY, CREDIT)
    partly.office.change = lambda hits: [hits[0], Fault(code=FaultCode.TIMEOUT)]
    one, two = await partly.accounts(BUSY, CREDIT)
    assert (one.origin.stale, two.origin.stale) == (False, True)


async def test_memory_is_bounded_and_keeps_what_was_asked_last() -> None:
    down = scene(remembered=8)
    keys = [entry.key for entry in down.office.book.invoices if entry.status != "DRAFT"]
    for key in keys:
        await down.ask("invoice_lines", [key])
    down.fails(FaultCode.UNAVAILABLE)
    found = [not isinstance((await down.ask("invoice_lines", [key]))[0], Fault) for key in keys]
    assert found[-1]
    assert 1 <= sum(found) <= 8
    assert not any(found[:-8])


async def test_what_is_asked_together_and_again_by_itself_stays_within_the_bounds() -> None:
    down = scene(remembered=40)
    keys = [entry.key for entry in down.office.book.invoices if entry.status != "DRAFT"]
    await down.ask("invoice_lines", keys[:3])
    for _ in range(200):  # each replaces a part of what was answered together, and nothing else goes for it
        await down.ask("invoice_lines", keys[:1])
    down.fails(FaultCode.UNAVAILABLE)
    assert not any(isinstance(hit, Fault) for hit in await down.ask("invoice_lines", keys[:3]))


async def test_long_questions_fill_the_memory_sooner_than_short_ones() -> None:
    down = scene(remembered=1_000)
    filters = [InvoiceFilter(number=f"{number}{'x' * 100_000}") for number in range(20)]
    for where in filters:
        await down.ask("invoices", [REF], where, InvoiceOrder.DUE_ON_ASC, Window(limit=12))
    down.fails(FaultCode.UNAVAILABLE)
    found = [
        not isinstance((await down.ask("invoices", [REF], where, InvoiceOrder.DUE_ON_ASC, Window(limit=12)))[0], Fault)
        for where in filters
    ]
    assert found[-1]
    assert 1 <= sum(found) <= 10


# -- health ------------------------------------------------------------------------------------------------------


async def test_health_never_raises() -> None:
    well = scene(Patience(deadline_s=0.05))
    assert (await well.guard.health()).ok

    async def fail(self: Any) -> Health:
        msg = "secret"
        raise RuntimeError(msg)

    async def hang(self: Any) -> Health:
        await asyncio.sleep(30)
        return Health(ok=True)

    for broken, words in ((fail, "RuntimeError while asking"), (hang, "no answer within 0.05 s")):
        well.office.__class__ = type("Sick", (Moody,), {"health": broken})
        told = await well.guard.health()
        assert (told.ok, told.detail) == (False, words)


async def test_health_of_an_office_that_cannot_open_says_why() -> None:
    def fail() -> TwinOffice:
        raise OfficeError(Fault(code=FaultCode.UNAUTHORIZED, detail="wrong password"))

    shut = scene()
    shut.guard._door = OfficeDoor("mine/ledger", fail)  # pyright: ignore[reportPrivateUsage]  a door that stays shut
    told = await shut.guard.health()
    assert not told.ok
    assert "wrong password" in told.detail
