"""Promises about an office as a whole: what it says of itself, whose data it shows, how it opens, stops and closes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench, Side
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, origins, promise
from ventanilla.backoffice_adapters.conformance.questions import Question
from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    PROTOCOLS,
    Fault,
    FaultCode,
    OfficeError,
    Support,
    Window,
    capabilities_of,
)
from ventanilla.backoffice_adapters.fit import METHODS


@promise(book=False)
async def the_manifest_is_honest(bench: Bench) -> None:
    """Every capability it names is one of the contract's, and for each it gives, the office has the method."""
    manifest = bench.mine.manifest
    known = {name for protocol in PROTOCOLS.values() for name in capabilities_of(protocol).values()}
    strange = sorted(set(manifest.capabilities) - known)
    expect(not strange, f"the manifest names {strange}, which the contract does not know")
    expect(manifest.contract[0] == CONTRACT[0] and manifest.contract <= CONTRACT, "written for another contract")
    expect(manifest.licences, "the manifest serves no licence")
    expect(min(manifest.max_batch, manifest.max_page) >= 1, "max_batch and max_page are at least 1")
    missing = [name for name in METHODS if bench.mine.declares(name) and not hasattr(bench.mine.office, name)]
    expect(not missing, f"the manifest gives what the office has no method for: {missing}")


@promise(book=False)
async def what_is_not_declared_is_refused(bench: Bench) -> None:
    """A capability that the manifest does not give is answered `unsupported` without asking the office."""
    asked = len(bench.mine.calls)
    for name, method in METHODS.items():
        if bench.mine.guard.supports(method.capability) is Support.NO:
            (found,) = await bench.mine.guard.ask(name, bench.mine.call(), ["anything"])
            refused = isinstance(found, Fault) and found.code is FaultCode.UNSUPPORTED
            expect(refused, f"{name}: {found!r} instead of unsupported")
    expect(len(bench.mine.calls) == asked, "the office was asked for what it does not declare")


@promise()
async def long_lists_are_served_in_batches(bench: Bench) -> None:
    """One subject more than `max_batch`, asked through the guard, is answered whole and in order."""
    side = bench.mine
    for question in await side.questions():
        many = _lengthened(question, min(side.manifest.max_batch, 2_000) + 1)
        before = len(side.calls)
        found = await side.guard.ask(question.method, side.call(), many, *question.args)
        aligned(question.method, many, found, await side.expected(question.method, many, *question.args))
        expect(len(side.calls) - before >= len(many) / side.manifest.max_batch, f"{question.method}: not split")


def _lengthened(question: Question, length: int) -> list[Any]:
    times = length // len(question.subjects) + 1
    return (list(question.subjects) * times)[:length]


@promise()
async def two_managers_never_mix(bench: Bench) -> None:
    """Two managers' offices of one adapter, asked at the same time for the same keys, each answer from their own."""
    for question in await bench.mine.questions():
        mine, other, again = await asyncio.gather(
            *(_asked(side, question) for side in (bench.mine, bench.other, bench.mine))
        )
        subjects, wanted = question.subjects, await _wanted(bench.mine, question)
        aligned(f"the first manager's {question.method}", subjects, mine, wanted)
        aligned(f"the second manager's {question.method}", subjects, other, await _wanted(bench.other, question))
        aligned(f"the first manager's {question.method}, again", subjects, again, wanted)


async def _asked(side: Side, question: Question) -> list[Any]:
    return await side.ask(question.method, question.subjects, *question.args)


async def _wanted(side: Side, question: Question) -> list[Any]:
    return await side.expected(question.method, question.subjects, *question.args)


@promise()
async def records_tell_where_they_come_from(bench: Bench) -> None:
    """Every record carries the office's configured name, and an aware UTC moment that it was true at; never stale."""
    for question in [*await bench.mine.questions(), *bench.mine.journals()]:
        for origin in origins(await _asked(bench.mine, question)):
            expect(origin.source == bench.mine.guard.plan.office, f"{question.method}: comes from {origin.source!r}")
            expect(origin.as_of.utcoffset() == timedelta(0), f"{question.method}: {origin.as_of!r} is not aware UTC")
            expect(not origin.stale, f"{question.method}: an answer of the office itself is marked stale")


@promise()
async def health_is_told(bench: Bench) -> None:
    """An open office is well, and tells how old its data is in aware UTC if it tells at all."""
    health = await bench.mine.office.health()
    expect(health.ok, f"an open, filled office is not well: {health!r}")
    expect(health.as_of is None or health.as_of.utcoffset() == timedelta(0), f"{health.as_of!r} is not aware UTC")


@promise(book=False)
async def health_needs_no_data(bench: Bench) -> None:
    """Health shows nobody's data and never raises, also for an office that nobody has filled yet."""
    office = bench.unopened("nobody", bench.harness.configuration)
    try:
        await office.open()
        await office.health()
    finally:
        await office.close()
    people = [party.name for party in bench.mine.twin.book.parties]
    told = (await bench.mine.office.health()).detail
    expect(not any(name in told for name in people), f"health tells of people: {told!r}")


@promise(book=False, broken=True)
async def a_failed_opening_can_be_closed(bench: Bench) -> None:
    """What cannot be opened raises `OfficeError` from `open`, and is closed after it without another error."""
    office = bench.unopened("broken", bench.harness.broken or {})
    try:
        await office.open()
    except OfficeError as error:
        expect(error.fault.detail, "the fault of a failed opening says nothing to the operator")
    else:
        expect(False, "the broken configuration opened")
    finally:
        await office.close()


@promise()
async def a_cancelled_call_leaves_the_office_usable(bench: Bench) -> None:
    """Whoever gives up in the middle of a call, early or late, harms no call that comes after."""
    for question in await bench.mine.questions():
        for pause in (0, 0.0005, 0.002):
            task = asyncio.create_task(_asked(bench.mine, question))
            await asyncio.sleep(pause)
            task.cancel()
            # The call may have been quicker than the cancelling.
            await asyncio.wait({task}, timeout=5)
            expect(task.done(), f"{question.method}: goes on for seconds after it was cancelled")
        found = await _asked(bench.mine, question)
        wanted = await _wanted(bench.mine, question)
        aligned(f"{question.method} after cancelled calls", question.subjects, found, wanted)


@promise()
async def calls_at_the_same_time_do_not_disturb_each_other(bench: Bench) -> None:
    """Many calls of all methods at once, each for other subjects, are answered as if each were alone."""
    questions = [_turned(question, by) for by in range(4) for question in await bench.mine.questions()]
    answers = await asyncio.gather(*(_asked(bench.mine, question) for question in questions))
    for question, found in zip(questions, answers, strict=True):
        aligned(f"{question.method} among others", question.subjects, found, await _wanted(bench.mine, question))


def _turned(question: Question, by: int) -> Question:
    return replace(question, subjects=question.subjects[by:] + question.subjects[:by])


@promise()
async def answers_are_the_askers_own(bench: Bench) -> None:
    """What one caller does with a list that was answered changes nobody else's answer."""
    for question in await bench.mine.questions():
        one = replace(question, subjects=question.subjects[:1])
        first = await getattr(bench.mine.office, one.method)(bench.mine.call(), one.subjects, *one.args)
        first.clear()
        again = await getattr(bench.mine.office, one.method)(bench.mine.call(), one.subjects, *one.args)
        aligned(question.method, one.subjects, again, await _wanted(bench.mine, one))


@promise()
async def a_window_beyond_the_largest_page_is_cut(bench: Bench) -> None:
    """Asked through the guard for more rows than `max_page`, one of `max_page` comes and says whether more follow."""
    side, largest = bench.mine, bench.mine.manifest.max_page
    for question in await side.questions():
        if question.window:
            arguments = question.args[:-1]
            found = await side.guard.ask(
                question.method, side.call(), question.subjects, *arguments, Window(limit=largest + 1)
            )
            wanted = await side.expected(question.method, question.subjects, *arguments, Window(limit=largest))
            aligned(question.method, question.subjects, found, wanted)
