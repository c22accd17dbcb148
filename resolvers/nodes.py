"""Things by id: only what lies within the caller's reach; anything else is as if it did not exist."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from ventanilla.backoffice_adapters.records import (
    Account,
    Accrual,
    Charge,
    Community,
    Instalment,
    Invoice,
    Meter,
    MeterReading,
    Notice,
    Payment,
    PaymentPlan,
    Rows,
    Sourced,
    UtilitySettlement,
)
from ventanilla.resolvers import communities, narrowed, notices, reach
from ventanilla.resolvers.access import Answer, Scope, call
from ventanilla.resolvers.asking import ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind, Named
from ventanilla.resolvers.problems import Problem, invalid_argument
from ventanilla.resolvers.reads import reads

MOST_NODES = 100
KIND_OF: dict[type[Sourced], Kind] = {
    Account: Kind.ACCOUNT,
    Invoice: Kind.INVOICE,
    Charge: Kind.CHARGE,
    Payment: Kind.PAYMENT,
    Accrual: Kind.ACCRUAL,
    PaymentPlan: Kind.PAYMENT_PLAN,
    Instalment: Kind.INSTALMENT,
    Meter: Kind.METER,
    MeterReading: Kind.METER_READING,
    UtilitySettlement: Kind.UTILITY_SETTLEMENT,
    Community: Kind.COMMUNITY,
    Notice: Kind.NOTICE,
}


@reads("key", "origin")
def ids(context: Context, records: Sequence[Sourced]) -> list[str]:
    """The ids of a column of records of one type."""
    if isinstance(records, Rows):  # all of one office, and no record is made for its id
        return context.ids.column(KIND_OF[records.shape.kind], records.origin.source, records.column("key"))
    return context.ids.mixed(KIND_OF[type(records[0])], [(record.origin.source, record.key) for record in records])


@call(scope=Scope.PUBLIC, gated=True)
async def node(context: Context, *, id: str) -> Answer[Sourced]:
    """The thing that `id` names, or None: malformed, missing and somebody else's are alike."""
    return (await _found(context, [id]))[0]


@call(scope=Scope.PUBLIC, gated=True)
async def account(context: Context, *, id: str) -> Answer[Account]:
    """The account that `id` names, or None."""
    found = (await _found(context, [id]))[0]
    return found if isinstance(found, Account | Problem) else None


@call(scope=Scope.PUBLIC, gated=True)
async def nodes(context: Context, *, ids: Sequence[str]) -> list[Answer[Sourced]]:
    """The things that `ids` name, in their order."""
    if len(ids) > MOST_NODES:
        raise invalid_argument(f"`ids` takes at most {MOST_NODES} ids at once; there were {len(ids)}.")
    return await _found(context, ids)


async def _found(context: Context, texts: Sequence[str]) -> list[Answer[Sourced]]:
    answers: list[Answer[Sourced]] = [None] * len(texts)
    if not context.actor.signed_in:
        return answers
    kinds = _by_kind(context, texts)
    found = await asyncio.gather(*(_of_kind(context, kind, list(named.values())) for kind, named in kinds.items()))
    for named, hits in zip(kinds.values(), found, strict=True):
        for place, hit in zip(named, hits, strict=True):
            answers[place] = hit
    return answers


async def _of_kind(context: Context, kind: Kind, names: Sequence[Named]) -> Sequence[Answer[Any]]:
    """Things of one kind; a program needs the scope of their noun, whatever led to them."""
    lacking = narrowed.lacking_scope(context.actor, narrowed.READ_BY[NOUN_OF[kind]])
    return [lacking] * len(names) if lacking else await _FIND[kind](context, names)


def _by_kind(context: Context, texts: Sequence[str]) -> dict[Kind, dict[int, Named]]:
    """What the texts name, by kind, each with its place."""
    grouped: dict[Kind, dict[int, Named]] = {}
    for place, text in enumerate(texts):
        name = context.ids.read(text)
        if name and name.kind in _FIND:  # parties have ids for the staff alone, and are no nodes
            grouped.setdefault(name.kind, {})[place] = name
    return grouped


async def _accounts(context: Context, names: Sequence[Named]) -> list[Answer[Account]]:
    """Those within reach; the others are left out before anybody is asked."""
    reached = [context.actor.reaches(name.office, name.key) for name in names]
    asked = [(name.office, name.key) for name, within in zip(names, reached, strict=True) if within]
    found = iter(await ask(context, "accounts", asked))
    return [next(found) if within else None for within in reached]


async def _documents(method: str, context: Context, names: Sequence[Named]) -> list[Answer[Any]]:
    """Those of accounts within reach: which account it is, only the office knows."""
    found = await ask(context, method, [(name.office, name.key) for name in names])
    return await reach.within(context, method, found)


_FIND: dict[Kind, Callable[[Context, Sequence[Named]], Awaitable[Sequence[Answer[Any]]]]] = {
    Kind.ACCOUNT: _accounts,
    Kind.INVOICE: partial(_documents, "invoices_by_key"),
    Kind.CHARGE: partial(_documents, "charges_by_key"),
    Kind.PAYMENT: partial(_documents, "payments_by_key"),
    Kind.ACCRUAL: partial(_documents, "accruals_by_key"),
    Kind.PAYMENT_PLAN: partial(_documents, "payment_plans_by_key"),
    Kind.INSTALMENT: partial(_documents, "instalments_by_key"),
    Kind.METER: partial(_documents, "meters_by_key"),
    Kind.METER_READING: partial(_documents, "meter_readings_by_key"),
    Kind.UTILITY_SETTLEMENT: partial(_documents, "utility_settlements_by_key"),
    Kind.COMMUNITY: communities.found,
    Kind.NOTICE: notices.found,
}
"""How things of each kind are found within the caller's reach."""
NOUN_OF: dict[Kind, str] = {
    Kind.ACCOUNT: "accounts",
    Kind.INVOICE: "invoices",
    Kind.CHARGE: "charges",
    Kind.PAYMENT: "payments",
    Kind.ACCRUAL: "accruals",
    Kind.PAYMENT_PLAN: "payment_plans",
    Kind.INSTALMENT: "payment_plans",
    Kind.METER: "meters",
    Kind.METER_READING: "meter_readings",
    Kind.UTILITY_SETTLEMENT: "utility_settlements",
    Kind.COMMUNITY: "communities",
    Kind.NOTICE: "notices",
}
"""Which noun's scope lets a program read things of each kind."""
