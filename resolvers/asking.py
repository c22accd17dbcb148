"""Asking offices: many subjects in, one call for each office, answers in the subjects' order out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from ventanilla.backoffice_adapters.contract import Call, Fault, Support
from ventanilla.backoffice_adapters.records import Account, AccountRef, Origin, Rows, Sourced
from ventanilla.resolvers.access import Answer
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode, of_fault
from ventanilla.resolvers.reads import Wanted
from ventanilla.store.manager import MatchOn


class Document(Protocol):
    """What an office told of one account."""

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        ...

    @property
    def account_key(self) -> str:
        """The account, as that office knows it."""
        ...


async def ask(
    context: Context,
    method: str,
    subjects: Sequence[tuple[str, Any]],
    *arguments: Any,
    wanted: Wanted = None,
    fresh: bool = False,
) -> list[Answer[Any]]:
    """Ask each subject's office (`subjects` are pairs of office and subject) and answer in order.

    Offices are asked at the same time, each once. A fault of one leaves the others' answers whole. `wanted` are the
    attributes of the records that will be read. `fresh` takes nothing that an office said before: for what moves money.
    """
    call = _call(context, wanted)
    offices = {office for office, _ in subjects}
    if len(offices) == 1:  # the usual case: nothing to ask at the same time, nothing to put back in order
        only = [subject for _, subject in subjects]
        return await _ask_office(context, call, offices.pop(), method, only, arguments, fresh=fresh)
    places: dict[str, list[int]] = {}
    for place, (office, _) in enumerate(subjects):
        places.setdefault(office, []).append(place)
    answers: list[Answer[Any]] = [None] * len(subjects)

    async def one(office: str, at: list[int]) -> None:
        theirs = [subjects[place][1] for place in at]
        found = await _ask_office(context, call, office, method, theirs, arguments, fresh=fresh)
        for place, answer in zip(at, found, strict=True):
            answers[place] = answer

    await asyncio.gather(*(one(office, at) for office, at in places.items()))
    return answers


async def ask_accounts(
    context: Context, method: str, accounts: Sequence[Account], *arguments: Any, wanted: Wanted = None
) -> list[Answer[Any]]:
    """Ask the office that serves `method` for each account: its home office, or where the manager routes it.

    None, without asking, for an account whose home office holds none of the licences that `method` belongs to.
    """
    named = _at_their_offices(context, method, accounts)
    answers = await ask(context, method, [name for name in named if name], *arguments, wanted=wanted)
    if len(answers) == len(named):
        return answers
    found = iter(answers)
    return [next(found) if name else None for name in named]


async def ask_records(
    context: Context, method: str, records: Sequence[Sourced], *arguments: Any, wanted: Wanted = None
) -> list[Answer[Any]]:
    """Ask the office that told each record for what hangs on it, by its key."""
    if isinstance(records, Rows):  # which are of one office
        call = _call(context, wanted)
        return await _ask_office(context, call, records.origin.source, method, records.column("key"), arguments)
    named = [(record.origin.source, record.key) for record in records]
    return await ask(context, method, named, *arguments, wanted=wanted)


async def ask_named(
    context: Context, method: str, documents: Sequence[Document], keys: Sequence[str | None]
) -> list[Answer[Any]]:
    """What each document names by key, found at its own office; None without a key, and for another account's."""
    named = [(document.origin.source, key) for document, key in zip(documents, keys, strict=True) if key is not None]
    answers = iter(await ask(context, method, named))
    found = [next(answers) if key is not None else None for key in keys]
    return [
        answer if answer is None or isinstance(answer, Problem) or answer.account_key == document.account_key else None
        for document, answer in zip(documents, found, strict=True)
    ]


def serving_office(context: Context, method: str, account: Account) -> str:
    """The office that `method` is asked of for `account`: its home office, or where the manager routes it."""
    return context.manager.routing.get(CAPABILITY_OF[method], account.origin.source)


def support(context: Context, office: str, capability: str) -> Support:
    """Whether one of the manager's offices can do a thing, as its manifest says."""
    manifest = context.services.registry.get(context.manager.offices[office].adapter).manifest
    return manifest.capabilities.get(capability, Support.NO)


def as_known(context: Context, ref: AccountRef, office: str) -> AccountRef:
    """The account as `office` knows it: at home as it is, elsewhere under what the manager says it matches on."""
    if ref.office == office:
        return ref
    key = {
        MatchOn.KEY: ref.key,
        MatchOn.NUMBER: ref.number,
        MatchOn.UNIT: ref.unit_key,
        MatchOn.DOCUMENT: ref.holder_document,
    }[context.manager.offices[office].match]
    return msgspec.structs.replace(ref, office=office, key=key or "")


def _at_their_offices(
    context: Context, method: str, accounts: Sequence[Account]
) -> list[tuple[str, AccountRef] | None]:
    """The office that serves `method` for each account and the account as it is known there; None where none does."""
    routed = context.manager.routing.get(CAPABILITY_OF[method])
    if routed is not None:
        return [(routed, as_known(context, account.ref, routed)) for account in accounts]
    homes = [account.origin.source for account in accounts]
    serving = {home for home in set(homes) if _holds_licence(context, home, method)}
    return [(home, account.ref) if home in serving else None for home, account in zip(homes, accounts, strict=True)]


def _holds_licence(context: Context, office: str, method: str) -> bool:
    """Whether `office` serves one of the licences that `method` belongs to."""
    return office in map(context.manager.licences.get, LICENCES_OF[method])


async def _ask_office(  # noqa: PLR0917  the question, in the order in which an office is asked
    context: Context,
    call: Call,
    office: str,
    method: str,
    subjects: Sequence[Any],
    arguments: tuple[Any, ...],
    *,
    fresh: bool = False,
) -> list[Answer[Any]]:
    if not _holds_licence(context, office, method) and office not in context.manager.routing.values():
        # One that holds others keeps no such things, whatever a key may say.
        refused = None if context.manager.licences_of(office) else Problem(ProblemCode.NOT_LICENSED)
        return [refused] * len(subjects)
    guarded = await context.office(office)
    hits = await guarded.ask(method, call, subjects, *arguments, fresh=fresh)
    if Fault not in map(type, hits):
        return hits
    return [of_fault(hit) if isinstance(hit, Fault) else hit for hit in hits]


def _call(context: Context, wanted: Wanted) -> Call:
    return context.call if wanted is None else msgspec.structs.replace(context.call, wanted=wanted)
