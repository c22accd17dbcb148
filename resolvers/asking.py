"""Asking offices: many subjects in, one call for each office, answers in the subjects' order out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ventanilla.backoffice_adapters.contract import PROTOCOLS, Fault, capabilities_of
from ventanilla.backoffice_adapters.records import Account, AccountRef
from ventanilla.resolvers.access import Answer
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, ProblemCode, of_fault
from ventanilla.store.manager import MatchOn

CAPABILITY_OF: Mapping[str, str] = {
    method: capability for protocol in PROTOCOLS.values() for method, capability in capabilities_of(protocol).items()
}
"""Contract method → the capability it serves."""


async def ask(context: Context, method: str, subjects: Sequence[tuple[str, Any]], *arguments: Any) -> list[Answer[Any]]:
    """Ask each subject's office (`subjects` are pairs of office and subject) and answer in order.

    Offices are asked at the same time, each once. A fault of one leaves the others' answers whole.
    """
    places: dict[str, list[int]] = {}
    for place, (office, _) in enumerate(subjects):
        places.setdefault(office, []).append(place)
    answers: list[Answer[Any]] = [None] * len(subjects)

    async def one(office: str, at: list[int]) -> None:
        hits = await _ask_office(context, office, method, [subjects[place][1] for place in at], arguments)
        for place, hit in zip(at, hits, strict=True):
            answers[place] = of_fault(hit) if isinstance(hit, Fault) else hit

    await asyncio.gather(*(one(office, at) for office, at in places.items()))
    return answers


async def ask_accounts(
    context: Context, method: str, accounts: Sequence[Account], *arguments: Any
) -> list[Answer[Any]]:
    """Ask the office that serves `method` for each account: its home office, or where the manager routes it."""
    route = context.manager.routing.get(CAPABILITY_OF[method])
    if route is None:
        return await ask(context, method, [(account.origin.source, account.ref) for account in accounts], *arguments)
    match = context.manager.offices[route].match
    known = [(route, as_known(account.ref, route, match)) for account in accounts]
    return await ask(context, method, known, *arguments)


async def _ask_office(
    context: Context, office: str, method: str, subjects: Sequence[Any], arguments: tuple[Any, ...]
) -> Sequence[Any]:
    if not context.manager.licences_of(office) and office not in context.manager.routing.values():
        return [Problem(ProblemCode.NOT_LICENSED)] * len(subjects)
    guarded = await context.office(office)
    return await guarded.ask(method, context.call, subjects, *arguments)


def as_known(ref: AccountRef, office: str, match: MatchOn) -> AccountRef:
    """The account as an office knows it that is not its home: under what the manager says it matches on."""
    key = {
        MatchOn.KEY: ref.key,
        MatchOn.NUMBER: ref.number,
        MatchOn.UNIT: ref.unit_key,
        MatchOn.DOCUMENT: ref.holder_document,
    }[match]
    return msgspec.structs.replace(ref, office=office, key=key or "")
