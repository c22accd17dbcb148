"""Payment plans and their instalments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from ventanilla.backoffice_adapters.contract import PaymentPlanFilter, PaymentPlanOrder
from ventanilla.backoffice_adapters.records import Instalment, Invoice, PaymentPlan
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.asking import ask_named, ask_records
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted, fields_of, reads

of_accounts = connections.of_accounts("payment_plans", PaymentPlanFilter(), PaymentPlanOrder.AGREED_ON_DESC)
"""A part of each account's payment plans."""


@reads("key", "origin")
@batch(scope=Scope.REACH, method="plan_instalments")
async def instalments(
    context: Context, plans: Sequence[PaymentPlan], *, wanted: Wanted = None
) -> list[Answer[tuple[Instalment, ...]]]:
    """The instalments of each plan."""
    return await ask_records(context, "plan_instalments", plans, wanted=fields_of(wanted))


@batch(scope=Scope.REACH, method="invoices_by_key")
async def invoices(context: Context, plans: Sequence[PaymentPlan]) -> list[list[Answer[Invoice]]]:
    """The invoices that each plan covers."""
    owners = list(chain.from_iterable([plan] * len(plan.invoice_keys) for plan in plans))
    keys = list(chain.from_iterable(plan.invoice_keys for plan in plans))
    found = iter(await ask_named(context, "invoices_by_key", owners, keys))
    return [list(islice(found, len(plan.invoice_keys))) for plan in plans]


@batch(scope=Scope.REACH, method="payment_plans_by_key")
async def of_instalments(context: Context, parts: Sequence[Instalment]) -> list[Answer[PaymentPlan]]:
    """The plan that each instalment is a part of."""
    return await ask_named(context, "payment_plans_by_key", parts, [part.plan_key for part in parts])


@reads("due_on", "status")
def overdue(context: Context, parts: Sequence[Instalment]) -> list[bool]:
    """Whether each should have been paid before the manager's local date."""
    return [part.overdue_on(context.today) for part in parts]
