"""What is asked again, when, and what never is."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from tests.backoffice_adapters.moody import BUSY, Scene, call, codes, scene
from ventanilla.backoffice_adapters.contract import (
    BillingOffice,
    Fault,
    FaultCode,
    OfficeError,
    capabilities_of,
    capability,
    is_safe,
)
from ventanilla.backoffice_adapters.fit import METHODS, Method
from ventanilla.backoffice_adapters.plan import Patience
from ventanilla.backoffice_adapters.retry import TRIES, pause_s

pytestmark = pytest.mark.anyio


def failing(some: Scene, times: int, fault: Fault) -> None:
    """Let the next `times` calls fail, and the others not."""
    left = [times]

    def mood() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise OfficeError(fault)

    some.office.mood = mood


def busy(retry_after: float | None = None) -> Fault:
    return Fault(code=FaultCode.THROTTLED, detail="busy", retry_after=retry_after)


# -- pauses ------------------------------------------------------------------------------------------------------


def test_pauses_grow_and_are_never_in_lockstep() -> None:
    for tried, least, most in ((1, 0.05, 0.15), (2, 0.1, 0.3)):
        pauses = [pause_s(Fault(code=FaultCode.UNAVAILABLE), tried) for _ in range(200)]
        assert all(pause is not None and least <= pause <= most for pause in pauses)
        assert len(set(pauses)) > 100
    assert pause_s(busy(), TRIES) is None


def test_an_office_is_not_asked_before_it_wants_to_be() -> None:
    pauses = [pause_s(busy(retry_after=3), 1) for _ in range(200)]
    assert all(pause is not None and 3 < pause < 3.2 for pause in pauses)


@pytest.mark.parametrize("code", sorted(set(FaultCode) - {FaultCode.UNAVAILABLE, FaultCode.THROTTLED}))
async def test_what_would_fail_alike_is_asked_once(code: FaultCode) -> None:
    some = scene()
    assert pause_s(Fault(code=code), 1) is None
    failing(some, 1, Fault(code=code))
    (hit,) = await some.accounts(BUSY)
    if code is not FaultCode.UNAUTHORIZED:  # which opens the office anew
        assert hit.code is code
    assert len(some.calls) == 1


# -- only what is safe -------------------------------------------------------------------------------------------


def test_every_method_that_reads_is_safe_and_what_nobody_marked_is_not() -> None:
    class Forgetful(BillingOffice):
        @capability("payments.read")
        async def payments_by_key(self, call: Any, keys: Any) -> list[Any]: ...

    writing = {"post_payments", "reverse_payments"}
    assert {name for name in capabilities_of(BillingOffice) if not is_safe(BillingOffice, name)} == writing
    assert {name for name, method in METHODS.items() if not method.safe} == writing
    assert not is_safe(Forgetful, "payments_by_key")


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A scene in which reading accounts counts as something that must not be done twice."""
    known = METHODS["accounts"]
    unsafe = Method("accounts", known.capability, dict, None, safe=False)
    monkeypatch.setattr(unsafe, "check", known.check)
    monkeypatch.setitem(METHODS, "accounts", unsafe)
    return scene()


@pytest.mark.parametrize("code", [FaultCode.UNAVAILABLE, FaultCode.THROTTLED, FaultCode.UNAUTHORIZED])
async def test_what_is_not_safe_is_never_asked_twice(writing: Scene, code: FaultCode) -> None:
    asked: list[None] = []

    def fail() -> None:
        asked.append(None)
        raise OfficeError(Fault(code=code))

    writing.office.mood = fail
    assert codes(await writing.accounts(BUSY)) == [code]
    assert len(asked) == 1


async def test_what_is_not_safe_is_never_answered_from_memory(writing: Scene) -> None:
    assert codes(await writing.accounts(BUSY)) == [None]
    writing.fails(FaultCode.UNAVAILABLE)
    assert codes(await writing.accounts(BUSY)) == [FaultCode.UNAVAILABLE]


# -- when --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 2])
async def test_a_fault_that_passes_is_not_noticed_but_observed(times: int) -> None:
    some = scene()
    failing(some, times, busy())
    (hit,) = await some.accounts(BUSY)
    assert (hit.key, hit.origin.stale) == (BUSY, False)
    assert [told.fault for told in some.calls] == [FaultCode.THROTTLED] * times + [None]


async def test_after_three_tries_it_is_told_when_to_come_back() -> None:
    some = scene()
    some.fails(FaultCode.UNAVAILABLE)
    (hit,) = await some.accounts(BUSY)
    assert len(some.calls) == TRIES
    assert hit.retry_after == 1


@pytest.mark.parametrize(
    ("within_s", "retry_after", "tries"), [(0.04, None, 1), (0.5, 0.6, 1), (5, 10, 1), (1, 0.05, 2)]
)
async def test_nothing_is_asked_again_beyond_the_deadline(
    within_s: float, retry_after: float | None, tries: int
) -> None:
    some = scene()
    failing(some, tries if tries == 1 else 1, busy(retry_after))
    begun = time.monotonic()
    await some.guard.ask("accounts", call(within_s), [BUSY])
    assert time.monotonic() - begun < min(within_s, 1) + 1
    assert len(some.calls) == tries


async def test_an_office_that_rests_is_not_asked_again() -> None:
    some = scene()
    some.fails(FaultCode.UNAVAILABLE)
    await some.accounts(BUSY)
    begun = time.monotonic()
    (hit,) = await some.accounts(BUSY)  # the fifth failure in a row starts the rest
    assert (len(some.calls), hit.code) == (5, FaultCode.UNAVAILABLE)
    assert time.monotonic() - begun < 3
    assert 0 < hit.retry_after <= 1


async def test_whoever_gives_up_while_trying_a_rested_office_lets_the_next_one_try() -> None:
    some = scene()
    failing(some, 5, Fault(code=FaultCode.UNAVAILABLE))
    await some.accounts(BUSY)
    await some.accounts(BUSY)
    some.guard._breaker._until = 0  # pyright: ignore[reportPrivateUsage]  the rest is over
    some.office.mood = lambda: asyncio.sleep(30)
    trying = asyncio.create_task(some.accounts(BUSY))
    await asyncio.sleep(0.01)
    assert codes(await some.accounts(BUSY)) == [FaultCode.UNAVAILABLE]
    trying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trying
    some.heals()
    assert codes(await some.accounts(BUSY)) == [None]


# -- how many wait -----------------------------------------------------------------------------------------------


async def test_more_than_may_wait_are_refused_at_once() -> None:
    crowd = scene(Patience(concurrency=2, waiting=3, deadline_s=5))
    gate = asyncio.Event()
    crowd.office.mood = gate.wait
    inside = [asyncio.create_task(crowd.accounts(BUSY)) for _ in range(5)]
    await asyncio.sleep(0.01)
    (refused,) = await crowd.accounts(BUSY)
    assert (refused.code, refused.retry_after) == (FaultCode.UNAVAILABLE, 1)
    assert "too many" in refused.detail
    gate.set()
    assert [codes(await each) for each in inside] == [[None]] * 5
    assert codes(await crowd.accounts(BUSY)) == [None]


async def test_a_long_list_is_one_question_and_waits_for_its_places() -> None:
    small = scene(Patience(concurrency=1, waiting=0), max_batch=1)
    assert codes(await small.accounts(*[BUSY] * 9)) == [None] * 9


async def test_the_refused_are_shown_what_is_remembered() -> None:
    crowd = scene(Patience(concurrency=1, waiting=0))
    await crowd.accounts(BUSY)
    gate = asyncio.Event()
    crowd.office.mood = gate.wait
    inside = asyncio.create_task(crowd.accounts(BUSY))
    await asyncio.sleep(0.01)
    (old,) = await crowd.accounts(BUSY)
    assert old.origin.stale
    gate.set()
    await inside


async def test_those_who_wait_do_not_all_try_an_office_that_began_to_rest() -> None:
    slow = scene(Patience(concurrency=5, deadline_s=0.3))
    slow.office.mood = lambda: asyncio.sleep(30)
    first = [asyncio.create_task(slow.accounts(BUSY)) for _ in range(5)]
    await asyncio.sleep(0.2)
    later = [asyncio.create_task(slow.accounts(BUSY)) for _ in range(20)]
    for answer in await asyncio.gather(*first):
        assert codes(answer) == [FaultCode.TIMEOUT]
    told = [codes(answer)[0] for answer in await asyncio.gather(*later)]
    assert told.count(FaultCode.UNAVAILABLE) >= 16  # four may have got in before the fifth failure
    assert len(slow.calls) <= 25


# -- logs --------------------------------------------------------------------------------------------------------


async def test_a_retry_is_logged_without_what_was_asked_or_said(caplog: pytest.LogCaptureFixture) -> None:
    some = scene()
    failing(some, 1, Fault(code=FaultCode.UNAVAILABLE, detail="Ana, 28123456"))
    with caplog.at_level(logging.INFO):
        await some.accounts(BUSY)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("office mine/ledger: accounts: unavailable, asked again in 0.")
    assert "Ana" not in line
    assert BUSY not in line
