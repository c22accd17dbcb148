"""Changes: what subscriptions tell of."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ventanilla.backoffice_adapters.contract import OfficeError
from ventanilla.resolvers import nodes
from ventanilla.resolvers.access import Scope, source
from ventanilla.resolvers.asking import as_known, serving_office
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, of_fault


@source(scope=Scope.REACH, method="balances")
async def of_account(context: Context, *, id: str) -> AsyncGenerator[None, None]:
    """An event at once, and one whenever the account's balance has changed since the last; for anything else only one.

    Whether it is still within reach is for whoever answers the event to find out.
    """
    account = await nodes.account(context, id=id)
    if isinstance(account, Problem):
        raise account
    if account is None:
        yield
        return
    office = await context.office(serving_office(context, "balances", account))
    known = as_known(context, account.ref, office.plan.office)
    try:
        async with context.services.watching.watch(office, context.call, known) as changed:
            while True:
                changed.clear()
                yield
                await changed.wait()
    except OfficeError as error:
        raise of_fault(error.fault) from None
