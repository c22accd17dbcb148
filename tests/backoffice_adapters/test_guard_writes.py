"""What the guard makes of writes: it never says that nothing was done when something may have been, and forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.moody import REF, Moody, Scene, call, codes, scene
from ventanilla.backoffice_adapters.conformance.book import BUSY, CREDIT, NOW
from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, OfficeError
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.plan import Patience
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal, PostedPayment, ReversalKind

pytestmark = pytest.mark.anyio

NEW = NewPayment(key="one", account=REF, amount=Money(700, "PLN"), paid_at=NOW, method="przelew")
OTHER = replace(NEW, key="other", amount=Money(5, "PLN"))
UNKNOWN = FaultCode.OUTCOME_UNKNOWN


class Writing(Moody):
    """Books what it is told, and then does what a test tells it to: the effect is there, the answer may not be."""

    async def post_payments(self, call: Call, payments: Any) -> Any:
        return await self._moody(super().post_payments(call, payments))

    async def reverse_payments(self, call: Call, reversals: Any) -> Any:
        return await self._moody(super().reverse_payments(call, reversals))


def writing(patience: Patience | None = None, **options: Any) -> Scene:
    some = scene(patience, **options)
    some.office.__class__ = Writing
    return some


async def post(some: Scene, *payments: NewPayment) -> list[Any]:
    return await some.ask("post_payments", payments or [NEW])


def paid(some: Scene) -> int:
    """How many payments of 700 or 5 minor units the office has."""
    return sum(entry.method == "przelew" for entry in some.office.book.payments)


# -- what may have been done -------------------------------------------------------------------------------------


async def test_what_is_posted_comes_back_through_the_guard() -> None:
    some = writing()
    (posted,) = await post(some)
    assert isinstance(posted, PostedPayment)
    asked = NewReversal(key="r", payment_key=posted.payment.key, amount=NEW.amount, at=NOW, kind=ReversalKind.REFUND)
    (back,) = await some.ask("reverse_payments", [asked])
    assert back.payment.key == posted.payment.key
    assert [told.fault for told in some.calls] == [None, None]


async def test_a_write_without_an_answer_in_time_is_unknown_and_settled_by_its_key() -> None:
    some = writing(Patience(deadline_s=0.1))
    some.office.mood = lambda: asyncio.sleep(5)
    assert codes(await post(some, NEW, OTHER)) == [UNKNOWN, UNKNOWN]
    assert [told.fault for told in some.calls] == [UNKNOWN]
    some.heals()
    for hit in await post(some, NEW, OTHER):
        assert hit.replayed
    assert paid(some) == 2


def answered(answer: Any) -> Callable[[list[Any]], Any]:
    return lambda _: answer


def about(**changes: Any) -> Callable[[list[Any]], Any]:
    """The answer with another payment in it."""
    return lambda hits: [replace(hits[0], payment=replace(hits[0].payment, **changes))]


@pytest.mark.parametrize(
    "change",
    [
        answered([]),
        answered("booked"),
        answered([None]),
        answered([{"payment": "p"}]),
        about(account_key=CREDIT),
        about(amount=OTHER.amount),
    ],
)
async def test_an_answer_that_does_not_fit_is_unknown(change: Callable[[list[Any]], Any]) -> None:
    some = writing()
    some.office.change = change
    assert codes(await post(some)) == [UNKNOWN]
    some.heals()
    assert (await post(some))[0].replayed
    assert paid(some) == 1


async def test_a_reversal_of_another_payment_is_unknown() -> None:
    some = writing()
    (posted,) = await post(some)
    asked = NewReversal(key="r", payment_key=posted.payment.key, amount=NEW.amount, at=NOW, kind=ReversalKind.REFUND)
    some.office.change = about(key="another")
    assert codes(await some.ask("reverse_payments", [asked])) == [UNKNOWN]


@pytest.mark.parametrize("raised", [RuntimeError("quotes somebody"), SystemExit(), asyncio.CancelledError()])
async def test_whatever_an_adapter_raises_unexpectedly_is_unknown(raised: BaseException) -> None:
    some = writing()

    def fail() -> None:
        raise raised

    some.office.mood = fail
    assert codes(await post(some)) == [UNKNOWN]
    some.heals()
    assert (await post(some))[0].replayed


LOST = {FaultCode.TIMEOUT, FaultCode.PROTOCOL, FaultCode.OUTCOME_UNKNOWN}


@pytest.mark.parametrize("code", sorted(FaultCode))
async def test_what_an_office_says_itself_stays_unless_it_says_nothing_of_the_effect(code: FaultCode) -> None:
    some = writing()
    some.fails(code)
    assert codes(await post(some)) == [UNKNOWN if code in LOST else code]
    some.heals()
    some.office.change = lambda hits: [hits[0], Fault(code=code)]
    assert codes(await post(some, NEW, OTHER)) == [None, UNKNOWN if code in LOST else code]


async def test_reading_is_never_unknown() -> None:
    some = writing()
    for code in LOST - {UNKNOWN}:
        some.fails(code)
        assert codes(await some.accounts("absent")) == [code]


# -- what never came as far --------------------------------------------------------------------------------------


async def test_a_write_that_gets_no_place_in_time_was_never_done() -> None:
    some = writing(Patience(deadline_s=0.2, concurrency=1))
    gate = asyncio.Event()
    some.office.mood = gate.wait
    before = asyncio.create_task(some.accounts(BUSY))
    await asyncio.sleep(0.05)
    assert codes(await some.guard.ask("post_payments", call(0.1), [NEW])) == [FaultCode.TIMEOUT]
    assert paid(some) == 0
    gate.set()
    await before


async def test_a_write_to_a_crowded_office_was_never_done() -> None:
    some = writing(Patience(concurrency=1, waiting=0))
    gate = asyncio.Event()
    some.office.mood = gate.wait
    before = asyncio.create_task(some.accounts(BUSY))
    await asyncio.sleep(0)
    assert codes(await post(some)) == [FaultCode.UNAVAILABLE]
    assert paid(some) == 0
    gate.set()
    await before


async def test_a_write_to_an_office_that_is_left_alone_was_never_done() -> None:
    some = writing()
    some.fails(FaultCode.UNAVAILABLE)
    for _ in range(5):
        await some.accounts(BUSY)
    some.heals()
    (hit,) = await post(some)
    assert (hit.code, paid(some)) == (FaultCode.UNAVAILABLE, 0)
    assert hit.retry_after


async def test_an_office_that_does_not_open_was_never_written_to() -> None:
    some = writing()

    async def refuse() -> None:
        raise OfficeError(Fault(code=FaultCode.PROTOCOL, detail="speaks another language"))

    some.office.open = refuse  # pyright: ignore[reportAttributeAccessIssue]  a method of this one office
    assert codes(await post(some)) == [FaultCode.PROTOCOL]


async def test_an_office_that_is_slow_to_open_was_never_written_to() -> None:
    some = writing(Patience(deadline_s=0.1))
    some.office.open = lambda: asyncio.sleep(5)  # pyright: ignore[reportAttributeAccessIssue]  a method of this one office
    assert codes(await post(some)) == [FaultCode.TIMEOUT]


async def test_slow_writes_count_towards_leaving_the_office_alone() -> None:
    some = writing(Patience(deadline_s=0.1))
    some.office.mood = lambda: asyncio.sleep(5)
    for number in range(5):
        assert codes(await post(some, replace(NEW, key=f"k{number}"))) == [UNKNOWN]
    assert codes(await post(some)) == [FaultCode.UNAVAILABLE]


# -- forgetting --------------------------------------------------------------------------------------------------


async def silent(some: Scene, *keys: str) -> list[Any]:
    """What is told of accounts while the office does not answer."""
    some.fails(FaultCode.UNAVAILABLE)
    hits = await some.accounts(*keys)
    some.heals()
    return hits


async def test_what_was_read_before_a_write_is_forgotten() -> None:
    some = writing()
    await some.accounts(BUSY)
    assert (await silent(some, BUSY))[0].origin.stale
    await post(some)
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]
    await some.accounts(BUSY)
    assert (await silent(some, BUSY))[0].origin.stale


@pytest.mark.parametrize("code", [UNKNOWN, FaultCode.INVALID, FaultCode.UNAVAILABLE])
async def test_a_write_that_reached_the_office_makes_forget_whatever_became_of_it(code: FaultCode) -> None:
    some = writing()
    await some.accounts(BUSY)
    some.fails(code)
    await post(some)
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]


async def test_a_write_that_never_reached_it_makes_nothing_forget() -> None:
    some = writing(Patience(concurrency=1, waiting=0))
    await some.accounts(BUSY)
    gate = asyncio.Event()
    some.office.mood = gate.wait
    before = asyncio.create_task(some.accounts(CREDIT))
    await asyncio.sleep(0)
    assert codes(await post(some)) == [FaultCode.UNAVAILABLE]
    gate.set()
    await before
    assert (await silent(some, BUSY))[0].origin.stale


async def test_what_is_read_across_a_write_is_not_remembered() -> None:
    some = writing()
    gate = asyncio.Event()
    some.office.mood = gate.wait
    across = asyncio.create_task(some.accounts(BUSY))
    await asyncio.sleep(0.01)
    some.heals()
    await post(some)
    gate.set()
    assert codes(await across) == [None]
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]


async def test_what_is_read_during_a_write_is_not_remembered() -> None:
    some = writing()
    gate = asyncio.Event()
    some.office.mood = gate.wait
    under_way = asyncio.create_task(post(some))
    await asyncio.sleep(0.01)
    some.heals()
    assert codes(await some.accounts(BUSY)) == [None]
    gate.set()
    assert codes(await under_way) == [None]
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]


async def test_a_caller_who_gives_up_a_write_leaves_nothing_remembered() -> None:
    some = writing()
    gate = asyncio.Event()
    some.office.mood = gate.wait
    under_way = asyncio.create_task(post(some))
    await asyncio.sleep(0.01)
    some.heals()
    await some.accounts(BUSY)
    under_way.cancel()
    await asyncio.wait({under_way})
    assert under_way.cancelled()
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]


async def test_an_office_that_remembers_nothing_is_written_to_alike() -> None:
    some = writing(Patience(stale_s=0))
    await some.accounts(BUSY)
    assert codes(await post(some)) == [None]
    assert codes(await silent(some, BUSY)) == [FaultCode.UNAVAILABLE]
