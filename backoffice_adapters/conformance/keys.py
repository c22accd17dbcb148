"""Promises about keys: what is asked for is what is answered, in its place."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import aligned, expect, promise
from ventanilla.backoffice_adapters.conformance.questions import Kind, Question
from ventanilla.backoffice_adapters.records import InvoiceStatus

HOSTILE = (
    "", " ", "absent", "acc1 ", " acc1", "ACC1", "acc1%", "%", "_", "*", "acc_", "acc1' OR '1'='1",
    "'; DROP TABLE invoice;--", 'acc1"', "`acc1`", "acc1\0", "\0", "\n", "acc1\\", "$1", "{}", "../../secret",
    "🏠", "ñ", "n\u0303", "\u202eacc1", "0", "-1", "NaN", "null", "true", "9" * 40, "x" * 120, "x" * 121, "x" * 10_000,
    "\ud800",
)  # fmt: skip
"""Keys that no office has, among them those that break naive code: all of them are just data."""


def _hostile(bench: Bench) -> list[str]:
    """The hostile keys, less those that an office which nobody filled may well have, such as ``0``."""
    if bench.filled:
        return list(HOSTILE)
    return [key for key in HOSTILE if len(key) > 120 or not key.strip(" -$").isalnum()]


async def _stands_beside(bench: Bench, question: Question, subjects: list[Any]) -> list[Any]:
    """Ask and compare with the twin, position by position."""
    found = await bench.mine.ask(question.method, subjects, *question.args)
    wanted = await bench.mine.expected(question.method, subjects, *question.args)
    aligned(question.method, subjects, found, wanted)
    return found


@promise()
async def known_keys_give_their_records(bench: Bench) -> None:
    """A method answers a list as long as what it was asked, in that order, each position with the record meant."""
    for question in await bench.mine.questions():
        await _stands_beside(bench, question, list(question.subjects))
        await _stands_beside(bench, question, list(reversed(question.subjects)))


@promise()
async def one_key_is_answered_like_many(bench: Bench) -> None:
    """A single subject gets the very answer that it gets in company."""
    for question in await bench.mine.questions():
        for subject in question.subjects[:3]:
            await _stands_beside(bench, question, [subject])


@promise()
async def absent_keys_are_none(bench: Bench) -> None:
    """What the office does not have is None in its own place, and the others stand where they stood."""
    for question in await bench.mine.questions():
        if question.kind is Kind.FILTER:
            continue  # no filter is absent; see `who_finds_nobody_gets_nobody`
        mixed = [question.absent("absent"), question.subjects[0], question.absent("absent too"), question.subjects[-1]]
        found = await _stands_beside(bench, question, mixed)
        expect(found[0] is None and found[2] is None, f"{question.method}: an absent key is not None")


@promise(book=False)
async def malformed_keys_are_none(bench: Bench) -> None:
    """A key is data, never part of a command: malformed, hostile or endless keys are None and harm nobody."""
    for question in await bench.mine.questions(unanswered=True):
        if question.method == "find_accounts":
            continue  # numbers are compared loosely; see `numbers_are_found_without_punctuation`
        if question.kind in (Kind.READER, Kind.FILTER) and not bench.filled:
            continue  # what an office that nobody filled tells everybody, it tells any reader; it may know anybody
        await _stands_beside(bench, question, [*map(question.like, _hostile(bench)), *question.subjects[:1]])


@promise()
async def repeated_keys_repeat(bench: Bench) -> None:
    """The same subject twice gives the same answer twice."""
    for question in await bench.mine.questions():
        first, last = question.subjects[0], question.subjects[-1]
        await _stands_beside(bench, question, [first, last, first, first, last])


@promise(book=False)
async def nothing_asked_is_nothing_answered(bench: Bench) -> None:
    """An empty sequence answers an empty list."""
    for question in [*await bench.mine.questions(unanswered=True), *bench.mine.journals()]:
        found = await getattr(bench.mine.office, question.method)(bench.mine.call(), [], *question.args)
        expect(found == [], f"{question.method}: answered {found!r} to no subjects")


@promise()
async def any_sequence_will_do(bench: Bench) -> None:
    """Subjects may come as a tuple as well as a list, and are left as they were."""
    for question in await bench.mine.questions():
        subjects = list(question.subjects[:1])
        await _stands_beside(bench, question, subjects)
        expect(subjects == list(question.subjects[:1]), f"{question.method}: changed what it was given")
        answers = await getattr(bench.mine.office, question.method)(
            bench.mine.call(), question.subjects[:1], *question.args
        )
        wanted = await bench.mine.expected(question.method, subjects, *question.args)
        aligned(question.method, subjects, answers, wanted)


@promise()
async def accounts_of_other_offices_are_none(bench: Bench) -> None:
    """An account that is at home elsewhere has no money here, even if a key of this office happens to be the same."""
    for question in await bench.mine.questions():
        if question.kind is Kind.ACCOUNT:
            strangers = [replace(ref, office="elsewhere") for ref in question.subjects]
            found = await bench.mine.ask(question.method, strangers, *question.args)
            aligned(f"{question.method} at another office", strangers, found, [None] * len(strangers))


@promise("accounts.find")
async def numbers_are_found_without_punctuation(bench: Bench) -> None:
    """A printed number is found however people space it; one that is not printed anywhere finds nothing."""
    typed = ["010120034", "01 012 0034", "01.012.0034", " 01-012/0034 ", "770001", "A 100 200", "01-012-003", "", "--"]
    found = await bench.mine.ask("find_accounts", typed)
    aligned("find_accounts", typed, found, await bench.mine.expected("find_accounts", typed))


@promise("accounts.find", book=False)
async def hostile_numbers_find_nobody(bench: Bench) -> None:
    """Whatever people type as an account number is data, never part of a command."""
    hostile = [key for key in _hostile(bench) if "acc" not in key.lower()]
    found = await bench.mine.ask("find_accounts", hostile)
    aligned("find_accounts", hostile, found, [None] * len(hostile))


@promise("invoices.read")
async def drafts_are_never_shown(bench: Bench) -> None:
    """A DRAFT is nobody's business yet: neither it nor what belongs to it is found by its key."""
    drafts = [entry.key for entry in bench.mine.twin.book.invoices if entry.status is InvoiceStatus.DRAFT]
    for method in ("invoices_by_key", "invoice_lines", "invoice_allocations", "late_interest"):
        if bench.mine.declares(method):
            found = await bench.mine.ask(method, drafts)
            aligned(f"{method}, a draft", drafts, found, [None] * len(drafts))
