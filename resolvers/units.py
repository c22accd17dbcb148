"""Units: the premises that an account is for, the building around them and who owns them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from ventanilla.backoffice_adapters.records import Account, AccountRole, Building, OwnershipShare, Record, Unit
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.accounts import opened
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem

_OWN: Final = frozenset({AccountRole.HOLDER, AccountRole.OWNER})
"""As what people stand to an account that is their own."""


class AccountUnit(Record):
    """A unit and the account that it was told with, by which its building and shares are asked for."""

    unit: Unit
    account: Account


class UnitShare(Record):
    """A share in a community, and the owner's name as far as the caller may know it."""

    share: OwnershipShare
    owner: str | None


def of_accounts(context: Context, accounts: Sequence[Account]) -> list[AccountUnit | None]:
    """The premises that each account is for."""
    return [account.unit and AccountUnit(unit=account.unit, account=account) for account in opened(context, accounts)]


@batch(scope=Scope.REACH, method="buildings")
async def buildings(context: Context, units: Sequence[AccountUnit]) -> list[Answer[Building]]:
    """The building that each unit is in."""
    return await ask_accounts(context, "buildings", [unit.account for unit in units])


@batch(scope=Scope.REACH, method="ownership_shares")
async def shares(context: Context, units: Sequence[AccountUnit]) -> list[Answer[list[UnitShare]]]:
    """The shares that are held through each unit."""
    accounts = [unit.account for unit in units]
    found: list[Answer[tuple[OwnershipShare, ...]]] = await ask_accounts(context, "ownership_shares", accounts)
    owned = _owned(context)
    return [
        answer
        if answer is None or isinstance(answer, Problem)
        else [UnitShare(share=share, owner=share.owner if _name(account) in owned else None) for share in answer]
        for account, answer in zip(accounts, found, strict=True)
    ]


def _name(account: Account) -> tuple[str, str]:
    return account.origin.source, account.key


def _owned(context: Context) -> Set[tuple[str, str]]:
    """The accounts that are the caller's own, not only of premises that they live in."""
    return {(link.office, link.account_key) for link in context.actor.links if link.role in _OWN}
