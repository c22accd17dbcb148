"""Units: the premises that an account is for, the building around them and who owns them."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Building, OwnershipShare, Record, Unit
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.context import Context


class AccountUnit(Record):
    """A unit and the account that it was told with, by which its building and shares are asked for."""

    unit: Unit
    account: Account


def of_accounts(_context: Context, accounts: Sequence[Account]) -> list[AccountUnit | None]:
    """The premises that each account is for."""
    return [account.unit and AccountUnit(unit=account.unit, account=account) for account in accounts]


@batch(scope=Scope.REACH, method="buildings")
async def buildings(context: Context, units: Sequence[AccountUnit]) -> list[Answer[Building]]:
    """The building that each unit is in."""
    return await ask_accounts(context, "buildings", [unit.account for unit in units])


@batch(scope=Scope.REACH, method="ownership_shares")
async def shares(context: Context, units: Sequence[AccountUnit]) -> list[Answer[tuple[OwnershipShare, ...]]]:
    """The shares that are held through each unit."""
    return await ask_accounts(context, "ownership_shares", [unit.account for unit in units])
