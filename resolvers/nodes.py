"""Things by id: only what lies within the caller's reach; anything else is as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence, Set

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
            answers[place] = hit
    elsewhere = await _known_elsewhere(context, answers)
    return [answer if _reached(context, answer, elsewhere) else None for answer in answers]


def _by_kind(context: Context, texts: Sequence[str]) -> dict[Kind, dict[int, Named]]:
    """What the texts name, by kind, each with its place; accounts out of reach are left out before anybody is asked."""
    grouped: dict[Kind, dict[int, Named]] = {}
    for place, text in enumerate(texts):
        name = context.ids.read(text)
        if name and (name.kind is not Kind.ACCOUNT or context.actor.reaches(name.office, name.key)):
            grouped.setdefault(name.kind, {})[place] = name
    return grouped


def _reached(context: Context, found: Answer[Node], elsewhere: Set[tuple[str, str]]) -> bool:
    """Whether it lies within reach: an account does or was never asked for, a document does with its account."""
    if found is None or isinstance(found, Problem | Account):
        return True
    office, key = found.origin.source, found.account_key
    return context.actor.reaches(office, key) or (office, key) in elsewhere


async def _known_elsewhere(context: Context, found: Sequence[Answer[Node]]) -> Set[tuple[str, str]]:
    """Office and key under which offices that are not their home know the caller's accounts; empty unless needed."""
    routed = set(context.manager.routing.values())
    asked = {each.origin.source for each in found if isinstance(each, Invoice | Charge | Payment)} & routed
    accounts = await of_links(context, context.actor.links) if asked else []
    match = {office: context.manager.offices[office].match for office in asked}
    return {
        (office, as_known(account.ref, office, match[office]).key)
        for office in asked
        for account in accounts
        if isinstance(account, Account)
    }
