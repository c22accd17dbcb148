"""Communities of owners, and their buildings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Building, Community
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask, ask_accounts, ask_records
from ventanilla.resolvers.boards import own
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Named
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.reach import accounts_at


@batch(scope=Scope.REACH, method="communities")
async def of_accounts(context: Context, accounts: Sequence[Account]) -> list[Answer[Community]]:
    """The community that each account's building belongs to."""
    return await ask_accounts(context, "communities", accounts)


@batch(scope=Scope.REACH, method="community_buildings")
async def buildings(context: Context, communities: Sequence[Community]) -> list[Answer[tuple[Building, ...]]]:
    """The buildings of each community."""
    return await ask_records(context, "community_buildings", communities)


async def found(context: Context, names: Sequence[Named]) -> list[Answer[Community]]:
    """The communities of those names among the ones that the caller is on the board of, or their accounts belong to."""
    boards = await own(context)
    led = [name for name in names if (name.office, name.key) in boards]
    offices = sorted({name.office for name in names if name not in led})
    reached = asyncio.gather(*(_at(context, office) for office in offices))
    answers, governed = await asyncio.gather(reached, _governed(context, led))
    answered = dict(zip(offices, answers, strict=True))
    return [governed[name] if name in led else _picked(answered[name.office], name.key) for name in names]


async def _governed(context: Context, names: Sequence[Named]) -> dict[Named, Answer[Community]]:
    asked = [(name.office, name.key) for name in names]
    return dict(zip(names, await ask(context, "communities_by_key", asked), strict=True))


async def _at(context: Context, office: str) -> list[Answer[Community]]:
    """What `office` answers for each of the caller's accounts there, or why that account could not be asked for."""
    accounts = await accounts_at(context, "communities", office)
    known = [account for account in accounts if isinstance(account, Account)]
    problems = [account for account in accounts if isinstance(account, Problem)]
    return [*await ask_accounts(context, "communities", known), *problems]


def _picked(answers: Sequence[Answer[Community]], key: str) -> Answer[Community]:
    """The community with that key; else why it may have been missed."""
    communities = (answer for answer in answers if isinstance(answer, Community))
    problems = (answer for answer in answers if isinstance(answer, Problem))
    return next((each for each in communities if each.key == key), None) or next(problems, None)
