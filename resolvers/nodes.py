"""Things by id: only what lies within the caller's reach; anything else is as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Account, Charge, Invoice, Payment, Sourced
from ventanilla.resolvers.access import Answer, Scope, call
from ventanilla.resolvers.accounts import of_links
from ventanilla.resolvers.asking import as_known, ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind, Named
from ventanilla.resolvers.problems import Problem, invalid_argument

MOST_NODES = 100
Node = Account | Invoice | Charge | Payment
KIND_OF: dict[type[Sourced], Kind] = {
    Account: Kind.ACCOUNT,
    Invoice: Kind.INVOICE,
    Charge: Kind.CHARGE,
    Payment: Kind.PAYMENT,
}
_METHOD = {
    Kind.ACCOUNT: "accounts",
    Kind.INVOICE: "invoices_by_key",
    Kind.CHARGE: "charges_by_key",
    Kind.PAYMENT: "payments_by_key",
}


def ids(context: Context, records: Sequence[Sourced]) -> list[str]:
    """The ids of a column of records of one type."""
    kind = KIND_OF[type(records[0])]
    return context.ids.mixed(kind, [(record.origin.source, record.key) for record in records])


@call(scope=Scope.PUBLIC)
async def node(context: Context, *, id: str) -> Answer[Node]:
    """The thing that `id` names, or None: malformed, missing and somebody else's are alike."""
    return (await _found(context, [id]))[0]


@call(scope=Scope.PUBLIC)
async def account(context: Context, *, id: str) -> Answer[Account]:
    """The account that `id` names, or None."""
    found = (await _found(context, [id]))[0]
    return found if isinstance(found, Account | Problem) else None


@call(scope=Scope.PUBLIC)
async def nodes(context: Context, *, ids: Sequence[str]) -> list[Answer[Node]]:
    """The things that `ids` name, in their order."""
    if len(ids) > MOST_NODES:
        raise invalid_argument(f"`ids` takes at most {MOST_NODES} ids at once; there were {len(ids)}.")
    return await _found(context, ids)


async def _found(context: Context, texts: Sequence[str]) -> list[Answer[Node]]:
    answers: list[Answer[Node]] = [None] * len(texts)
    if not context.actor.signed_in:
        return answers
    for kind, named in _by_kind(context, texts).items():
        hits = await ask(context, _METHOD[kind], [(name.office, name.key) for name in named.values()])
        for place, hit in zip(named, hits, strict=True):
            answers[place] = await _within_reach(context, hit)
    return answers


def _by_kind(context: Context, texts: Sequence[str]) -> dict[Kind, dict[int, Named]]:
    """What the texts name, by kind, each with its place; accounts out of reach are left out before anybody is asked."""
    grouped: dict[Kind, dict[int, Named]] = {}
    for place, text in enumerate(texts):
        name = context.ids.read(text)
        if name and (name.kind is not Kind.ACCOUNT or context.actor.reaches(name.office, name.key)):
            grouped.setdefault(name.kind, {})[place] = name
    return grouped


async def _within_reach(context: Context, found: Answer[Node]) -> Answer[Node]:
    if found is None or isinstance(found, Problem | Account):
        return found
    office, key = found.origin.source, found.account_key
    if context.actor.reaches(office, key) or await _reached_elsewhere(context, office, key):
        return found
    return None


async def _reached_elsewhere(context: Context, office: str, key: str) -> bool:
    """Whether an office that is not the account's home knows one of the caller's accounts by `key`."""
    if office not in context.manager.routing.values():
        return False
    match = context.manager.offices[office].match
    accounts = await of_links(context, context.actor.links)
    return any(as_known(found.ref, office, match).key == key for found in accounts if isinstance(found, Account))
