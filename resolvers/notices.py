"""Notices: what the manager and the communities tell people, as far as each may see it.

Whom a notice is for, its office decides: it is told of the reader by all the accounts that they have there. An office
that keeps no notices adds none; one that fails would leave holes that nobody sees, so then there is no answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from ventanilla.auth.actor import Actor, Link
from ventanilla.backoffice_adapters.contract import NoticeOrder, Support, Window
from ventanilla.backoffice_adapters.records import Account, AccountRef, Notice, Reader, ReaderStanding, Slice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer
from ventanilla.resolvers.accounts import of_links
from ventanilla.resolvers.asking import as_known, ask, support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Named
from ventanilla.resolvers.merging import merged, position, window_at
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.resolvers.reads import Wanted

_CAPABILITY: Final = CAPABILITY_OF["notices"]


async def found(context: Context, names: Sequence[Named]) -> list[Answer[Notice]]:
    """The notices of those names, as far as the caller may see them."""
    try:
        readers = await _readers(context, context.actor)
    except Problem as problem:
        return [problem] * len(names)
    answers: list[Answer[Notice]] = [None] * len(names)

    async def one(office: str, reader: Reader) -> None:
        places = [place for place, name in enumerate(names) if name.office == office]
        hits = await ask(context, "notices_by_key", [(office, names[place].key) for place in places], reader)
        for place, hit in zip(places, hits, strict=True):
            answers[place] = hit

    await asyncio.gather(*(one(office, reader) for office, reader in readers.items()))
    return answers


async def _listed(
    context: Context, method: str, viewers: Sequence[Actor], order: NoticeOrder, view: Window, *, wanted: Wanted = None
) -> list[Answer[Slice[Notice]]]:
    """A part of what each viewer may see at all offices together, whole: it is merged by more than what is `wanted`."""
    return [await _seen(context, method, viewer, order, view) for viewer in viewers]


async def _seen(
    context: Context, method: str, viewer: Actor, order: NoticeOrder, view: Window
) -> Answer[Slice[Notice]]:
    try:
        readers = await _readers(context, viewer)
    except Problem as problem:
        return problem
    asked = [
        ask(context, method, [(office, reader)], order, window_at(office, view)) for office, reader in readers.items()
    ]
    # One office, as most managers have, is asked without a task of its own.
    answers = await asyncio.gather(*asked) if len(asked) > 1 else [await one for one in asked]
    parts: list[Answer[Slice[Notice]]] = [part for (part,) in answers]
    problem = next((part for part in parts if isinstance(part, Problem)), None)
    return problem or merged([part for part in parts if isinstance(part, Slice)], order, view)


async def _readers(context: Context, viewer: Actor) -> Mapping[str, Reader]:
    """The viewer as each office that keeps notices is told of them; a `Problem` where that cannot be found out."""
    able = _able(context)
    if not able:
        raise Problem(ProblemCode.NOT_SUPPORTED)
    links = [link for link in viewer.links if _held(context, link.office)]
    if _CAPABILITY in context.manager.routing:
        (office,) = able
        standings = {office: await _standings_at(context, office, links)}
    else:
        standings = {office: [_at_home(link) for link in links if link.office == office] for office in able}
    return {office: Reader(standings=tuple(known)) for office, known in standings.items() if known}


def _able(context: Context) -> list[str]:
    """The offices that keep notices: the one that they are routed to, else each that a licence is held for."""
    manager = context.manager
    route = manager.routing.get(_CAPABILITY)
    offices = [route] if route is not None else [office for office in manager.offices if _held(context, office)]
    return [office for office in offices if support(context, office, _CAPABILITY) is not Support.NO]


def _held(context: Context, office: str) -> bool:
    return not LICENCES_OF["notices"].isdisjoint(context.manager.licences_of(office))


def _at_home(link: Link) -> ReaderStanding:
    """What a link says is all that the account's home office needs."""
    return ReaderStanding(
        account=AccountRef(office=link.office, key=link.account_key, number=link.number), role=link.role
    )


async def _standings_at(context: Context, office: str, links: Sequence[Link]) -> list[ReaderStanding]:
    """The accounts behind the links as `office` knows them; accounts that are gone are left out."""
    answers = await of_links(context, links)
    problem = next((answer for answer in answers if isinstance(answer, Problem)), None)
    if problem:
        raise problem
    return [
        ReaderStanding(account=as_known(context, account.ref, office), role=link.role)
        for link, account in zip(links, answers, strict=True)
        if isinstance(account, Account)
    ]


of_viewers = connections.lists(
    "notices.of_viewers", connections.Source("notices", _listed, position), NoticeOrder.PUBLISHED_FROM_DESC
)
"""A part of what each viewer may see."""
