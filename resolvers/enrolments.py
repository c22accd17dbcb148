"""Enrolments: how an account gets and pays its invoices."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Enrolment
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.context import Context


@batch(scope=Scope.REACH, method="enrolments")
async def of_accounts(context: Context, accounts: Sequence[Account]) -> list[Answer[tuple[Enrolment, ...]]]:
    """What each account is enrolled in."""
    return await ask_accounts(context, "enrolments", accounts)
