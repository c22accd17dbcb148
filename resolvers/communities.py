"""Communities of owners, and their buildings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Building, Community
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts, ask_records
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
    """The communities of those names among the ones that the caller's accounts belong to."""
    offices = sorted({name.office for name in names})
    answers = dict(zip(offices, await asyncio.gather(*(_at(context, office) for office in offices)), strict=True))
    return [_picked(answers[name.office], name.key) for name in names]


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
